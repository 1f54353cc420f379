"""One document, many formats: the same provisions come out."""

from __future__ import annotations

import html
import shutil
import subprocess
from pathlib import Path

import pytest

from assistant.config import Settings
from assistant.domain import Level
from ingest.reading import Draft, plain_text, read_bytes
from tests.ingest.making import Word, level, page_of_text, pdf, word

TITLE = "XX省XX市XX区活动管理办法（试行）"
LINES = [
    "（2025年12月15日XX区人民政府常务会议通过　2026年1月1日起施行）",
    "第一章 总则",
    "第一条　为了规范活动，减轻基层负担，根据中央和省、市有关规定，结合本区实际情况，制定本办法。",
    "第二条　区委、区政府可以申报项目，逐级报省委、省政府审批。未经批准，不得开展。",
    "区直部门、群团机关和镇、街道不得自行开展。",
    "第二章 禁止",
    "第三条　开展活动不得有下列行为：",
    "（一）收取或者变相收取费用；",
    "（二）使用“全国”等字样。",
    "违反前款规定的，责令停止。",
    "第四条　本办法自2026年1月1日起施行。2020年印发的《XX区评选活动管理规定》同时废止。",
]
EXPECTED = [
    "第一条", "第二条", "第二条第一款", "第二条第二款", "第三条", "第三条第一款", "第三条第一款第（一）项", "第三条第一款第（二）项", "第三条第二款", "第四条",
]  # fmt: skip


def as_markdown() -> bytes:
    lines = [f"## {line}" if line.startswith("第") and "章" in line[:4] else line for line in LINES]
    return "\n\n".join([f"# {TITLE}", *lines]).encode()


def as_text(encoding: str) -> bytes:
    return "\r\n".join([TITLE, "", *(f"　　{line}" for line in LINES)]).encode(encoding)


def as_html() -> bytes:
    body = "".join(f"<p>&emsp;&emsp;{html.escape(line)}</p>" for line in LINES)
    menu = "<div class='nav'><a href='/'>首页</a><a href='/zc'>政策文件</a></div>"
    page = f"<html><head><meta charset='gbk'><title>{TITLE}_XX区人民政府</title></head><body>{menu}<h1>{TITLE}</h1><div class='TRS_Editor'>{body}</div><div class='footer'>版权所有 XX区</div></body></html>"
    return page.encode("gb18030")


def as_word() -> bytes:
    def fill(made: Word) -> None:
        made.definition(
            90, level(0, "第%1章 ", restart=None), level(1, "第%2条　", restart=0), level(2, "（%3）", restart=2),
        )  # fmt: skip
        made.list(90, 90)
        made.title(TITLE)
        for line in LINES:
            for mark, at in (
                ("第一章 ", 0),
                ("第二章 ", 0),
                ("第一条　", 1),
                ("第二条　", 1),
                ("第三条　", 1),
                ("第四条　", 1),
                ("（一）", 2),
                ("（二）", 2),
            ):
                if line.startswith(mark):
                    made.numbered(line.removeprefix(mark), 90, at)
                    break
            else:
                made.text(line)

    return word(fill)


def as_pdf() -> bytes:
    texts = page_of_text([TITLE, *LINES])
    return pdf([(texts, [])])


FILES = {
    "办法.md": as_markdown, "办法.docx": as_word, "办法.html": as_html, "办法.pdf": as_pdf,
    "办法-utf8.txt": lambda: as_text("utf-8"), "办法-gbk.txt": lambda: as_text("gb18030"), "办法-utf16.txt": lambda: as_text("utf-16"),
}  # fmt: skip


@pytest.fixture(params=list(FILES))
def draft(request: pytest.FixtureRequest, settings: Settings) -> Draft:
    return read_bytes(FILES[request.param](), request.param, settings=settings)


def test_the_same_provisions_come_out_of_every_format(draft: Draft) -> None:
    assert [provision.label for provision in draft.provisions] == EXPECTED
    by_label = {provision.label: provision for provision in draft.provisions}
    assert by_label["第二条第二款"].text == LINES[4]
    assert by_label["第三条"].text == "\n".join(["开展活动不得有下列行为：", *LINES[7:10]])
    assert by_label["第一条"].text == LINES[2].split("　")[1]
    assert by_label["第四条"].path == ("第二章 禁止",)


def test_the_same_is_read_about_it_from_every_format(draft: Draft) -> None:
    document = draft.document
    assert document.title == TITLE
    assert (document.level, document.region) == (Level.DISTRICT, "XX省XX市XX区")
    assert (str(document.issued_on), str(document.effective_on)) == ("2025-12-15", "2026-01-01")
    assert draft.repeals == ("XX区评选活动管理规定",)


def test_all_the_text_is_there_for_a_draft_notice(settings: Settings) -> None:
    for name, make in FILES.items():
        text = plain_text(make(), name, settings).replace(" ", "").replace("　", "")
        for line in [TITLE, *LINES]:
            assert line.replace("　", "").replace(" ", "") in text, name


def test_the_format_is_told_by_content_and_not_by_name(settings: Settings) -> None:
    assert [p.label for p in read_bytes(as_word(), "办法.pdf", settings=settings).provisions] == EXPECTED
    assert [p.label for p in read_bytes(as_html(), "办法.txt", settings=settings).provisions] == EXPECTED
    assert [p.label for p in read_bytes(as_pdf(), "办法", settings=settings).provisions] == EXPECTED


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs libreoffice")
def test_a_pdf_made_by_an_office_program_reads_as_its_word_file(settings: Settings, tmp_path: Path) -> None:
    made = Word()
    made.title(TITLE)
    for line in LINES:
        made.text("　　" + line)
    source = tmp_path / "办法.docx"
    source.write_bytes(made.bytes())
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(source)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    draft = read_bytes((tmp_path / "办法.pdf").read_bytes(), "办法.pdf", settings=settings)
    assert [provision.label for provision in draft.provisions] == EXPECTED
    assert draft.provisions[0].text == LINES[2].split("　")[1]
