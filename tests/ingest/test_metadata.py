"""What a document says about itself, and what somebody says about it in front matter or a sidecar."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.config import Settings
from assistant.domain import DocumentStatus, Level, Precision, TextStatus
from assistant.errors import IncompleteDocument
from ingest.dates import day_after, read_date, years_later
from ingest.metadata import read_region
from ingest.reading import Draft, read_bytes, read_path

NOTICE = """XX区人民政府办公室文件

X政办发〔2025〕12号

XX区人民政府办公室
关于印发《XX区评选活动管理办法》的通知

各镇人民政府、街道办事处，区政府各部门：

《XX区评选活动管理办法》已经区政府同意，现印发给你们，请认真贯彻执行。

XX区人民政府办公室

2025年3月7日

XX区评选活动管理办法

第一条 为了规范评选活动，制定本办法。

第二条 本办法自2025年4月1日起施行，有效期五年。《XX区评优暂行规定》（X政发〔2010〕3号）同时废止。
"""


def read(text: str, settings: Settings, name: str = "文件.txt", **meta: object) -> Draft:
    return read_bytes(text.encode(), name, meta=meta, settings=settings)


def test_a_notice_that_puts_measures_into_force_is_read_as_the_measures(settings: Settings) -> None:
    draft = read(NOTICE, settings)
    document = draft.document
    assert document.title == "XX区评选活动管理办法"
    assert document.aliases == ("XX区人民政府办公室关于印发《XX区评选活动管理办法》的通知",)
    assert document.document_number == "X政办发〔2025〕12号"
    assert document.issuer == "XX区人民政府办公室"
    assert document.level is Level.DISTRICT
    assert (str(document.issued_on), str(document.effective_on), str(document.repealed_on)) == (
        "2025-03-07",
        "2025-04-01",
        "2030-04-01",
    )
    assert draft.repeals == ("XX区评优暂行规定",)
    assert document.text_status is TextStatus.ORIGINAL
    assert [p.shown_label for p in draft.provisions] == ["序言", "第一条", "第二条"]


@pytest.mark.parametrize(
    ("ending", "effective", "repealed"),
    [
        ("自2025年5月1日起施行。", "2025-05-01", ""),
        ("自二〇二五年五月一日起施行。", "2025-05-01", ""),
        ("自印发之日起施行。", "2025-03-07", ""),
        ("自发布之日起施行，有效期至2027年12月31日。", "2025-03-07", "2028-01-01"),
        ("由区政府办公室负责解释。", "", ""),
        ("许可证有效期三年。", "", ""),
    ],
)
def test_the_end_of_a_text_tells_how_long_it_is_in_force(
    settings: Settings, ending: str, effective: str, repealed: str
) -> None:
    document = read(
        f"XX区某某办法\n\n第一条 甲。\n\n第二条 本办法{ending}\n\nXX区人民政府\n\n2025年3月7日", settings
    ).document
    assert str(document.issued_on) == "2025-03-07"
    assert (str(document.effective_on), str(document.repealed_on)) == (effective, repealed)


@pytest.mark.parametrize(
    ("head", "number", "issued", "effective"),
    [
        ("（2022年4月20日党中央批准　2022年4月20日发布）", "", "2022-04-20", ""),
        ("2022年3月10日 国家市场监督管理总局令第54号公布\n\n2022年5月1日 施行", "国家市场监督管理总局令第54号", "2022-03-10", "2022-05-01"),
        ("（2007年8月29日国务院第190次常务会议通过　2007年9月14日中华人民共和国国务院令第505号公布　自2007年10月1日起施行）", "国务院令第505号", "2007-09-14", "2007-10-01"),
        ("（二〇〇五年四月二十七日第十届全国人民代表大会常务委员会第十五次会议通过）", "", "2005-04-27", ""),
    ],
)  # fmt: skip
def test_the_lines_below_the_title_tell_who_and_when(
    settings: Settings, head: str, number: str, issued: str, effective: str
) -> None:
    document = read(f"某某管理条例\n\n{head}\n\n第一条 甲。", settings).document
    assert document.document_number == number
    assert (str(document.issued_on), str(document.effective_on)) == (issued, effective)
    assert document.level is Level.CENTRAL


def test_the_number_of_another_document_is_not_taken_for_its_own(settings: Settings) -> None:
    document = read(
        "XX区关于学习的通知\n\n根据《创建示范活动管理办法（试行）》（厅字〔2022〕23号），现通知如下：\n\n一、学习。",
        settings,
    ).document
    assert document.document_number == ""


def test_the_date_of_a_file_name_counts_when_the_text_tells_only_the_first_version(settings: Settings) -> None:
    text = "某某条例\n\n2003年4月27日 国务院令第375号公布\n\n第一条 甲。\n\n第二条 本条例自2004年1月1日起施行。"
    draft = read(text, settings, "某某条例(2010-12-20).txt")
    assert str(draft.document.issued_on) == "2010-12-20"
    assert str(draft.document.effective_on) == ""
    assert any("文件名" in problem.message for problem in draft.problems)
    assert draft.document.id == "某某条例/2010-12-20"


def test_without_a_title_the_file_name_or_the_first_words_stand_in_and_it_is_said(settings: Settings) -> None:
    draft = read("甲乙丙丁。\n\n戊己庚辛。", settings, "学习材料.txt")
    assert draft.document.title == "学习材料"
    assert any(problem.place == "标题" and problem.severity == "warn" for problem in draft.problems)
    assert read("某地发布提示 请注意。", settings, "017.txt").document.title == "某地发布提示"


def test_front_matter_goes_before_the_text(settings: Settings) -> None:
    text = """---
