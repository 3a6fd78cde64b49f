"""Numbers and days that were made by hand are None, never an error."""

from datetime import date

import pytest

from app.typed import day_of, read_day, read_number


@pytest.mark.parametrize(
    "typed", ["", None, "²", "١٢", "½", "-1", "+1", " 1", "1_0", "1e3", "0x1", "1" * 10, "x", "1\0"]
)
def test_what_is_no_number_is_none(typed: str | None) -> None:
    assert read_number(typed) is None


def test_a_number_is_read() -> None:
    assert (read_number("0"), read_number("999999999"), read_number(7)) == (0, 999_999_999, 7)


@pytest.mark.parametrize(
    "typed",
    ["", "x", "20261201", "2026-W49-2", "2026-13-01", "2026-02-30", "9999-12-31", "0001-01-01",
     "2101-01-01", "٢٠٢٦-12-01", "2026-12-01T10:00"],
)  # fmt: skip
def test_what_is_no_day_is_none(typed: str) -> None:
    assert read_day(typed) is None


def test_a_day_is_read() -> None:
    assert read_day("2026-12-01") == day_of("2026", "12", "1") == date(2026, 12, 1)


@pytest.mark.parametrize(
    "parts",
    [("9999", "1", "1"), ("²", "1", "1"), ("2026", "2", "30"), ("", "", ""), ("2026", "", "1")],
)
def test_three_parts_that_make_no_day_are_none(parts: tuple[str, str, str]) -> None:
    assert day_of(*parts) is None
