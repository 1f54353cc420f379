"""PDF, web pages, workbooks and plain text: what is special about each."""

from __future__ import annotations

import pytest

from assistant.config import Settings
from assistant.errors import UnreadableFile
from ingest.readers import html, pdf, xlsx
from ingest.readers.text import decode, read_text
from ingest.reading import read_bytes
from tests.ingest import making

SENTENCE = "评比达标表彰活动实行中央和省两级审批，审批权限不得下放，也不得变相下放。"


# --- pdf


def test_lines_of_a_pdf_become_the_paragraphs_they_were_set_as() -> None:
    first, second = SENTENCE * 2, "第二段只有一行。"
    blocks = pdf.read(making.pdf([(making.page_of_text(["某某办法", first, second, first]), [])]), "x").blocks
    assert [block.text for block in blocks] == ["某某办法", first, second, first]
    assert blocks[0].align == "center"


def test_a_paragraph_goes_on_over_the_page_and_page_numbers_are_dropped() -> None:
    lines = [chr(0x7532 + at) * (24 if at == 0 else 26) for at in range(12)]
    pages = []
    for number in range(1, 5):
        texts = [(89.0, 800.0, 10.0, "XX区人民政府公报"), (280.0, 40.0, 10.0, f"— {number} —")]
        for at, line in enumerate(lines[3 * number - 3 : 3 * number]):
            texts.append((121.0 if line is lines[0] else 89.0, 760.0 - 28 * at, 16.0, line))
        pages.append((texts, []))
    (block,) = pdf.read(making.pdf(pages), "x").blocks
    assert block.text == "".join(lines)


def test_a_line_that_begins_with_a_reference_stays_in_its_paragraph() -> None:
    texts = [
        (121.0, 700.0, 16.0, "违反本办法规定的单位，由区协调小组办公室依照本办法"),
        (89.0, 672.0, 16.0, "第十条的规定处理。"),
    ]
    texts += [(121.0, 644.0 - 28 * n, 16.0, f"另起一段{n}。") for n in range(3)]
    assert pdf.read(making.pdf([(texts, [])]), "x").blocks[0].text.endswith("依照本办法第十条的规定处理。")


def test_a_ruled_table_of_a_pdf_is_read_cell_by_cell(settings: Settings) -> None:
    across, down = [90, 150, 350, 500], [700, 670, 620, 590]
    rules = [(across[0], y, across[-1], y) for y in down] + [(x, down[0], x, down[-1]) for x in across]
    texts = [
        (200.0, 760.0, 22.0, "自查清单"),
        (95.0, 680.0, 12.0, "序号"),
        (155.0, 680.0, 12.0, "检查内容"),
        (355.0, 680.0, 12.0, "依据"),
    ]
    texts += [
        (95.0, 640.0, 12.0, "1"),
        (155.0, 650.0, 12.0, "有法律法规、中央文件的明"),
        (155.0, 632.0, 12.0, "确依据"),
        (355.0, 640.0, 12.0, "第十条"),
    ]
    texts += [(95.0, 600.0, 12.0, "2"), (155.0, 600.0, 12.0, "主办单位合规"), (355.0, 600.0, 12.0, "第五条")]
    draft = read_bytes(making.pdf([(texts, rules)]), "清单.pdf", settings=settings)
    assert [(p.label, p.text) for p in draft.provisions] == [
        ("第1行", "序号：1；检查内容：有法律法规、中央文件的明确依据；依据：第十条"),
        ("第2行", "序号：2；检查内容：主办单位合规；依据：第五条"),
    ]


def test_a_pdf_without_text_is_said_to_be_a_scan(settings: Settings) -> None:
    with pytest.raises(UnreadableFile, match="扫描件") as error:
        read_bytes(making.pdf([([], []), ([], [])]), "扫描.pdf", settings=settings)
    assert "文字识别" in error.value.hint


# --- web pages


def test_only_the_content_of_a_page_is_read() -> None:
    page = """<!doctype html><html><head><title>关于规范活动的通知_XX区人民政府</title><script>var 坏 = 1</script></head><body>
    <nav><a>首页</a></nav><div class="crumb">当前位置：首页 > 通知</div><h1>关于规范活动的通知</h1>
    <div class="share-box">分享到：微信</div><div id="zoom"><p>一、<b>不得</b>收费。</p><p style="display:none">埋的字</p>二、应当<br>报批。<rt>zhù</rt>
    <ol start="3"><li>甲</li><li>乙</li></ol></div><div class="related"><ul><li><a>相关阅读一</a></li></ul></div><footer>主办：区政府办</footer></body></html>"""
    reading = html.read(page.encode(), "x")
    assert [block.text for block in reading.blocks] == [
        "关于规范活动的通知",
        "一、不得收费。",
        "二、应当",
        "报批。",
        "3.甲",
        "4.乙",
    ]
    assert reading.title == "关于规范活动的通知"


