"""The day a person types for “as of”: 2026-11-23, 2026.11.23, 2026年11月23日 or 今天. Pure but for the clock it is handed."""

from __future__ import annotations

import re
from datetime import date

from assistant.errors import BadDate

_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")


def parse_day(text: str, *, today: date) -> date:
    """Read one whole day, 1949 to 2100. Raises BadDate when it is not one."""
    text = text.strip()
    if text in ("今天", "今日", "today"):
        return today
    match = _DAY.fullmatch(text)
    try:
        day = date(*map(int, match.groups())) if match else None
    except ValueError:
        day = None
    if day is None or not 1949 <= day.year <= 2100:
        raise BadDate(f"日期“{text[:20]}”不成立。", hint="请写成 2026-11-23 或 2026年11月23日。")
    return day
