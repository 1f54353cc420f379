"""The text people read, and the short reply they pass on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain import Answer, Outcome, PartialDate
from assistant.errors import BadInput
from assistant.render import (
    FORWARDABLE_LIMIT,
    answer_as_turn,
    answer_to_markdown,
    answer_to_text,
    citation_to_text,
    forwardable,
    hits_to_text,
    lettered,
    partial_date,
    review_to_text,
)
from tests.render.cases import (
    ANSWERS,
    ASKING,
    AWARD_LAW,
    CIVIL_SERVANTS,
    CREATION,
    DISTRICT,
    DISTRICT_RULE,
    HITS,
    NO_FEE,
    OFF_TOPIC,
    PROHIBITED,
    REVIEW,
    WHO_MAY,
    cite,
)

Golden = Callable[[str, str], None]


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_as_text_is_what_it_was(name: str, golden: Golden) -> None:
    golden(f"{name}.txt", answer_to_text(ANSWERS[name]))


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_as_markdown_is_what_it_was(name: str, golden: Golden) -> None:
    golden(f"{name}.md", answer_to_markdown(ANSWERS[name], link=lambda c: f"/documents/{c.document_id}"))


@pytest.mark.parametrize("tone", ["up", "across"])
def test_a_forwardable_reply_is_what_it_was(tone: str, golden: Golden) -> None:
    golden(f"prohibited.{tone}.txt", forwardable(PROHIBITED, tone))


def test_a_review_and_search_results_as_text_are_what_they_were(golden: Golden) -> None:
    golden("review.txt", review_to_text(REVIEW))
    golden("hits.txt", hits_to_text(HITS))


def test_only_an_original_stands_in_quotation_marks() -> None:
    assert f"：“{AWARD_LAW.text}”" in citation_to_text(cite(CIVIL_SERVANTS, AWARD_LAW))
    for document, provision in ((CREATION, WHO_MAY), (DISTRICT, DISTRICT_RULE), (CREATION, NO_FEE)):
        assert "“" not in citation_to_text(cite(document, provision))


def test_a_paraphrase_and_a_model_text_say_what_they_are() -> None:
    paraphrase = citation_to_text(cite(CREATION, WHO_MAY))
    assert paraphrase.startswith("据《创建示范活动管理办法（试行）》")
    assert "第四条第一款（转述，引用前请核对原件）：" in paraphrase
    assert "第六条（示范文本，非真实规定）：" in citation_to_text(cite(DISTRICT, DISTRICT_RULE))
    assert "（条号未核，转述，引用前请核对原件）" in citation_to_text(cite(CREATION, NO_FEE))


def test_a_long_quote_is_cut_at_a_sentence_and_says_so() -> None:
    long = replace(AWARD_LAW, text="对公务员给予奖励。" * 40)
    shown = citation_to_text(cite(CIVIL_SERVANTS, long))
    assert shown.endswith("奖励。”（下略）")
    assert len(shown) < 220


def test_the_first_line_answers_and_the_last_names_the_day() -> None:
    lines = answer_to_text(PROHIBITED).splitlines()
    assert lines[0].startswith("不能办，备案也不行。")
    assert lines[-1] == "结论：不得以本单位名义开展 · 截至 2026年11月23日"


def test_at_most_three_conditions_are_shown() -> None:
    assert "真实主办" in answer_to_text(PROHIBITED)
    assert "第四个条件" not in answer_to_text(PROHIBITED)


def test_a_question_asked_back_is_lettered_once() -> None:
    text = answer_to_text(ASKING)
    assert "A. 发\nB. 不发，只培训交流" in text
    assert text.count("活动最后") == 1
    already = replace(ASKING, text="还差一项：" + ASKING.missing[0].question + "A 发 B 不发，只培训交流")
    assert answer_to_text(already).count("活动最后") == 1
    assert "A. 发" not in answer_to_text(already)
    assert "A. 发" not in answer_to_text(ASKING, options=False)
    assert lettered(["A. 是", "否"]) == ["A. 是", "B. 否"]


def test_a_turn_carries_the_question_asked_back_and_no_citations() -> None:
    turn = answer_as_turn(ASKING)
    assert turn.startswith(ASKING.text)
    assert turn.endswith("A. 发\nB. 不发，只培训交流")
    assert "依据" not in turn


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_no_verdict_code_is_ever_shown(answer: Answer) -> None:
    shown = (
        answer_to_text(answer) + answer_to_markdown(answer) + forwardable(answer, "up") + forwardable(answer, "across")
    )
    assert not [outcome for outcome in Outcome if outcome.value in shown]


def test_the_reply_keeps_the_answer_its_basis_and_its_day() -> None:
    for tone in ("报领导", "回部门"):
        reply = forwardable(PROHIBITED, tone)
        assert "不能办，备案也不行。" in reply
        assert "第四条第一款（转述）" in reply
        assert "截至2026年11月23日" in reply
    assert forwardable(PROHIBITED, "up") != forwardable(PROHIBITED, "across")


def test_a_shortened_reply_says_it_is_a_summary() -> None:
    long = replace(PROHIBITED, text=PROHIBITED.text + "如是承接上级项目，请提供批准文号，再核；核清以前不要对外公布。")
    assert "（摘要，详见全文）依据" in forwardable(long, "up")
    assert "摘要" not in forwardable(replace(PROHIBITED, text="不能办，备案也不行。"), "up")


def test_an_unknown_tone_is_refused_with_the_choices() -> None:
    with pytest.raises(BadInput) as caught:
        forwardable(PROHIBITED, "sideways")
    assert "报领导" in caught.value.hint


def test_an_abstention_is_passed_on_in_its_own_words() -> None:
    assert OFF_TOPIC.abstained is not None
    assert OFF_TOPIC.abstained.text in forwardable(OFF_TOPIC, "across")


@given(
    st.text(alphabet="办不批，。；报备示范", max_size=400),
    st.integers(0, 3),
    st.text(alphabet="关于管理的", max_size=120),
)
def test_a_reply_never_passes_its_limit(text: str, citations: int, title: str) -> None:
    cited = tuple(replace(PROHIBITED.citations[0], document="办法" + title) for _ in range(citations))
    for tone in ("up", "across"):
        assert len(forwardable(replace(PROHIBITED, text=text, citations=cited), tone)) <= FORWARDABLE_LIMIT


def test_a_review_without_findings_promises_nothing() -> None:
    assert "不能代替审核" in review_to_text(replace(REVIEW, findings=()))


def test_no_hits_leads_to_a_next_step() -> None:
    assert "换一种说法" in hits_to_text([])


@pytest.mark.parametrize(
    ("known", "shown"), [("2022", "2022年"), ("2022-04", "2022年4月"), ("2022-04-20", "2022年4月20日"), (None, "")]
)
def test_a_date_is_shown_as_far_as_it_is_known(known: str | None, shown: str) -> None:
    assert partial_date(PartialDate.parse(known)) == shown


def test_an_unset_day_is_not_printed() -> None:
    assert "截至" not in answer_to_text(replace(ASKING, as_of=date.min))
