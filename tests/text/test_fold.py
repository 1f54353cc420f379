"""Folding for matching, with a way back to the original."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text.fold import fold, folded


@given(st.text(max_size=80))
def test_folding_keeps_one_origin_for_every_character(text: str) -> None:
    result = fold(text)
    assert len(result.text) == len(result.origin)
    assert list(result.origin) == sorted(result.origin)
    assert all(0 <= at < len(text) for at in result.origin)


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=40), st.data())
def test_a_folded_span_of_han_text_is_quoted_from_the_original(text: str, data: st.DataObject) -> None:
    result = fold(text)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert result.said(start, end) == text[start:end]


def test_what_reads_alike_folds_alike() -> None:
    assert folded("（３００人）") == folded("(300人)") == "(300人)"
    assert folded("「示範」活動") == folded("“示范”活动")
    assert folded("ＡＢＣ") == "abc"
    assert folded("报\u200b批") == "报批"


def test_the_original_is_found_again_where_folding_changes_the_length() -> None:
    text = "共①处、20㎡，不得收費"
    result = fold(text)
    assert result.text == "共1处、20m2,不得收费"
    at = result.text.index("不得收费")
    assert result.said(at, at + 4) == "不得收費"
    at = result.text.index("m2")
    assert result.said(at, at + 2) == "㎡"


def test_an_empty_range_stays_empty() -> None:
    result = fold("报批")
    assert result.span(1, 1) == (1, 1)
    assert result.span(2, 2) == (2, 2)


@pytest.mark.parametrize("text", ["", "\u200b\u200b", "\x00"])
def test_text_of_nothing_visible_folds_to_nothing(text: str) -> None:
    assert folded(text) == ""
