"""Making real files to read: Word with auto-numbers, small PDFs, workbooks."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Sequence

from docx import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from openpyxl import Workbook

from assistant.domain import Provision
from ingest.readers.markdown import read_markdown
from ingest.structure import split_provisions


def split(text: str, *, title: str = "") -> list[Provision]:
    """Provisions of a Markdown text."""
    return split_provisions("w/1", read_markdown(text).blocks, title=title)


def labels(provisions: Sequence[Provision]) -> list[str]:
    return [provision.shown_label for provision in provisions]


# --- Word ------------------------------------------------------------------------------------------------------------


def level(
    at: int, text: str, style: str = "chineseCountingThousand", *, start: int = 1, restart: int | None = None, legal: bool = False, tied: str = ""
) -> str:  # fmt: skip
    """One w:lvl of numbering.xml."""
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{style}"/>'
        + (f'<w:lvlRestart w:val="{restart}"/>' if restart is not None else "")
        + (f'<w:pStyle w:val="{tied}"/>' if tied else "")
        + ("<w:isLgl/>" if legal else "")
        + f'<w:suff w:val="nothing"/><w:lvlText w:val="{text}"/></w:lvl>'
    )


class Word:
    """A docx under construction: `numbered` paragraphs carry their number in numbering.xml only."""

    def __init__(self) -> None:
        self.document = WordDocument()
        self.numbering = self.document.part.numbering_part.element

    def definition(self, abstract_id: int, *levels: str) -> None:
        element = parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{abstract_id}">{"".join(levels)}</w:abstractNum>'
        )
        first = self.numbering.find(qn("w:num"))
        if first is None:
            self.numbering.append(element)
        else:
            first.addprevious(element)

    def list(self, num_id: int, abstract_id: int, override: str = "") -> None:
        self.numbering.append(
            parse_xml(
                f'<w:num {nsdecls("w")} w:numId="{num_id}"><w:abstractNumId w:val="{abstract_id}"/>{override}</w:num>'
            )
        )

    def numbered(self, text: str, num_id: int, at: int = 0) -> None:
        paragraph = self.document.add_paragraph(text)
        properties = paragraph._p.get_or_add_pPr()
        properties.append(
            parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{at}"/><w:numId w:val="{num_id}"/></w:numPr>')
        )

    def title(self, text: str) -> None:
        self.document.add_paragraph(text).alignment = WD_ALIGN_PARAGRAPH.CENTER

    def text(self, text: str) -> None:
        self.document.add_paragraph(text)

    def xml(self, paragraph: str) -> None:
        """A paragraph written out, put before the section properties."""
        self.document.element.body.sectPr.addprevious(parse_xml(f"<w:p {nsdecls('w')}>{paragraph}</w:p>"))

    def bytes(self) -> bytes:
        out = io.BytesIO()
        self.document.save(out)
        return out.getvalue()


def word(fill: Callable[[Word], None]) -> bytes:
    made = Word()
    fill(made)
    return made.bytes()


# --- PDF -------------------------------------------------------------------------------------------------------------

Set = tuple[float, float, float, str]  # left, bottom, size, text
Rule = tuple[float, float, float, float]  # a line from x, y to x, y

_TO_UNICODE = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
1 beginbfrange <0000> <FFFF> <0000> endbfrange
endcmap end end"""


def pdf(
    pages: Sequence[tuple[Sequence[Set], Sequence[Rule]]], *, extra_trailer: bytes = b"", stream: bytes | None = None
) -> bytes:
    """A PDF whose characters are as wide as they are high; `stream` puts raw bytes in place of the first page's drawing."""
    objects: list[bytes] = [b"", b""]  # 1 catalog, 2 pages
    objects.append(
        b"<</Type/Font/Subtype/Type0/BaseFont/Song/Encoding/Identity-H/DescendantFonts[4 0 R]/ToUnicode 6 0 R>>"
    )
    objects.append(
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/Song/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 1000/FontDescriptor 5 0 R>>"
    )
    objects.append(
        b"<</Type/FontDescriptor/FontName/Song/Flags 4/FontBBox[0 -200 1000 800]/ItalicAngle 0/Ascent 800/Descent -200/CapHeight 800/StemV 80>>"
    )
    objects.append(_stream(_TO_UNICODE))
    kids = []
    for at, (texts, rules) in enumerate(pages):
        drawn = [
            f"BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm <{text.encode('utf-16-be').hex()}> Tj ET"
            for x, y, size, text in texts
        ]
        drawn += [f"{x1} {y1} m {x2} {y2} l S" for x1, y1, x2, y2 in rules]
        content = stream if stream is not None and at == 0 else "\n".join(drawn).encode()
        objects.append(_stream(content))
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {len(objects)} 0 R/Resources<</Font<</F1 3 0 R>>>>>>".encode()
        )
        kids.append(f"{len(objects)} 0 R")
    objects[0] = b"<</Type/Catalog/Pages 2 0 R>>"
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(kids)}]>>".encode()
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    out += (
        f"trailer<</Size {len(objects) + 1}/Root 1 0 R".encode()
        + extra_trailer
        + f">>\nstartxref\n{start}\n%%EOF".encode()
    )
    return bytes(out)


def _stream(content: bytes) -> bytes:
    packed = zlib.compress(content, 9)
    return f"<</Length {len(packed)}/Filter/FlateDecode>>stream\n".encode() + packed + b"\nendstream"


def page_of_text(paragraphs: Sequence[str], *, size: float = 16, top: float = 760, per_line: int = 26) -> list[Set]:
    """Paragraphs set as official documents are: two characters of indent, full lines, the first paragraph a centred title."""
    out: list[Set] = []
    y = top
    for at, paragraph in enumerate(paragraphs):
        if at == 0:
            out.append((297 - len(paragraph) * 11, y, 22, paragraph))
            y -= 40
            continue
        text, first = paragraph, True
        while text:
            room = per_line - 2 if first else per_line
            out.append((89 + (2 * size if first else 0), y, size, text[:room]))
            text, first, y = text[room:], False, y - 28
    return out


# --- workbooks -------------------------------------------------------------------------------------------------------


def workbook(sheets: dict[str, Sequence[Sequence[object]]], merged: dict[str, Sequence[str]] | None = None) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for cells in (merged or {}).get(name, ()):
            sheet.merge_cells(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
