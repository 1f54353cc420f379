"""Auto-numbers of Word: numbering.xml → the label in front of each paragraph (第一条, （一）, 1.1).

Follows ECMA-376 part 1, 17.9: numFmt, lvlText, start, startOverride, lvlRestart (0: never), isLgl, suff, numStyleLink; lists
that share an abstract definition share their counters.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from assistant.text.numbers import chinese_number

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEVELS = 9


@dataclass(slots=True)
class _Level:
    start: int = 1
    format: str = "decimal"
    text: str = ""
    restart: int | None = (
        None  # None: whenever a level above counts; 0: never; n: when level n (from 1) or one above it does
    )
    legal: bool = False
    suffix: str = "tab"
    style: str = ""


@dataclass(slots=True)
class _Abstract:
    levels: dict[int, _Level] = field(default_factory=dict)
    style_link: str = ""  # its levels are those of the list this style points at


@dataclass(slots=True)
class _Num:
    abstract: str
    overrides: dict[int, int] = field(default_factory=dict)
    levels: dict[int, _Level] = field(default_factory=dict)


@dataclass(slots=True)
class Numbering:
    """Counters of all lists of one document; ask `next` for each numbered paragraph in order."""

    abstracts: dict[str, _Abstract] = field(default_factory=dict)
    nums: dict[str, _Num] = field(default_factory=dict)
    _counters: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def next(self, num_id: str, level: int) -> str:
        """Count one paragraph at a level (0 to 8) and return its label with a space after it; '' for bullets."""
        num = self.nums.get(num_id)
        if num is None or not 0 <= level < _LEVELS:
            return ""
        own = self._level(num, level)
        if own is None:
            return ""
        counters = self._counters.setdefault(num.abstract, {})
        if level in num.overrides and (num_id, level) not in self._begun:
            counters[level] = num.overrides[level]
            for deeper in [at for at in counters if at > level]:
                del counters[deeper]
        else:
            counters[level] = counters[level] + 1 if level in counters else own.start
        self._begun.add((num_id, level))
        for deeper in [at for at in counters if at > level]:
            below = self._level(num, deeper)
            restart = below.restart if below is not None else None
            if restart is None or (restart > 0 and level < restart):
                del counters[deeper]
        return self._label(num, own, counters)

    def level_of_style(self, num_id: str, style_id: str) -> int | None:
        """The level of a list that is tied to a paragraph style; None when none is."""
        num = self.nums.get(num_id)
        if num is None:
            return None
        return next((at for at in range(_LEVELS) if (own := self._level(num, at)) and own.style == style_id), None)

    def _level(self, num: _Num, level: int) -> _Level | None:
        if level in num.levels:
            return num.levels[level]
        abstract = self.abstracts.get(num.abstract)
        return abstract.levels.get(level) if abstract else None

    def _label(self, num: _Num, own: _Level, counters: dict[int, int]) -> str:
        if own.format in ("bullet", "none") and "%" not in own.text:
            return "" if own.format == "bullet" or not own.text else own.text + " "

        def shown(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            level = self._level(num, at)
            if level is None:
                return ""
            return format_number(counters.get(at, level.start), "decimal" if own.legal else level.format)

        label = re.sub(r"%([1-9])", shown, own.text)
        if own.suffix == "nothing" and re.search(r"[、）)．.：:]$", label):
            return label
        return label + " " if label else ""


def read_numbering(root: etree._Element | None, num_of_style: Callable[[str], str | None]) -> Numbering:
    """Read numbering.xml; `num_of_style` tells which list a numbering style points at."""
    numbering = Numbering()
    if root is None:
        return numbering
    for element in root.findall(f"{W}abstractNum"):
        abstract = _Abstract(style_link=_value(element, "numStyleLink") or "")
        for level in element.findall(f"{W}lvl"):
            at = _number(level.get(f"{W}ilvl"))
            if at is not None:
                abstract.levels[at] = _read_level(level)
        numbering.abstracts[element.get(f"{W}abstractNumId") or ""] = abstract
    for element in root.findall(f"{W}num"):
        num = _Num(_value(element, "abstractNumId") or "")
        for override in element.findall(f"{W}lvlOverride"):
            at = _number(override.get(f"{W}ilvl"))
            if at is None:
                continue
            start = _number(_value(override, "startOverride"))
            if start is not None:
                num.overrides[at] = start
            level_element = override.find(f"{W}lvl")
            if level_element is not None:
                num.levels[at] = _read_level(level_element)
        numbering.nums[element.get(f"{W}numId") or ""] = num
    for num in numbering.nums.values():  # a definition that only points at a numbering style
        linked = numbering.abstracts.get(num.abstract)
        if linked is not None and linked.style_link and not linked.levels:
            target = numbering.nums.get(num_of_style(linked.style_link) or "")
            if target is not None and target is not num:
                num.abstract = target.abstract
    return numbering


def _read_level(element: etree._Element) -> _Level:
    start = _number(_value(element, "start"))
    legal = element.find(f"{W}isLgl")
    return _Level(
        start=0 if start is None else start,
        format=_value(element, "numFmt") or "decimal",
        text=_value(element, "lvlText") or "",
        restart=_number(_value(element, "lvlRestart")),
        legal=legal is not None and legal.get(f"{W}val") not in ("0", "false"),
        suffix=_value(element, "suff") or "tab",
        style=_value(element, "pStyle") or "",
    )


def _value(element: etree._Element, name: str) -> str | None:
    found = element.find(f"{W}{name}")
    return found.get(f"{W}val") if found is not None else None


def _number(text: str | None) -> int | None:
    try:
        return int(text) if text is not None else None
    except ValueError:
        return None


_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)
_LEGAL = str.maketrans("零一二三四五六七八九十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟")
_DIGITS = "〇一二三四五六七八九"
_COUNTING = frozenset(
    [
        "chineseCounting",
        "chineseCountingThousand",
        "japaneseCounting",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
        "koreanCounting",
        "ideographEnclosedCircle",
    ]
)


def format_number(value: int, style: str) -> str:
    """One number in a Word number format; unknown formats give Arabic figures."""
    if style in _COUNTING:
        return chinese_number(value) if 0 < value < 10_000 else _DIGITS[0] if value == 0 else str(value)
    if style in ("chineseLegalSimplified", "ideographLegalTraditional"):
        return chinese_number(value).translate(_LEGAL) if 0 < value < 10_000 else str(value)
    if style in ("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital", "koreanDigital"):
        if style == "japaneseDigitalTenThousand" and 0 < value < 10_000:
            return chinese_number(value)
        return "".join(_DIGITS[int(digit)] for digit in str(value))
    if style == "decimalZero":
        return f"{value:02d}"
    if style in ("upperRoman", "lowerRoman"):
        return _roman(value).upper() if style == "upperRoman" else _roman(value)
    if style in ("upperLetter", "lowerLetter"):
        letter = chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1) if value > 0 else ""
        return letter.upper() if style == "upperLetter" else letter
    if style == "ideographTraditional" and 1 <= value <= 10:
        return _STEMS[value - 1]
    if style == "ideographZodiac" and 1 <= value <= 12:
        return _BRANCHES[value - 1]
    if style in ("decimalEnclosedCircle", "decimalEnclosedCircleChinese") and 1 <= value <= 20:
        return chr(0x2460 + value - 1)
    if style == "decimalEnclosedFullstop" and 1 <= value <= 20:
        return chr(0x2488 + value - 1)
    if style == "decimalEnclosedParen" and 1 <= value <= 20:
        return chr(0x2474 + value - 1)
    if style in ("decimalFullWidth", "decimalFullWidth2"):
        return str(value).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    return str(value)


def _roman(value: int) -> str:
    out = ""
    for unit, sign in _ROMAN:
        while value >= unit:
            out, value = out + sign, value - unit
    return out
