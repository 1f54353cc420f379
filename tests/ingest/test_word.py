"""Word files: auto-numbers, tracked changes, tables, what is hidden."""

from __future__ import annotations

import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from assistant.config import Settings
from ingest.readers.blocks import Reading
from ingest.readers.docx import read
from ingest.readers.numbering import format_number
from ingest.reading import read_bytes
from tests.ingest.making import Word, level, word


def texts(reading: Reading) -> list[str]:
    return [block.text for block in reading.blocks]


def run(text: str, properties: str = "") -> str:
    return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


def test_articles_go_on_across_chapters_when_their_level_never_restarts() -> None:
    def fill(made: Word) -> None:
        made.definition(50, level(0, "第%1章 "), level(1, "第%2条 ", restart=0), level(2, "（%3）", restart=2))
        made.list(50, 50)
        for text, at in (
            ("总则", 0),
            ("甲", 1),
            ("乙", 1),
            ("其一", 2),
            ("其二", 2),
            ("附则", 0),
            ("丙", 1),
            ("其一", 2),
        ):
            made.numbered(text, 50, at)

    assert texts(read(word(fill), "x")) == [
        "第一章 总则",
        "第一条 甲",
        "第二条 乙",
        "（一）其一",
        "（二）其二",
        "第二章 附则",
        "第三条 丙",
        "（一）其一",
    ]


def test_a_level_starts_anew_below_each_higher_one_unless_told_otherwise() -> None:
    def fill(made: Word) -> None:
        made.definition(50, level(0, "%1、"), level(1, "（%2）"), level(2, "%3.", "decimal"))
        made.list(50, 50)
        for at in (0, 1, 2, 2, 1, 2, 0, 1):
            made.numbered("文", 50, at)

    assert texts(read(word(fill), "x")) == [
        "一、文",
        "（一）文",
        "1.文",
        "2.文",
        "（二）文",
        "1.文",
        "二、文",
        "（一）文",
    ]


