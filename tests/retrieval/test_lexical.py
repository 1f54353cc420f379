"""Words: cleaning a question, expanding it, weighing it, finding with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.retrieval.lexical import EXPANSION_WEIGHT, LexicalIndex, Lexicon, build_lexical, clean
from assistant.retrieval.units import Unit

TEXTS = {1: "授牌应当报批", 2: "收取费用的,责令退还", 3: "乡镇不得开展创建示范活动", 4: "退还费用后收取凭证"}
Open = Callable[[list[str]], LexicalIndex]


def made(key: int, text: str, context: str = "某办法") -> Unit:
    return Unit(key, f"d/1/第{key}条", "d/1" if key < 4 else "e/1", "", context, text)


@pytest.fixture
def index(tmp_path: Path) -> Open:
    build_lexical(tmp_path / "lexical", [made(key, text) for key, text in TEXTS.items()])
    return lambda lexicon: LexicalIndex(tmp_path / "lexical", Lexicon(lexicon))


def found(index: LexicalIndex, query: str, **more: object) -> list[int]:
    return [hit.key for hit in index.search(index.read(query), 10, **more)]  # type: ignore[arg-type]


def test_asking_words_are_dropped_unless_nothing_else_is_said() -> None:
    assert "怎么" not in clean("挂牌怎么处理呢?")
    assert clean("怎么办") == "怎么办"


def test_words_that_only_look_like_asking_stay() -> None:
    assert "什么" not in clean("什么是授牌")
    assert "谁主管谁负责" in clean("谁主管谁负责")


def test_a_lay_word_adds_official_words_at_a_lower_weight(index: Open) -> None:
    read = index(["发牌子 => 授牌", "不相干 => 收取费用"]).read("能发牌子吗")
    assert read.expansions == {"发牌子": ("授牌",)}
    assert read.words["授牌"] == EXPANSION_WEIGHT
    assert "费用" not in read.words


def test_the_longest_lay_word_wins_and_single_characters_never_expand() -> None:
    lexicon = Lexicon(["挂牌,牌 => 授牌", "挂牌经营 => 营业执照", "# 注释", "坏的一行", "空的 =>"])
    assert lexicon.expand("挂牌经营和牌") == {"挂牌经营": ("营业执照",)}
    assert len(lexicon) == 2


def test_one_lay_word_on_two_lines_gets_both_meanings() -> None:
    assert Lexicon(["评优 => 评选", "评优 => 表彰 评选"]).expand("评优") == {"评优": ("评选", "表彰")}


def test_said_words_weigh_more_than_added_ones(index: Open) -> None:
    opened = index(["发牌子 => 授牌"])
    said = opened.search(opened.read("授牌"), 5)[0].score
    added = opened.search(opened.read("发牌子"), 5)[0].score
    assert 0 < added < said


def test_documents_keep_the_search_inside(index: Open) -> None:
    assert set(found(index([]), "收取费用")) == {2, 4}
    assert found(index([]), "收取费用", documents=["e/1"]) == [4]
    assert found(index([]), "收取费用", documents=[]) == []


def test_a_phrase_is_found_whole_and_in_order(index: Open) -> None:
    assert [hit.key for hit in index([]).phrase("收取费用", 5)] == [2]
    assert [hit.key for hit in index([]).phrase("责令，退还", 5)] == [2]
    assert index([]).phrase("费用收取", 5) == []
    assert index([]).phrase("abc", 5) == []


def test_query_syntax_is_never_parsed(index: Open) -> None:
    for nasty in ('words:"授牌"', "授牌~2^9 OR *", "(((", "\\", "授牌 AND NOT 报批", "[a TO b]"):
        assert set(found(index([]), nasty)) <= {1}, nasty


def test_the_title_and_headings_are_searched_too(tmp_path: Path) -> None:
    build_lexical(
        tmp_path / "titled", [made(1, "应当报批", "节庆活动管理办法 第二章 审批"), made(2, "应当报批", "展会办法")]
    )
    assert found(LexicalIndex(tmp_path / "titled", Lexicon([])), "节庆")[0] == 1


def test_a_missing_lexicon_folder_is_an_empty_lexicon(tmp_path: Path) -> None:
    assert len(Lexicon.read(tmp_path / "none")) == 0
