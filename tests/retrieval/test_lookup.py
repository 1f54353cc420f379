"""What a question names exactly."""

from __future__ import annotations

import pytest

from assistant.retrieval.lookup import Name, NameTable

TABLE = NameTable([
    Name("cj/2022", "创建示范活动管理办法(试行)", ("创示办法",), "厅字〔2022〕23号"),
    Name("pb/2010", "评比达标表彰活动管理办法(试行)", (), "中办发〔2010〕33号"),
    Name("pb/2018", "评比达标表彰活动管理办法", (), "中办发〔2018〕69号"),
    Name("ld/2008", "中华人民共和国劳动合同法"),
    Name("lds/2008", "劳动合同法实施条例"),
    Name("min/1", "民政部的通知", (), "民发〔2022〕23号"),
    Name("mo/1", "示范文本", (), "×评组〔2025〕3号"),
])  # fmt: skip


def test_the_longest_title_wins() -> None:
    assert TABLE.read("劳动合同法实施条例怎么说").documents == {"lds/2008"}
    assert TABLE.read("中华人民共和国劳动合同法第三条").documents == {"ld/2008"}


def test_a_title_is_known_with_and_without_its_trial_mark() -> None:
    assert TABLE.read("《创建示范活动管理办法》").documents == {"cj/2022"}
    assert TABLE.read("创建示范活动管理办法（试行）").documents == {"cj/2022"}


def test_one_title_names_all_its_versions() -> None:
    assert TABLE.read("评比达标表彰活动管理办法").documents == {"pb/2010", "pb/2018"}


@pytest.mark.parametrize(
    "said", ["厅字〔2022〕23号", "厅字[2022] 23 号", "厅字（2022）第23号", "根据厅字2022年23号", "廳字〔2022〕23號"]
)
def test_a_document_number_is_known_in_any_dress(said: str) -> None:
    assert TABLE.read(said).documents == {"cj/2022"}


def test_a_number_of_another_agency_is_another_document() -> None:
    assert TABLE.read("民发〔2022〕23号").documents == {"min/1"}
    assert TABLE.read("沪府〔2022〕23号").documents == frozenset()
    assert TABLE.read("〔2022〕23号").documents == {"cj/2022", "min/1"}


def test_labels_go_with_the_title_before_them() -> None:
    read = TABLE.read("创示办法第4条第1款和劳动合同法第39条第(二)项")
    assert read.labels == ((frozenset({"cj/2022"}), "第四条第一款"), (frozenset({"ld/2008"}), "第三十九条第（二）项"))


def test_a_title_after_the_label_is_found_too() -> None:
    assert TABLE.read("第四条,创示办法").labels == ((frozenset({"cj/2022"}), "第四条"),)


def test_a_title_with_nothing_else_is_told_from_a_question_about_it() -> None:
    assert TABLE.read("《劳动合同法》的规定").only_names
    assert not TABLE.read("劳动合同法对试用期怎么规定").only_names
    assert not TABLE.read("劳动合同法第三条").only_names


def test_quoted_phrases_are_taken_from_any_quotes_but_not_short_ones() -> None:
    assert TABLE.read("“不得收取费用”和「一律不得挂牌」以及“示范”").phrases == ("不得收取费用", "一律不得挂牌")


def test_nothing_refers_to_nothing() -> None:
    for text in ("", "   ", "今天天气", "2022年23个"):
        assert TABLE.read(text).documents == frozenset(), text