def test_content_without_any_known_mark_is_found_by_its_text() -> None:
    menu = "".join(f"<li><a>栏目{n}</a></li>" for n in range(40))
    page = f"<html><body><div><ul>{menu}</ul></div><div><div>{''.join(f'<p>第{n}段。{SENTENCE}</p>' for n in range(5))}</div></div><div><p>电话：123</p></div></body></html>"
    blocks = html.read(page.encode(), "x").blocks
    assert [block.text[:3] for block in blocks] == [f"第{n}段" for n in range(5)]


def test_a_table_of_a_page_is_a_table_with_its_spans_filled() -> None:
    page = "<html><body><p>表</p><table><tr><th>类别</th><th>事项</th></tr><tr><td rowspan=2>活动</td><td>论坛</td></tr><tr><td>展会</td></tr></table></body></html>"
    assert html.read(page.encode(), "x").blocks[1].rows == (("类别", "事项"), ("活动", "论坛"), ("活动", "展会"))


# --- workbooks


def test_a_sheet_becomes_its_title_and_its_rows(settings: Settings) -> None:
    rows = [
        ["保留项目目录", None, None],
        ["编号", "项目名称", "名额"],
        ["X-01", "劳动模范", 50],
        [None, None, None],
        ["X-02", "先进集体", 3.5],
        ["注：以上级目录为准。", None, None],
    ]
    draft = read_bytes(making.workbook({"目录": rows}, {"目录": ["A1:C1", "A6:C6"]}), "目录.xlsx", settings=settings)
    assert draft.document.title == "保留项目目录"
    assert [(p.shown_label, p.text) for p in draft.provisions] == [
        ("第1行", "编号：X-01；项目名称：劳动模范；名额：50"),
        ("第2行", "编号：X-02；项目名称：先进集体；名额：3.5"),
        ("第1段", "注：以上级目录为准。"),
    ]


def test_every_sheet_is_an_annex_of_its_own(settings: Settings) -> None:
    sheets = {"目录": [["项目", "周期"], ["甲", "5年"]], "计划": [["项目", "月份"], ["乙", "3月"]]}
    draft = read_bytes(making.workbook(sheets), "两张表.xlsx", settings=settings)
    assert len({provision.id for provision in draft.provisions}) == 2
    assert [(p.path, p.text) for p in draft.provisions] == [
        (("附表〔1〕 目录",), "项目：甲；周期：5年"),
        (("附表〔2〕 计划",), "项目：乙；月份：3月"),
    ]


def test_merged_cells_are_filled_and_dates_written_out() -> None:
    from datetime import datetime

    rows = [["类别", "项目", "时间"], ["创建", "甲", datetime(2026, 3, 1)], [None, "乙", True]]
    (block,) = xlsx.read(making.workbook({"表": rows}, {"表": ["A2:A3"]}), "x").blocks
    assert block.rows == (("类别", "项目", "时间"), ("创建", "甲", "2026-03-01"), ("创建", "乙", "是"))


# --- plain text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
def test_chinese_text_is_read_in_its_encoding(encoding: str) -> None:
    text = f"第一条　{SENTENCE}\n第二条　不得收取费用。"
    assert decode(text.encode(encoding)) == text


def test_traditional_text_in_big5_is_read() -> None:
    text = "第一條　為規範評比達標表彰活動，減輕基層負擔，根據中央有關規定，制定本辦法。\n第二條　未經批准，不得開展。"
    assert decode(text.encode("big5")) == text


def test_lines_broken_by_width_are_put_together_and_others_are_not() -> None:
    wrapped = (
        "　　第一条　" + "甲" * 34 + "\n" + "乙" * 40 + "\n" + "丙" * 40 + "。\n　　第二条　" + "丁" * 34 + "\n戊。"
    )
    assert [block.text for block in read_text(wrapped).blocks] == [
        "第一条 " + "甲" * 34 + "乙" * 40 + "丙" * 40 + "。",
        "第二条 " + "丁" * 34 + "戊。",
    ]
    assert [block.text for block in read_text("标题\n第一条 甲。\n乙\n丙。").blocks] == [
        "标题",
        "第一条 甲。",
        "乙",
        "丙。",
    ]
