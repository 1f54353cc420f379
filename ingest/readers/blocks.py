"""What every reader hands over: paragraphs, headings and tables in reading order. Pure data, and how lines become paragraphs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from assistant.text.numbers import NUMERAL

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading or table."""

    text: str = ""  # one paragraph, white space collapsed; "" for a table
    level: int = 0  # 1 to 9 for a heading marked as one by its style; 0 otherwise
    rows: tuple[Row, ...] = ()  # a table: cells as text, merged cells repeated
    align: str = ""  # center | right | ""
    place: str = ""  # where it stands, for messages: 第12段, 第3页, 工作表“目录”
    info: bool = False  # stands above the text and only tells about it (dates of adoption and the like)


@dataclass(frozen=True, slots=True)
class Reading:
    """One file, read but not yet understood."""

    kind: str  # markdown | text | docx | pdf | html | xlsx
    blocks: tuple[Block, ...]
    title: str = ""  # what the file's own properties or page title say
    front: Mapping[str, Any] = field(default_factory=dict)  # front matter
    headers: tuple[str, ...] = ()  # page headers and text boxes, where secrecy marks stand
    notes: tuple[str, ...] = ()  # what the reader had to leave out, in Chinese

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Reading:
        blocks = tuple(
            Block(
                text=str(block["text"]),
                level=int(block["level"]),
                rows=tuple(tuple(str(cell) for cell in row) for row in block["rows"]),
                align=str(block["align"]),
                place=str(block["place"]),
                info=bool(block["info"]),
            )
            for block in said["blocks"]
        )
        return cls(
            kind=str(said["kind"]),
            blocks=blocks,
            title=str(said["title"]),
            front=dict(said["front"]),
            headers=tuple(str(text) for text in said["headers"]),
            notes=tuple(str(text) for text in said["notes"]),
        )


_SPACE = re.compile(r"[\s\u3000\u00a0]+")
_INVISIBLE = re.compile(r"[\u200b\u200c\u200d\u2060\ufeff\u00ad\u0000-\u0008\u000e-\u001f]")


def clean(text: str) -> str:
    """One paragraph: invisible characters dropped, white space collapsed to single spaces."""
    return _SPACE.sub(" ", _INVISIBLE.sub("", text)).strip()


_HAN = "[零〇○一二三四五六七八九十百千]"
MARKED = re.compile(
    rf"^(?:第\s*{NUMERAL}+\s*(?:分编|编|章|节|条|部分|篇)|{_HAN}+\s*[、．]|[（(]\s*(?:{_HAN}+|\d{{1,3}})\s*[）)]"
    rf"|\d{{1,3}}\s*[.．、](?!\d)|[①-⑳⑴-⒇⒈-⒛㈠-㈩]|要点\s*(?:{_HAN}+|\d+)|【[^】]{{2,14}}】|附\s*(?:件|录|表)|#{{1,6}}\s|[>|]|[-*]\s)"
)  # the beginnings that always open a new paragraph
ENDS = re.compile(r"[。；：！？…;:!?.]['\"”’）)】》」』]?$")


def width(text: str) -> int:
    """Columns on a screen: Han characters and full-width signs take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def join(before: str, after: str) -> str:
    """Glue two lines of one paragraph: a space only between two Latin words."""
    glue = (
        " " if before[-1:].isascii() and after[:1].isascii() and before[-1:].isalnum() and after[:1].isalnum() else ""
    )
    return before + glue + after


def paragraphs(lines: Sequence[str]) -> list[str]:
    """Lines of plain text → paragraphs.

    A blank line, an indent or a structural beginning opens a paragraph. Another line goes on with the one before only when
    that one was broken by width: about as long as the longest lines, and without an end of sentence.
    """
    widths = sorted(width(line.strip()) for line in lines if line.strip())
    full = widths[int(len(widths) * 0.9)] if widths else 0  # a usual full line; a few may be longer
    wrapped = len(widths) > 3 and full <= 120 and sum(w >= 0.9 * full for w in widths) >= 0.3 * len(widths)
    out: list[str] = []
    fresh = True
    previous = ""
    for line in lines:
        text = clean(line)
        if not text:
            fresh = True
            continue
        indented = line[:1] in ("\u3000", "\t") or line.startswith("  ")
        goes_on = (
            not fresh
            and wrapped
            and not indented
            and not MARKED.match(text)
            and not ENDS.search(previous)
            and width(previous) >= 0.8 * full
        )
        if goes_on:
            out[-1] = join(out[-1], text)
        else:
            out.append(text)
        previous, fresh = text, False
    return out
