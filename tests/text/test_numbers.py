"""Numbers as labels, dates and quantities write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text.numbers import chinese_number, parse_number


@given(st.integers(min_value=1, max_value=9_999))
def test_every_number_a_label_can_have_is_read_back_from_its_chinese_form(value: int) -> None:
    assert parse_number(chinese_number(value)) == value


@given(st.integers(min_value=0, max_value=999_999))
def test_arabic_figures_are_read_as_they_stand(value: int) -> None:
    assert parse_number(str(value)) == value


@given(st.integers(min_value=1_000, max_value=2_999))
def test_a_year_spelled_digit_by_digit_is_read(year: int) -> None:
    spelled = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(year))
    assert parse_number(spelled) == year


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十", 10),
        ("廿三", 23),
        ("一百零五", 105),
        ("一百〇五", 105),
        ("二○二四", 2024),
        ("两千", 2000),
        ("1万", 10_000),
        ("三万五千", 35_000),
        ("壹佰贰拾", 120),
    ],
)
def test_other_spellings_are_read(text: str, value: int) -> None:
    assert parse_number(text) == value


@pytest.mark.parametrize("text", ["", "甲", "三百余", "半", "十五个"])
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the message is the text itself
        parse_number(text)


def test_ten_to_nineteen_are_written_without_a_leading_one() -> None:
    assert [chinese_number(value) for value in (10, 14, 20, 110, 1010)] == [
        "十",
        "十四",
        "二十",
        "一百一十",
        "一千零一十",
    ]
