"""Dates as official documents write them: 2022年4月20日, 二〇二二年四月二十日, 2022-04. Pure."""

from __future__ import annotations

import re
from datetime import date

from assistant.domain import PartialDate, Precision
from assistant.text.numbers import parse_number

_NUM = "[0-9０-９零〇○Ｏ一二三四五六七八九十]"
DATE = re.compile(rf"({_NUM}{{4}})\s*年\s*(?:({_NUM}{{1,3}})\s*月\s*(?:({_NUM}{{1,3}})\s*日)?)?")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
_ISO = re.compile(r"(?<!\d)((?:19|20)\d{2})[-./](\d{1,2})[-./](\d{1,2})(?!\d)")


def read_date(text: str) -> PartialDate | None:
    """The first date in a text; None when there is none that exists in the calendar."""
    for found in DATE.finditer(text):
        if made := _make(*found.groups()):
            return made
    for found in _ISO.finditer(text):
        if made := _make(*found.groups()):
            return made
    return None


def _make(year: str, month: str | None, day: str | None) -> PartialDate | None:
    try:
        numbers = [parse_number(part.translate(_FULL_WIDTH)) for part in (year, month, day) if part]
        if not 1900 <= numbers[0] <= 2200:
            return None
        precision = (Precision.YEAR, Precision.MONTH, Precision.DAY)[len(numbers) - 1]
        first = [*numbers, 1, 1][:3]
        return PartialDate(date(first[0], first[1], first[2]), precision)
    except ValueError:
        return None


def day_after(moment: PartialDate) -> PartialDate:
    """The first day after the last day a date can mean: the end of a term of validity → repealed_on."""
    if moment.value is None:
        return moment
    return PartialDate(date.fromordinal(moment.latest.toordinal() + 1), Precision.DAY)


def years_later(moment: PartialDate, years: int) -> PartialDate:
    """The same date some years on; 29 February becomes 1 March."""
    if moment.value is None:
        return moment
    value = moment.value
    try:
        later = value.replace(year=value.year + years)
    except ValueError:
        later = date(value.year + years, 3, 1)
    return PartialDate(later, moment.precision)