work: chuangjian-shifan
version: "2022"
title: 创建示范活动管理办法(试行)
document_number: 厅字[2022]23号
issuer: 中共中央办公厅、国务院办公厅
level: central
region: 全国
issued_on: 2022-04
repealed_on:
status: in_force
supersedes: [old/1]
text_status: paraphrase
complete: false
known_articles: 30
aliases: [创示办法]
note: 第一至四条已核
---
# 创建示范活动管理办法(试行)

第一条　甲。本办法自2030年1月1日起施行。
"""
    document = read(text, settings, "2022.md").document
    assert document.id == "chuangjian-shifan/2022"
    assert document.document_number == "厅字〔2022〕23号"
    assert (str(document.issued_on), document.issued_on.precision) == ("2022-04", Precision.MONTH)
    assert str(document.effective_on) == ""  # described by hand: what is left out is not known
    assert (document.status, document.text_status) == (DocumentStatus.IN_FORCE, TextStatus.PARAPHRASE)
    assert (document.supersedes, document.aliases, document.complete, document.known_articles) == (
        ("old/1",),
        ("创示办法",),
        False,
        30,
    )


def test_a_sidecar_describes_a_file_that_cannot_do_so_itself(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "文件.txt"
    path.write_text(NOTICE, encoding="utf-8")
    (tmp_path / "文件.txt.meta.yaml").write_text("region: 甲省乙市丙区\nlevel: district\n", encoding="utf-8")
    document = read_path(path, settings).document
    assert document.region == "甲省乙市丙区"
    assert str(document.effective_on) == "2025-04-01"  # what it leaves out is still read from the text


@pytest.mark.parametrize(
    ("meta", "says"),
    [({"level": "区级"}, "level"), ({"issued_on": "去年"}, "issued_on"), ({"text_status": "转述"}, "text_status"), ({"complete": "是"}, "complete"), ({"known_articles": "多"}, "known")],
)  # fmt: skip
def test_a_field_that_cannot_be_read_is_named_with_what_it_may_be(
    settings: Settings, meta: dict[str, object], says: str
) -> None:
    with pytest.raises(IncompleteDocument, match=says) as error:
        read(NOTICE, settings, **meta)
    assert error.value.hint


def test_front_matter_that_is_no_yaml_is_refused_with_its_line(settings: Settings) -> None:
    with pytest.raises(IncompleteDocument, match="写法有误"):
        read("---\ntitle: [甲\n---\n第一条 甲。", settings, "x.md")


def test_a_field_nobody_knows_is_reported(settings: Settings) -> None:
    assert any("isued_on" in problem.message for problem in read(NOTICE, settings, isued_on="2025").problems)


@pytest.mark.parametrize(
    ("text", "read_as", "precision"),
    [("2022年4月20日", "2022-04-20", "day"), ("二〇二二年四月二十日", "2022-04-20", "day"), ("二○○四年十月一日", "2004-10-01", "day"), ("２０２２年４月", "2022-04", "month"),
     ("2018年", "2018", "year"), ("2022-04-20", "2022-04-20", "day"), ("于2022/4/2发", "2022-04-02", "day")],
)  # fmt: skip
def test_dates_are_read_however_they_are_written(text: str, read_as: str, precision: str) -> None:
    found = read_date(text)
    assert found is not None
    assert (str(found), found.precision) == (read_as, precision)


@pytest.mark.parametrize("text", ["", "明年", "2022年13月1日", "2022年2月30日", "12月1日", "1850年"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert read_date(text) is None


def test_terms_of_validity_end_on_the_next_day() -> None:
    start = read_date("2024年2月29日")
    assert start is not None
    assert str(day_after(start)) == "2024-03-01"
    assert str(years_later(start, 5)) == "2029-03-01"


@pytest.mark.parametrize(
    ("name", "region"),
    [("中共XX区委办公室", "XX区"), ("XX省XX市XX区人民政府", "XX省XX市XX区"), ("福建省人民政府", "福建省"), ("北京市海淀区人民政府", "北京市海淀区"), ("广西壮族自治区人社厅", "广西壮族自治区"),
     ("国家市场监督管理总局", ""), ("全国评比达标表彰工作协调小组", ""), ("关于加强城市管理的通知", "")],
)  # fmt: skip
def test_the_region_is_read_from_the_name_of_an_office(name: str, region: str) -> None:
    assert read_region(name) == region


def test_a_text_that_opens_with_its_first_article_has_no_title_and_is_refused(settings: Settings) -> None:
    with pytest.raises(IncompleteDocument) as caught:
        read_bytes("第一条 甲。\n\n第二条 乙。".encode(), "notitle.txt", settings=settings)
    assert "标题" in caught.value.message
    assert "title" in caught.value.hint
