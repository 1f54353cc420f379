"""Known questions lead to the provisions that answer them, and to nothing that the library does not hold on the day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant.config import Settings
from assistant.errors import RuleError
from assistant.library import Library
from assistant.retrieval.asked import Asked, Known, read_questions
from assistant.retrieval.embedder import make_embedder
from assistant.retrieval.hybrid import HybridRetriever
from tests.retrieval.contracts import NOW, ids

KNOWN = (
    Known("镇里自己搞个评比行不行", (("chuangjian", "第四条第二款", ""),)),
    Known("参评要不要交钱", (("chuangjian", "", "no-fee"),)),
    Known("创示到底管的是啥事", (("chuangjian", "第三条", ""), ("nowhere", "第一条", ""))),
)


@pytest.fixture
def asked(hybrid: HybridRetriever) -> Iterator[HybridRetriever]:
    hybrid._asked = Asked(KNOWN, hybrid._embedder)
    yield hybrid
    hybrid._asked = Asked((), hybrid._embedder)


def test_a_question_in_lay_words_finds_what_a_known_one_like_it_is_answered_by(asked: HybridRetriever) -> None:
    found = asked.search("参评用不用交钱啊", 3, on=NOW)
    assert found[0].provision_id.endswith("no-fee")
    assert found[0].why["asked"] > 0


def test_the_parts_of_a_score_still_add_up(asked: HybridRetriever) -> None:
    for passage in asked.search("镇里搞评比可以吗", 5, on=NOW):
        why = passage.why
        assert passage.score == pytest.approx(
            why["lexical"] + why["dense"] + why["prior"] + why["exact"] + why["asked"], abs=1e-6
        )


def test_an_article_is_not_hidden_by_a_paragraph_that_fewer_know(asked: HybridRetriever) -> None:
    asked._asked = Asked(
        (
            Known("创建要谁批准", (("chuangjian", "第四条", ""),)),
            Known("镇里可以创建吗", (("chuangjian", "第四条第一款", ""),)),
        ),
        asked._embedder,
    )
    assert "chuangjian/2022/第四条" in ids(asked, "创建要谁批准", 5)


def test_what_is_not_held_or_not_in_force_on_the_day_is_not_found(hybrid: HybridRetriever, settings: Settings) -> None:
    known = Asked(KNOWN, make_embedder(settings))
    library = hybrid._library
    assert isinstance(library, Library)
    near = known.near("创示到底管的是啥事", library, NOW)
    assert near
    assert not any("nowhere" in name for name in near)
    assert known.near("创示到底管的是啥事", library, date(2000, 1, 1)) == {}


def test_a_question_like_none_of_them_brings_nothing_up(hybrid: HybridRetriever, settings: Settings) -> None:
    assert Asked((), make_embedder(settings)).near("随便", hybrid._library, NOW) == {}  # type: ignore[arg-type]


def test_a_line_that_cannot_be_read_names_its_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "more.jsonl").write_text('{"question": "问", "cites": []}\n{"question": "缺依据"}\n', encoding="utf-8")
    with pytest.raises(RuleError, match=r"more\.jsonl:2") as caught:
        read_questions(tmp_path)
    assert caught.value.hint


def test_every_shipped_question_leads_to_provisions_that_the_shipped_library_holds() -> None:
    questions = read_questions(Settings().corpus_dir / "questions")
    assert len(questions) > 1000
    works = {path.name for path in (Settings().corpus_dir / "documents").iterdir()}
    assert not {cite[0] for known in questions for cite in known.cites} - works - {"catalog"}
