"""Chinese and Arabic numbers, as they stand in labels, dates and quantities."""

from __future__ import annotations

import re

_DIGITS = {
    char: value
    for value, chars in enumerate(["零〇○Ｏ", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"])
    for char in chars
}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_SHORT = {"廿": "二十", "卅": "三十"}
NUMERAL = "[0-9零〇○一二三四五六七八九十百千万两廿卅壹贰叁肆伍陆柒捌玖拾佰仟]"


def parse_number(text: str) -> int:
    """Read '42', '四十二', '一百零五', '二〇二四', '廿三', '1万'. Raises ValueError when it is not a whole number."""
    text = text.strip()
    for short, long in _SHORT.items():
        text = text.replace(short, long)
    if not text:
        raise ValueError("empty")
    if text.isascii() and text.isdigit():
        return int(text)
    if "万" in text:
        high, _, low = text.partition("万")
        return (parse_number(high) if high else 1) * 10_000 + (parse_number(low) if low else 0)
    if all(char in _DIGITS for char in text) and len(text) > 1:  # 二〇二四
        return int("".join(str(_DIGITS[char]) for char in text))
    total, current = 0, 0
    for char in text:
        if char.isascii() and char.isdigit():
            current = current * 10 + int(char)
        elif char in _DIGITS:
            current = _DIGITS[char]
        elif char in _UNITS:
            total += (current or 1) * _UNITS[char]
            current = 0
        else:
            raise ValueError(text)
    return total + current


def chinese_number(value: int) -> str:
    """Write 1–9999 as in labels: 10 → 十, 105 → 一百零五."""
    if not 0 < value < 10_000:
        raise ValueError(value)
    digits = "零一二三四五六七八九"
    out = ""
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, unit)
        if digit:
            out += digits[digit] + name
        elif out and value and not out.endswith("零"):
            out += "零"
    return re.sub(r"^一十", "十", out).rstrip("零")
