"""PDF files with text in them, read with pdfium. Runs in the child.

Lines are put together into paragraphs by their position: an indent or a short last line ends a paragraph. Page numbers and running
headers are dropped. Tables drawn with lines are read cell by cell. Pages are never rendered.
"""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import pypdfium2 as pdfium
from pypdfium2 import raw

from ingest.dates import read_date
from ingest.readers.blocks import ENDS, MARKED, Block, Reading, clean, join
from ingest.readers.worker import Refused

MAX_PAGES = 2_000
MAX_CHARS_A_PAGE = 200_000
MAX_STREAM = 60 * 1024 * 1024
_PAGE_NUMBER = re.compile(
    r"^[-—–_·\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/／]\s*(?:共\s*)?\d{1,4}(?:\s*页)?|\s*[,，]?\s*共\s*\d{1,4}\s*页)?[-—–_·\s]*$"
)


@dataclass(slots=True)
class _Line:
    text: str
    left: float
    right: float
    bottom: float
    top: float
    page: int

    @property
    def height(self) -> float:
        return self.top - self.bottom


@dataclass(slots=True)
class _Table:
    rows: list[tuple[str, ...]]
    top: float
    page: int


def read(data: bytes, name: str) -> Reading:
    """Blocks of a pdf. Raises Refused for encrypted, damaged and scanned files."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        code = raw.FPDF_GetLastError()
        if "password" in str(error).lower() or code == raw.FPDF_ERR_PASSWORD:
            raise Refused("设有打开密码", "请取消密码后另存再试。") from error
        raise Refused("内容损坏，读不了", "文件可能没有下载完整，请重新取得。") from error
    if len(document) > MAX_PAGES:
        raise Refused(f"有 {len(document)} 页，超过 {MAX_PAGES} 页", "请拆成几份后再试。")
    pages: list[list[_Line | _Table]] = []
    sizes: list[tuple[float, float]] = []
    for number in range(len(document)):
        page = document[number]
        sizes.append(page.get_size())
        pages.append(_read_page(page, number + 1))
        page.close()
    lines = [piece for page in pages for piece in page if isinstance(piece, _Line)]
    tables = any(isinstance(piece, _Table) for page in pages for piece in page)
    if sum(len(line.text) for line in lines) < 10 * len(pages) and not tables:
        raise Refused("里没有可以读取的文字，可能是扫描件", "请先做文字识别（OCR），或向来文单位要可复制文字的版本。")
    running = _running_lines(pages, sizes)
    kept = [[piece for piece in page if id(piece) not in running] for page in pages]
    headers = tuple(
        dict.fromkeys(
            piece.text
            for page in pages[:1]
            for piece in page
            if isinstance(piece, _Line) and id(piece) in running and not _PAGE_NUMBER.match(piece.text)
        )
    )
    title = clean(str(document.get_metadata_dict().get("Title") or ""))
    document.close()
    return Reading(
        "pdf",
        tuple(_blocks(kept)),
        title="" if re.search(r"(?i)microsoft|\.docx?$|untitled", title) else title,
        headers=headers,
    )


# --- one page --------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Piece:
    """A run of characters set without a gap."""

    text: str
    left: float
    right: float
    bottom: float
    top: float


def _read_page(page: pdfium.PdfPage, number: int) -> list[_Line | _Table]:
    text_page = page.get_textpage()
    if text_page.count_chars() > MAX_CHARS_A_PAGE:
        raise Refused(f"第 {number} 页的文字多得反常", "请另存为新文件后再试。")
    pieces = _pieces(text_page)
    text_page.close()
    out: list[_Line | _Table] = []
    for grid in _grids(page, pieces):
        inside = [p for p in pieces if grid.holds(p)]
        rows = grid.read(inside)
        if len(rows) >= 2 and len(rows[0]) >= 2:
            out.append(_Table(rows, grid.rows[0], number))
            pieces = [p for p in pieces if not grid.holds(p)]
    out += _lines(pieces, number)
    out.sort(key=lambda piece: -piece.top)
    return out


def _pieces(text_page: pdfium.PdfTextPage) -> list[_Piece]:
    """Characters with their boxes, put together while they stand side by side."""
    out: list[_Piece] = []
    count = text_page.count_chars()
    everything = text_page.get_text_range(0, count) if count else ""
    broken = True
    simple = len(everything) == count  # one code unit a character: index = position
    for index in range(count):
        char = everything[index] if simple else chr(raw.FPDFText_GetUnicode(text_page, index) or 0xFFFD)
        if char in "\r\n":  # pdfium found the end of a line here
            broken = True
        if ord(char) < 32 or ord(char) == 0xFFFE:
            continue
        if raw.FPDFText_IsGenerated(text_page, index) == 1 and char == " ":
            continue
        left, bottom, right, top = _loose_box(text_page, index)
        last = out[-1] if out else None
        size = max(top - bottom, 1.0)
        if last is not None and not broken:
            size = max(size, last.top - last.bottom)
            same_line = last.bottom - 0.1 * size <= (top + bottom) / 2 <= last.top + 0.1 * size
        else:
            same_line = False
        if last is not None and same_line and -0.5 * size <= left - last.right < 0.6 * size:
            last.text += char
            last.right, last.bottom, last.top = max(last.right, right), min(last.bottom, bottom), max(last.top, top)
        else:
            out.append(_Piece(char, left, right, bottom, top))
        broken = False
    return [piece for piece in out if piece.text.strip()]


def _loose_box(text_page: pdfium.PdfTextPage, index: int) -> tuple[float, float, float, float]:
    box = raw.FS_RECTF()
    if raw.FPDFText_GetLooseCharBox(text_page, index, ctypes.byref(box)):
        return box.left, box.bottom, box.right, box.top
    left, bottom, right, top = text_page.get_charbox(index)
    return left, bottom, right, top


def _lines(pieces: Sequence[_Piece], number: int) -> list[_Line]:
    """Pieces at the same height make a line; wide gaps become spaces."""
    rows: list[list[_Piece]] = []
    for piece in sorted(pieces, key=lambda p: -(p.top + p.bottom)):
        middle = (piece.top + piece.bottom) / 2
        for row in reversed(rows[-3:]):
            tallest = max(row, key=lambda p: p.top - p.bottom)
            inside = tallest.bottom <= middle <= tallest.top
            if inside or piece.bottom <= (tallest.top + tallest.bottom) / 2 <= piece.top:
                row.append(piece)
                break
        else:
            rows.append([piece])
    out = []
    for row in rows:
        row.sort(key=lambda p: p.left)
        text = clean("　".join(p.text for p in row))
        if text:
            out.append(
                _Line(
                    text,
                    row[0].left,
                    max(p.right for p in row),
                    min(p.bottom for p in row),
                    max(p.top for p in row),
                    number,
                )
            )
    return out


# --- tables drawn with lines -----------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Grid:
    rows: list[float]  # heights of horizontal rules, from the top
    columns: list[float]  # places of vertical rules, from the left

    def holds(self, piece: _Piece) -> bool:
        x, y = (piece.left + piece.right) / 2, (piece.top + piece.bottom) / 2
        return self.columns[0] <= x <= self.columns[-1] and self.rows[-1] <= y <= self.rows[0]

    def read(self, pieces: Sequence[_Piece]) -> list[tuple[str, ...]]:
        cells: dict[tuple[int, int], list[_Piece]] = {}
        for piece in pieces:
            x, y = (piece.left + piece.right) / 2, (piece.top + piece.bottom) / 2
            row = next((at for at in range(len(self.rows) - 1) if self.rows[at] >= y >= self.rows[at + 1]), None)
            column = next(
                (at for at in range(len(self.columns) - 1) if self.columns[at] <= x <= self.columns[at + 1]), None
            )
            if row is not None and column is not None:
                cells.setdefault((row, column), []).append(piece)
        out = []
        for row in range(len(self.rows) - 1):
            texts = []
            for column in range(len(self.columns) - 1):
                text = ""
                for line in _lines(cells.get((row, column), []), 0):
                    text = join(text, line.text)
                texts.append(text)
            if any(texts):
                out.append(tuple(texts))
        return out


def _grids(page: pdfium.PdfPage, pieces: Sequence[_Piece]) -> list[_Grid]:
    """Ruled tables of a page: horizontal and vertical rules that cross each other."""
    horizontal: list[tuple[float, float, float]] = []  # (y, left, right)
    vertical: list[tuple[float, float, float]] = []  # (x, bottom, top)
    for count, item in enumerate(page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=3)):
        if count > 20_000:
            return []
        left, bottom, right, top = item.get_bounds()
        width, height = right - left, top - bottom
        if height <= 2.5 and width >= 8:
            horizontal.append(((top + bottom) / 2, left, right))
        elif width <= 2.5 and height >= 5:
            vertical.append(((left + right) / 2, bottom, top))
        elif width > 8 and height > 5 and width < 2000 and height < 2000:  # a drawn box is four rules
            horizontal += [(top, left, right), (bottom, left, right)]
            vertical += [(left, bottom, top), (right, bottom, top)]
    if len(horizontal) < 3 or len(vertical) < 3:
        return []
    groups = _connected(horizontal, vertical)
    grids = []
    for rules, posts in groups:
        rows = _merge(sorted((y for y, _, _ in rules), reverse=True))
        columns = _merge(sorted(x for x, _, _ in posts))
        if len(rows) >= 3 and len(columns) >= 3:
            grids.append(_Grid(rows, columns))
    return grids


def _merge(places: Sequence[float]) -> list[float]:
    out: list[float] = []
    for place in places:
        if not out or abs(out[-1] - place) > 3:
            out.append(place)
    return out


_Rule = tuple[float, float, float]


def _connected(horizontal: Sequence[_Rule], vertical: Sequence[_Rule]) -> list[tuple[list[_Rule], list[_Rule]]]:
    """Group rules by the height they span: a table is a stretch of the page without a gap between its vertical rules."""
    spans = sorted(((bottom, top) for _, bottom, top in vertical), reverse=True, key=lambda span: span[1])
    stretches: list[list[float]] = []
    for bottom, top in spans:
        if stretches and top >= stretches[-1][0] - 3:
            stretches[-1][0] = min(stretches[-1][0], bottom)
        else:
            stretches.append([bottom, top])
    out = []
    for low, high in stretches:
        rules = [rule for rule in horizontal if low - 3 <= rule[0] <= high + 3]
        posts = [post for post in vertical if post[1] >= low - 3 and post[2] <= high + 3]
        out.append((rules, posts))
    return out


# --- the whole -------------------------------------------------------------------------------------------------------


def _running_lines(pages: Sequence[Sequence[_Line | _Table]], sizes: Sequence[tuple[float, float]]) -> set[int]:
    """ids of page numbers and of lines that come back at the top or bottom of most pages."""
    edges: list[tuple[_Line, str]] = []
    for page, (_, height) in zip(pages, sizes, strict=True):
        lines = [piece for piece in page if isinstance(piece, _Line)]
        for line in [*lines[:2], *lines[-2:]]:
            if line.bottom > height * 0.88 or line.top < height * 0.12:
                edges.append((line, re.sub(r"\d+", "#", line.text)))
    often = Counter(
        {key: len({line.page for line, other in edges if other == key}) for key in {key for _, key in edges}}
    )
    needed = max(2, round(len(pages) * 0.5)) if len(pages) > 1 else 2
    return {id(line) for line, key in edges if _PAGE_NUMBER.match(line.text) or often[key] >= needed}


def _blocks(pages: Sequence[Sequence[_Line | _Table]]) -> list[Block]:
    lines = [piece for page in pages for piece in page if isinstance(piece, _Line)]
    size = median(line.height for line in lines) if lines else 10.0
    left = _usual([line.left for line in lines], size)
    right = max((line.right for line in lines), default=0.0) if len(lines) < 4 else _far([line.right for line in lines])
    center = (left + right) / 2
    indented = sum(1.5 * size < line.left - left < 2.8 * size for line in lines) > 0.1 * len(lines)
    out: list[Block] = []
    before: _Line | None = None
    for page in pages:
        for piece in page:
            if isinstance(piece, _Table):
                if out and out[-1].rows and before is None and len(out[-1].rows[0]) == len(piece.rows[0]):
                    out[-1] = Block(
                        rows=(*out[-1].rows, *piece.rows), place=out[-1].place
                    )  # goes on from the page before
                else:
                    out.append(Block(rows=tuple(piece.rows), place=f"第{piece.page}页"))
                before = None
                continue
            line = piece
            even = abs((line.left + line.right) / 2 - center) < size  # as far from the left as from the right
            centered = even and (line.left > left + 2.5 * size or line.height > 1.15 * size)
            goes_on = False
            marked = MARKED.match(line.text) is not None
            if before is not None and 0.7 < line.height / max(before.height, 0.1) < 1.4:
                full = before.right > right - 2.2 * size
                ended = ENDS.search(before.text) is not None
                near = line.page == before.page and 0 <= before.bottom - line.top < 1.5 * line.height
                large = (
                    min(line.height, before.height) > 1.15 * size
                    and abs(line.height - before.height) < 0.1 * line.height
                )
                symmetric = abs((before.left + before.right) / 2 - center) < 0.6 * size
                flush = line.left < left + 1.2 * size and 0.75 < line.height / before.height < 1.25
                if indented:  # paragraphs begin with an indent here, so a line without one goes on
                    wide = before.right > right - 4 * size
                    follows = (
                        flush and not out[-1].align and (wide or not ended) and not (marked and (ended or not wide))
                    )
                else:
                    follows = flush and full and not marked and not (ended and before.right < right - 1.2 * size)
                dated = read_date(line.text[:12]) is not None
                title = (large or (centered and symmetric and full and not dated)) and near and not ended and not marked
                goes_on = follows or title
            if goes_on:
                out[-1] = Block(join(out[-1].text, line.text), align=out[-1].align, place=out[-1].place)
            else:
                out.append(Block(line.text, align="center" if centered else "", place=f"第{line.page}页"))
            before = line
    return [Block(clean(b.text), b.level, b.rows, b.align, b.place) for b in out]


def _usual(places: Sequence[float], size: float) -> float:
    """The left margin: the leftmost place at which a good share of the lines begins."""
    if not places:
        return 0.0
    counts = Counter(round(place / max(size / 2, 1)) for place in places)
    enough = max(1, round(len(places) * 0.08))
    return min(key for key, count in counts.items() if count >= enough) * max(size / 2, 1)


def _far(places: Sequence[float]) -> float:
    ordered = sorted(places)
    return ordered[int(len(ordered) * 0.95)]
