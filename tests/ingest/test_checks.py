"""Secrecy marks refused, doubtful numbering and dates reported."""

from __future__ import annotations

import pytest

from assistant.config import Settings
from assistant.errors import ClassifiedFile
from ingest.reading import plain_text, read_bytes
from tests.ingest.making import Word, word, workbook

TEXT = "XX区某某办法\n\n第一条 甲。\n\n第二条 乙。\n\nXX区人民政府\n\n2025年3月7日"


def messages(text: str, settings: Settings, name: str = "文件.txt") -> list[tuple[str, str]]:
    return [
        (problem.severity, problem.message) for problem in read_bytes(text.encode(), name, settings=settings).problems
    ]


@pytest.mark.parametrize(
    "mark",
    [
        "机密★3年",
        "秘密",
        "绝 密",
        "机密 ★ 一年",
        "秘密★启用前",
        "★长期",
        "密级：机密",
        "【秘密】",
        "000123 机密★5年 特急",
        "秘密 5年",
        "机密★",
    ],
)
def test_a_secrecy_mark_on_the_first_page_is_refused(settings: Settings, mark: str) -> None:
    for read in (
        lambda data: read_bytes(data, "文件.txt", settings=settings),
        lambda data: plain_text(data, "文件.txt", settings),
    ):
        with pytest.raises(ClassifiedFile, match="已拒绝读取") as error:
            read(f"{mark}\n\n{TEXT}".encode())
        assert "涉密" in error.value.hint


@pytest.mark.parametrize(
    "sentence",
    [
        "保守国家秘密是每个公民的义务。",
        "涉及商业秘密的，依法保护。",
        "（一）秘密收集材料的；",
        "本办法所称机密级事项，是指重要的国家秘密。",
        "秘密投票，当场公布结果。",
        "五星★★★★★级饭店评定",
    ],
)
def test_the_words_in_a_sentence_are_no_mark(settings: Settings, sentence: str) -> None:
    assert read_bytes(
        f"XX区某某办法\n\n{sentence}\n\n第一条 {sentence}".encode(), "文件.txt", settings=settings
    ).provisions


def test_a_mark_deep_in_the_text_is_no_mark_of_the_file(settings: Settings) -> None:
    text = "XX区某某办法\n\n第一条 密级分为：\n\n绝密\n\n机密\n\n秘密"
    assert read_bytes(text.encode(), "文件.txt", settings=settings).provisions


def test_a_mark_in_a_text_box_or_page_header_of_word_counts(settings: Settings) -> None:
    def in_header(made: Word) -> None:
        made.document.sections[0].header.paragraphs[0].text = "机密★3年"
        made.text("第一条 甲。")

    def in_box(made: Word) -> None:
        made.xml(
            '<w:r><w:pict xmlns:v="urn:schemas-microsoft-com:vml"><v:shape><v:textbox><w:txbxContent><w:p><w:r><w:t>秘密★1年</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>'
        )
        made.text("第一条 甲。")

    for fill in (in_header, in_box):
        with pytest.raises(ClassifiedFile):
            read_bytes(word(fill), "文件.docx", settings=settings)


def test_a_mark_in_a_workbook_counts(settings: Settings) -> None:
    with pytest.raises(ClassifiedFile):
        read_bytes(workbook({"表": [["秘密★1年", None], ["项目", "名额"], ["甲", 1]]}), "表.xlsx", settings=settings)


@pytest.mark.parametrize("mark", ["内部资料 注意保存", "内部文件", "份号：000123", "000045"])
def test_internal_marks_and_copy_numbers_are_warned_about(settings: Settings, mark: str) -> None:
    assert any(
        severity == "warn" and "首页" in message for severity, message in messages(f"{mark}\n\n{TEXT}", settings)
    )


def test_missing_articles_are_named(settings: Settings) -> None:
    found = messages(TEXT.replace("第二条 乙。", "第三条 乙。\n\n第七条 丙。"), settings)
    assert ("warn", "缺第二条、第四条、第五条、第六条（共缺 4 条）。") in found


def test_gaps_of_a_document_known_to_be_incomplete_are_no_problem(settings: Settings) -> None:
    text = "---\ntitle: 某办法\nwork: a\nversion: '1'\ncomplete: false\nlevel: central\nissued_on: 2020\n---\n第一条 甲。\n\n第九条 乙。"
    assert [message for severity, message in messages(text, settings, "a.md") if severity == "warn"] == []


def test_repeated_articles_are_named(settings: Settings) -> None:
    assert ("warn", "编号重复：第一条。") in messages(TEXT.replace("第二条", "第一条"), settings)


def test_a_wrong_total_of_articles_is_reported(settings: Settings) -> None:
    text = (
        "---\ntitle: 某办法\nwork: a\nversion: '1'\nknown_articles: 3\nissued_on: 2020\n---\n第一条 甲。\n\n第二条 乙。"
    )
    assert ("warn", "应有 3 条，读到 2 条。") in messages(text, settings, "a.md")


def test_a_document_without_any_date_is_warned_about(settings: Settings) -> None:
    found = messages("XX区某某办法\n\n第一条 甲。", settings)
    assert any(severity == "warn" and "日期" in message for severity, message in found)


def test_a_sound_document_has_no_warnings(settings: Settings) -> None:
    assert [message for severity, message in messages(TEXT, settings) if severity != "info"] == []
