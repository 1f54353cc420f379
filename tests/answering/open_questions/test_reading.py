"""The pure parts: what is wanted, what is named, how provisions are cut."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.answering.open_questions.asking import clause_of_range, quantities, subject_of, wants_of
from assistant.answering.open_questions.naming import DocumentNames, foreign_place
from assistant.answering.open_questions.stretches import shown, stretches_of
from assistant.domain import Document, Level, PartialDate, Provision


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("申报表要交几份、几月底前交", ["copies", "month"]),
        ("要提前几天申请、几天内给答复", ["lead", "within"]),
        ("奖金封顶是多少万", ["prize"]),
        ("会给什么党纪处分", ["discipline"]),
        ("县级项目由谁批准", ["decider"]),
        ("到底啥叫评比达标表彰", ["definition"]),
    ],
)
def test_what_is_wanted_is_read_clause_by_clause(question: str, kinds: list[str]) -> None:
    assert [want.kind for want in wants_of(question)] == kinds


def test_amounts_are_read_in_either_script() -> None:
    assert quantities("估计六千来人，罚款2万元") == {"人": [6000], "元": [20000]}


def test_a_range_holds_its_lower_end_and_not_its_upper() -> None:
    text = "由谁许可看预计人数：1000人以上5000人以下的，由县级公安机关许可；5000人以上的，由市级公安机关许可。"
    assert "县级" in clause_of_range(text, 1000)
    assert "市级" in clause_of_range(text, 5000)
    assert clause_of_range(text, 500) == ""


def test_the_subject_of_a_definition_is_what_stands_in_quotation_marks() -> None:
    assert subject_of('文件里说的"创建示范"到底指啥') == "创建示范"


def names() -> DocumentNames:
    return DocumentNames(
        [
            Document("zhanhui", "2015", "党政机关境内举办展会活动管理办法(试行)", Level.CENTRAL),
            Document("pingbi", "2010", "评比达标表彰活动管理办法(试行)", Level.CENTRAL, effective_on=PartialDate.parse("2010"),
                     repealed_on=PartialDate.parse("2018")),
            Document("pingbi", "2018", "评比达标表彰活动管理办法", Level.CENTRAL, effective_on=PartialDate.parse("2018")),
            Document("shezu", "2022", "社会组织评比达标表彰活动管理办法", Level.CENTRAL),
        ]
    )  # fmt: skip


def test_a_title_with_words_left_out_still_names_its_document() -> None:
    assert names().read("展会管理办法第六条").documents == ("zhanhui/2015",)
    assert names().read("社会组织评比的那个办法").documents == ("shezu/2022",)


def test_a_bare_kind_of_document_names_nothing() -> None:
    assert names().read("相关管理办法怎么规定的").documents == ()


def test_the_version_is_the_one_of_the_year_said_else_of_the_day() -> None:
    known = names()
    said = known.read("评比达标表彰活动管理办法2010年那份")
    assert known.version(said, said.documents, date(2026, 1, 1)).id == "pingbi/2010"  # type: ignore[union-attr]
    plain = known.read("评比达标表彰活动管理办法")
    assert known.version(plain, plain.documents, date(2026, 1, 1)).id == "pingbi/2018"  # type: ignore[union-attr]


def test_a_place_name_is_foreign_only_when_we_hold_nothing_of_it() -> None:
    assert foreign_place("福建那边怎么报", "XX省XX市", ["全国"]) == "福建"
    assert foreign_place("福建那边怎么报", "福建省福州市", ["全国"]) == ""


def test_a_list_item_keeps_its_lead_and_a_note_of_ours_is_not_the_laws() -> None:
    text = "承办者要在举办日的20日前申请，并交：\n（一）身份证明；\n（二）安全方案。\n另有规定的从其规定。（读自：某省报道）"
    cut = stretches_of(Provision("a/1", "第十三条", text, 0))
    whole, first, *_ = cut
    assert whole.items == ("身份证明", "安全方案")
    assert first.full.startswith("承办者要在举办日的20日前申请")
    assert all("读自" not in stretch.text and stretch.text in text for stretch in cut)
    assert cut[-1].note == "（读自：某省报道）"


def test_a_long_stretch_is_cut_at_clauses_and_says_so() -> None:
    text = "；".join(f"第{number}种情形应当逐级报批" for number in range(20))
    words = shown(stretches_of(Provision("a/1", "第一条", text, 0))[0], 60)
    assert len(words) <= 60
    assert words.endswith("……")
