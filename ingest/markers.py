"""The beginnings of paragraphs that carry structure: 第三条, 第二章, 一、, （一）, 1., 要点三, 附件2. Pure; `structure` uses it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from assistant.text.numbers import NUMERAL, parse_number

_HAN = "[零〇○一二三四五六七八九十百千]"


class Kind(StrEnum):
    CHAPTER = "chapter"  # 编 分编 部分 章 节: a heading, never cited by itself
    ARTICLE = "article"  # 第三条
    SECTION = "section"  # 一、
    ITEM = "item"  # （一）
    POINT = "point"  # 1.
    PAREN_POINT = "paren_point"  # （1）
    CIRCLE = "circle"  # ①
    GIST = "gist"  # 要点三
    UNKNOWN = "unknown"  # 【条号未核】
    ANNEX = "annex"  # 附件2
    CONTENTS = "contents"  # 目录


# How deep a list marker usually stands; a smaller one closes the deeper ones.
DEPTH = {Kind.SECTION: 1, Kind.ITEM: 2, Kind.POINT: 3, Kind.PAREN_POINT: 4, Kind.CIRCLE: 5}
_CHAPTER_RANK = {"编": 1, "篇": 1, "部分": 1, "分编": 2, "章": 3, "节": 4}


@dataclass(frozen=True, slots=True)
class Marker:
    """What a paragraph begins with, and the rest of it."""

    kind: Kind
    label: str  # as printed, spaces dropped: 第三条, 一、, （一）, 1., 要点三, 附件2
    rest: str
    number: int = 0
    inserted: int = 0  # 第十条之一 → 1
    anchor: str = ""  # {#no-fee}
    rank: int = 0  # of a heading: 编 1 … 节 4
    spaced: bool = True  # whether the label was set off from the rest, or nothing follows


_ANCHOR = re.compile(r"^\s*\{#([A-Za-z0-9_-]+)\}\s*")
_ANY_ANCHOR = re.compile(r"\s*\{#[A-Za-z0-9_-]+\}\s*")
_CHAPTER = re.compile(rf"^第\s*({NUMERAL}+)\s*(分编|编|篇|部分|章|节)(?=[\s:：]|$|[\u4e00-\u9fff])")
_ARTICLE = re.compile(rf"^第\s*({NUMERAL}+)\s*条(?:\s*之\s*({_HAN}+)(?!\w*规定))?")
_SECTION = re.compile(rf"^({_HAN}+)\s*[、．]")
_ITEM = re.compile(rf"^[（(]\s*({_HAN}+)\s*[）)]\s*[、.]?")
_POINT = re.compile(r"^(\d{1,3})\s*[.．、](?!\d)")
_PAREN_POINT = re.compile(r"^(?:[（(]\s*(\d{1,3})\s*[）)]|(\d{1,2})\s*[）)])")
_GIST = re.compile(rf"^(要点\s*({_HAN}+|\d+))(?=[\s:：{{]|$)")
_UNKNOWN = re.compile(r"^【([^】]*(?:条号|未核|待核)[^】]*)】")
_ANNEX = re.compile(rf"^(附\s*(?:件|录|表|图)?)\s*({_HAN}{{1,3}}|\d{{1,2}})?\s*(?=[:：\s]|$)[:：]?\s*(.*)$")
_CONTENTS = re.compile(r"^目\s*录$|^目\s*次$")
_PLAIN_HEADING = re.compile(r"^(?:总\s*则|分\s*则|附\s*则|序\s*言|前\s*言|引\s*言)$")
_ENCLOSED = {chr(0x3220 + n): ("item", n + 1) for n in range(10)}
_ENCLOSED |= {chr(0x2474 + n): ("paren_point", n + 1) for n in range(20)}
_ENCLOSED |= {chr(0x2488 + n): ("point", n + 1) for n in range(20)}
_ENCLOSED |= {chr(0x2460 + n): ("circle", n + 1) for n in range(20)}

_REFERS = re.compile(r"^(?:第|规定|所|的|至|和|与|或|及|中|之|以及|、\s*第|，\s*第|款|项|修改|改为|删去)")
_SENTENCE_END = re.compile(r"[。；，、？！;,]$")


def read_marker(text: str) -> Marker | None:
    """The structural beginning of one paragraph, or None for plain text. The text has its white space collapsed."""
    if not text:
        return None
    first = _ENCLOSED.get(text[0])
    if first:
        return _with_anchor(Kind(first[0]), text[0], text[1:], first[1])
    if found := _ARTICLE.match(text):
        label = f"第{found[1]}条" + (f"之{found[2]}" if found[2] else "")
        rest = text[found.end() :]
        inserted = parse_number(found[2]) if found[2] else 0
        spaced = not rest or rest[0].isspace() or rest[0] in "【《（(:：{「“"
        return _with_anchor(
            Kind.ARTICLE, label, rest.lstrip(":： "), _number(found[1]), inserted=inserted, spaced=spaced
        )
    if found := _CHAPTER.match(text):
        rest = text[found.end() :].strip(" :：")
        if len(rest) <= 40 and not _SENTENCE_END.search(rest) and not _REFERS.match(rest):
            return Marker(
                Kind.CHAPTER, f"第{found[1]}{found[2]}", rest, _number(found[1]), rank=_CHAPTER_RANK[found[2]]
            )
        return None
    if _PLAIN_HEADING.match(text):
        return Marker(Kind.CHAPTER, text.replace(" ", ""), "", rank=3)
    if found := _UNKNOWN.match(text):
        return _with_anchor(Kind.UNKNOWN, found[1], text[found.end() :], 0)
    if found := _GIST.match(text):
        return _with_anchor(Kind.GIST, found[1].replace(" ", ""), text[found.end() :].lstrip(":： "), _number(found[2]))
    if found := _SECTION.match(text):
        return _with_anchor(Kind.SECTION, f"{found[1]}、", text[found.end() :], _number(found[1]))
    if found := _ITEM.match(text):
        return _with_anchor(Kind.ITEM, f"（{found[1]}）", text[found.end() :], _number(found[1]))
    if found := _POINT.match(text):
        return _with_anchor(Kind.POINT, f"{found[1]}.", text[found.end() :], int(found[1]))
    if found := _PAREN_POINT.match(text):
        digits = found[1] or found[2]
        return _with_anchor(Kind.PAREN_POINT, f"（{digits}）", text[found.end() :], int(digits))
    if _CONTENTS.match(text):
        return Marker(Kind.CONTENTS, "目录", "")
    if (found := _ANNEX.match(text)) and _opens_annex(found):
        number = found[2] or ""
        return Marker(
            Kind.ANNEX, found[1].replace(" ", "") + number, found[3].strip(), _number(number) if number else 0
        )
    return None


def _opens_annex(found: re.Match[str]) -> bool:
    """附件2 or 附：目录 opens an annex; 附件：1. 申报表 only lists what is attached, and 附加刑 is a word."""
    name, number, rest = found[1].replace(" ", ""), found[2], found[3].strip()
    if name == "附" and number:
        return False
    if not rest:
        return True
    if re.match(r"\d{1,2}\s*[.．、]|《", rest):
        return False
    return len(rest) <= 60 and not _SENTENCE_END.search(rest) and not re.search(r"[。；]", rest)


def _number(text: str) -> int:
    try:
        return parse_number(text)
    except ValueError:
        return 0


def _with_anchor(kind: Kind, label: str, rest: str, number: int, *, inserted: int = 0, spaced: bool = True) -> Marker:
    anchor = _ANCHOR.match(rest)
    if anchor:
        rest, spaced = rest[anchor.end() :], True
    return Marker(kind, label, rest.strip(), number, inserted, anchor[1] if anchor else "", spaced=spaced)


def drop_anchors(text: str) -> str:
    """Text as readers see it: without {#names}."""
    return _ANY_ANCHOR.sub(" ", text).strip() if "{#" in text else text


def refers(rest: str) -> bool:
    """Whether 第三条 followed directly by these words is a reference (第三条规定的…) and not the beginning of an article."""
    return bool(_REFERS.match(rest))


def is_title_like(text: str, limit: int = 40) -> bool:
    """Short and without the end of a sentence: a heading rather than a paragraph."""
    return 0 < len(text) <= limit and not re.search(r"[。；：，！？;:]$", text) and "。" not in text
