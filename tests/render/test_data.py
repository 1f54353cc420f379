"""The JSON that leaves the house."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from assistant.domain import Outcome, Severity
from assistant.errors import BadDate
from assistant.render import (
    OUTCOME_LABELS,
    SEVERITY_LABELS,
    answer_to_dict,
    document_to_dict,
    error_to_dict,
    hit_to_dict,
    review_to_dict,
)
from tests.render.cases import (
    ANSWERS,
    ASKING,
    CREATION,
    HITS,
    NO_FEE,
    OFF_TOPIC,
    PROHIBITED,
    REVIEW,
    WHO_MAY,
)

Golden = Callable[[str, str], None]
CONTRACT = [
    "id", "answer_id", "verdict", "verdict_label", "answer", "reasons", "citations", "missing", "conditions", "advice",
    "route", "activities", "facts", "abstained", "as_of", "fingerprint",
]  # fmt: skip


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_as_json_is_what_it_was(name: str, golden: Golden) -> None:
    golden(f"{name}.json", json.dumps(answer_to_dict(ANSWERS[name], id="q1"), ensure_ascii=False, indent=2))


def test_a_review_as_json_is_what_it_was(golden: Golden) -> None:
    golden("review.json", json.dumps(review_to_dict(REVIEW), ensure_ascii=False, indent=2))


@pytest.mark.parametrize("name", ANSWERS)
def test_the_keys_of_the_contract_come_first_and_in_order(name: str) -> None:
    assert list(answer_to_dict(ANSWERS[name]))[: len(CONTRACT)] == CONTRACT


def test_a_presumed_fact_has_no_place_in_the_question() -> None:
    facts = answer_to_dict(PROHIBITED)["facts"]
    assert facts["organizer_kind"] == {
        "value": "township", "said": "我们镇", "start": 0, "end": 3, "turn": 0, "source": "said",
    }  # fmt: skip
    assert facts["approved"] == {
        "value": "no", "said": "", "start": None, "end": None, "turn": None, "source": "presumed",
    }  # fmt: skip


def test_an_abstention_has_no_verdict_and_its_text_is_the_answer() -> None:
    row = answer_to_dict(OFF_TOPIC)
    assert (row["verdict"], row["verdict_label"]) == (None, None)
    assert row["abstained"] == {"why": "off_topic", "text": OFF_TOPIC.abstained.text}
    assert row["answer"] == OFF_TOPIC.abstained.text


def test_a_provision_without_a_known_number_shows_its_locator() -> None:
    citation = answer_to_dict(PROHIBITED)["citations"][2]
    assert (citation["provision"], citation["locator"], citation["provision_id"]) == ("", "条号未核", NO_FEE.id)


def test_the_question_asked_back_carries_its_options() -> None:
    (missing,) = answer_to_dict(ASKING)["missing"]
    assert missing["fact"] == "recognition"
    assert missing["options"] == ["发", "不发，只培训交流"]


def test_a_brief_hit_has_the_three_keys_of_the_batch_contract() -> None:
    assert hit_to_dict(HITS[0], brief=True) == {
        "document": CREATION.title, "provision": "第四条第一款", "score": 0.91,
    }  # fmt: skip


def test_a_hit_explains_itself_only_when_asked() -> None:
    assert "why" not in hit_to_dict(HITS[0])
    assert hit_to_dict(HITS[0], explain=True)["why"] == {"lexical": 0.5, "dense": 0.41}
    assert hit_to_dict(HITS[0])["text"] == WHO_MAY.text


def test_a_document_tells_its_dates_only_as_far_as_they_are_known() -> None:
    row = document_to_dict(CREATION, articles=4)
    assert (row["effective_on"], row["repealed_on"], row["articles"]) == ("2022-04-20", None, 4)
    assert "转述" in row["banner"]


def test_every_code_people_may_meet_has_chinese_words() -> None:
    assert set(OUTCOME_LABELS) == set(Outcome)
    assert set(SEVERITY_LABELS) == set(Severity)
    assert not any(
        character.isascii() and character.isalpha() for label in OUTCOME_LABELS.values() for character in label
    )


def test_an_error_says_what_is_wrong_and_the_next_step() -> None:
    assert error_to_dict(BadDate("日期“2026-13-01”不成立。", hint="请写成 2026-11-23。")) == {
        "error": {"code": "bad_date", "message": "日期“2026-13-01”不成立。", "hint": "请写成 2026-11-23。"}
    }