def test_lists_of_one_definition_share_their_count_and_an_override_starts_anew() -> None:
    def fill(made: Word) -> None:
        made.definition(50, level(0, "%1.", "decimal", start=3))
        made.list(50, 50)
        made.list(51, 50)
        made.list(52, 50, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride>')
        for number in (50, 51, 52, 52, 50):
            made.numbered("文", number)

    assert texts(read(word(fill), "x")) == ["3.文", "4.文", "7.文", "8.文", "9.文"]


def test_a_number_may_be_inherited_from_a_style() -> None:
    def fill(made: Word) -> None:
        made.definition(50, level(0, "第%1条 ", tied="TiaoWen"))
        made.list(50, 50)
        made.document.styles.element.append(
            parse_xml(
                f'<w:style {nsdecls("w")} w:type="paragraph" w:styleId="TiaoWen"><w:name w:val="条文"/><w:pPr><w:numPr><w:numId w:val="50"/></w:numPr></w:pPr></w:style>'
            )
        )
        made.document.styles.element.append(
            parse_xml(
                f'<w:style {nsdecls("w")} w:type="paragraph" w:styleId="TiaoWen2"><w:name w:val="条文二"/><w:basedOn w:val="TiaoWen"/></w:style>'
            )
        )
        for style in ("TiaoWen", "TiaoWen2"):
            made.xml(f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>{run("甲")}')
        made.xml(f'<w:pPr><w:pStyle w:val="TiaoWen"/><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr>{run("不编号")}')

    assert texts(read(word(fill), "x")) == ["第一条 甲", "第二条 甲", "不编号"]


def test_legal_style_shows_higher_levels_in_arabic_figures() -> None:
    def fill(made: Word) -> None:
        made.definition(50, level(0, "第%1章"), level(1, "%1.%2 ", "decimal", legal=True))
        made.list(50, 50)
        made.numbered("总则", 50, 0)
        made.numbered("文", 50, 1)

    assert texts(read(word(fill), "x"))[1] == "1.1 文"


def test_bullets_are_no_numbers() -> None:
    def fill(made: Word) -> None:
        made.definition(50, level(0, "●", "bullet"))
        made.list(50, 50)
        made.numbered("文", 50)

    assert texts(read(word(fill), "x")) == ["文"]


@pytest.mark.parametrize(
    ("value", "style", "shown"),
    [
        (12, "chineseCounting", "十二"), (105, "chineseCountingThousand", "一百零五"), (21, "japaneseCounting", "二十一"), (21, "ideographDigital", "二一"),
        (10, "ideographDigital", "一〇"), (3, "chineseLegalSimplified", "叁"), (12, "chineseLegalSimplified", "壹拾贰"[1:]), (4, "upperRoman", "IV"),
        (28, "lowerLetter", "bb"), (3, "decimalEnclosedCircle", "③"), (2, "ideographTraditional", "乙"), (7, "decimalZero", "07"), (5, "whoKnows", "5"),
    ],
)  # fmt: skip
def test_number_formats_are_written_as_word_writes_them(value: int, style: str, shown: str) -> None:
    assert format_number(value, style) == shown


def test_tracked_changes_read_as_if_accepted() -> None:
    author = 'w:id="1" w:author="a" w:date="2026-01-01T00:00:00Z"'

    def fill(made: Word) -> None:
        made.xml(
            run("第一条 应当")
            + f"<w:ins {author}>{run('逐级')}</w:ins><w:del {author}><w:r><w:delText>备案</w:delText></w:r></w:del>"
            + run("报批。")
        )
        made.xml(f"<w:pPr><w:rPr><w:del {author}/></w:rPr></w:pPr>" + run("第二条 前半，"))
        made.xml(run("后半。"))
        made.xml(f"<w:moveFrom {author}>{run('移走')}</w:moveFrom><w:moveTo {author}>{run('第三条 移来。')}</w:moveTo>")

    assert texts(read(word(fill), "x")) == ["第一条 应当逐级报批。", "第二条 前半，后半。", "第三条 移来。"]


def test_hidden_text_and_field_codes_are_left_out_and_their_results_kept() -> None:
    def fill(made: Word) -> None:
        made.xml(run("看得见") + run("看不见", "<w:rPr><w:vanish/></w:rPr>"))
        made.xml(
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
            + run("第三页")
            + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        )

    assert texts(read(word(fill), "x")) == ["看得见", "第三页"]


def test_a_table_is_read_with_its_merged_cells_repeated(settings: Settings) -> None:
    def fill(made: Word) -> None:
        made.title("主管单位目录")
        table = made.document.add_table(rows=4, cols=3)
        for row, cells in zip(
            table.rows,
            [("类别", "事项", "主管单位"), ("活动", "论坛", "宣传部"), ("活动", "展会", "商务局"), ("备注", "x", "y")],
            strict=True,
        ):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
        table.cell(1, 0).merge(table.cell(2, 0)).text = "活动"

    draft = read_bytes(word(fill), "目录.docx", settings=settings)
    assert [(p.label, dict(p.columns)) for p in draft.provisions] == [
        ("第1行", {"类别": "活动", "事项": "论坛", "主管单位": "宣传部"}),
        ("第2行", {"类别": "活动", "事项": "展会", "主管单位": "商务局"}),
        ("第3行", {"类别": "备注", "事项": "x", "主管单位": "y"}),
    ]


def test_headings_are_known_by_their_style() -> None:
    def fill(made: Word) -> None:
        made.document.add_heading("某某办法", 0)
        made.document.add_heading("第一章 总则", 1)
        made.document.add_heading("第一节 范围", 2)
        made.text("第一条 甲")

    assert [(block.text, block.level) for block in read(word(fill), "x").blocks] == [
        ("某某办法", 1),
        ("第一章 总则", 1),
        ("第一节 范围", 2),
        ("第一条 甲", 0),
    ]
