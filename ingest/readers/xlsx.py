"""Workbooks (xlsx, and old xls): one table a sheet, read with calamine. Runs in the child."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from ingest.readers.archive import open_archive
from ingest.readers.blocks import Block, Reading, Row, clean
from ingest.readers.worker import Refused

MAX_ROWS = 20_000
MAX_CELLS = 400_000


def read(data: bytes, name: str) -> Reading:
    """Blocks of a workbook: what stands above a table as headings and paragraphs, then the table. Raises Refused."""
    if data.startswith(b"PK"):
        open_archive(data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    except PasswordError as error:
        raise Refused("设有打开密码", "请用 Excel 打开，取消密码保护后另存再试。") from error
    except CalamineError as error:
        raise Refused("内容损坏，读不了", "请用 Excel 或 WPS 打开后另存为新文件再试。") from error
    blocks: list[Block] = []
    notes: list[str] = []
    sheets = [sheet for sheet in book.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible]
    hidden = len(book.sheets_metadata) - len(sheets)
    if hidden:
        notes.append(f"有 {hidden} 个隐藏的工作表没有读取。")
    for sheet in sheets:
        rows = _rows(book, sheet.name)
        if rows:
            blocks += _sheet_blocks(rows, sheet.name, only=len(sheets) == 1)
    return Reading("xlsx", tuple(blocks), notes=tuple(notes))


def _rows(book: CalamineWorkbook, sheet_name: str) -> list[Row]:
    sheet = book.get_sheet_by_name(sheet_name)
    raw = sheet.to_python(skip_empty_area=False)
    if len(raw) > MAX_ROWS or sum(map(len, raw)) > MAX_CELLS:
        raise Refused(f"的工作表“{sheet_name}”过大（{len(raw)} 行）", "删去空行空列，或拆成几份后再试。")
    cells = [[_cell_text(value) for value in row] for row in raw]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        if top >= len(cells) or left >= len(cells[top]):
            continue
        value = cells[top][left]
        for row in range(top, min(bottom + 1, len(cells))):
            for column in range(left, min(right + 1, len(cells[row]))):
                cells[row][column] = value
    while cells and cells[0] and not any(row[-1] for row in cells):  # empty columns on the right
        for line in cells:
            line.pop()
    return [tuple(row) for row in cells if any(row)]


def _cell_text(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return (
            value.date().isoformat()
            if (value.hour, value.minute, value.second) == (0, 0, 0)
            else value.isoformat(" ", "minutes")
        )
    if isinstance(value, (date, time, timedelta)):
        return str(value)
    return "\n".join(line for line in map(clean, str(value).splitlines()) if line)


def _sheet_blocks(rows: list[Row], sheet_name: str, *, only: bool) -> list[Block]:
    """Rows of one merged or single cell above and below the table are its title and notes."""
    place = f"工作表“{sheet_name}”"
    out: list[Block] = []
    if not only:
        out.append(Block(f"附表 {sheet_name}" if not sheet_name.startswith(("附", "表")) else sheet_name, place=place))
    first, last = 0, len(rows)
    across = max(len(row) for row in rows)
    if across > 1:
        while first < last and len({cell for cell in rows[first] if cell}) == 1:
            first += 1
        while last > first and len({cell for cell in rows[last - 1] if cell}) == 1:
            last -= 1
    for at, row in enumerate(rows[:first]):
        lines = next(cell for cell in row if cell).split("\n")
        out += [
            Block(line, level=1 if only and at == 0 and n == 0 else 0, align="center", place=place)
            for n, line in enumerate(lines)
        ]
    if first < last:
        out.append(
            Block(
                rows=tuple(tuple(" ".join(cell.split("\n")) for cell in row) for row in rows[first:last]), place=place
            )
        )
    for row in rows[last:]:
        out += [Block(line, place=place) for line in next(cell for cell in row if cell).split("\n")]
    return out
