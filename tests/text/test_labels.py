"""Labels of provisions and numbers of documents: reading, unifying, comparing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text.labels import (
    article_label,
    article_number,
    bare_title,
    item_label,
    label_number,
    paragraph_label,
    unify_document_number,
    unify_label,
)

articles = st.integers(min_value=1, max_value=1_500)
steps = st.integers(min_value=1, max_value=60)


@given(articles, st.integers(min_value=0, max_value=20))
def test_an_article_label_gives_its_number_back(number: int, inserted: int) -> None:
    assert article_number(article_label(number, inserted)) == (number, inserted)


@given(articles, steps, steps)
def test_a_full_label_gives_its_steps_back(article: int, paragraph: int, item: int) -> None:
    label = article_label(article) + paragraph_label(paragraph) + item_label(item)
    assert label_number(label) == (article, paragraph, item)
    assert unify_label(label) == label


@given(articles, steps, steps)
def test_arabic_and_chinese_spellings_unify(article: int, paragraph: int, item: int) -> None:
    printed = article_label(article) + paragraph_label(paragraph) + item_label(item)
    assert unify_label(f"第{article}条第{paragraph}款({item})项") == printed
    assert unify_label(f"第 {article} 条 第 {paragraph} 款 第（{item}）项") == printed


@given(st.text(max_size=30))
def test_unifying_twice_changes_nothing_more(text: str) -> None:
    assert unify_label(unify_label(text)) == unify_label(text)


def test_an_item_without_a_paragraph_keeps_the_gap() -> None:
    assert label_number("第四条第（二）项") == (4, 0, 2)
    assert unify_label("第4条(二)项") == "第四条第（二）项"


def test_a_label_without_an_article_is_left_alone() -> None:
    assert unify_label(" 要点三 ") == "要点三"
    assert label_number("附表1 第12行") == ()


@pytest.mark.parametrize(
    "written",
    [
        "中办发〔2018〕69号",
        "中办发[2018]69号",
        "中办发【2018】69号",
        "中办发（2018）69 号",
        "中办发﹝2018﹞第69号",
        "依据中办发〔2018〕69号",
    ],
)
def test_brackets_of_a_document_number_are_unified(written: str) -> None:
    assert unify_document_number(written).endswith("中办发〔2018〕69号")


def test_a_title_is_compared_without_its_dress() -> None:
    assert bare_title("《中华人民共和国慈善法》") == bare_title("慈善法") == "慈善法"
    assert bare_title("创建示范活动管理办法（试行）") == bare_title("创建示范活动管理办法 (试行)")
    assert bare_title("中华人民共和国") == "中华人民共和国"
