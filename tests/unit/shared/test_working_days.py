"""Days on which nobody with office hours is scheduled."""

from datetime import date, timedelta

import pytest

from shared.calendar.working_days import is_holiday


@pytest.mark.parametrize(
    "sunday", ["1954-04-18", "2000-04-23", "2008-03-23", "2024-03-31", "2025-04-20", "2038-04-25", "2100-03-28"]
)
def test_days_that_move_with_easter(sunday: str):
    """Good Friday, Easter Monday, Ascension Day and none beside them; early and late Easters, leap years, a century."""
    easter = date.fromisoformat(sunday)
    beside = [n for n in (-6, -5, -4, -3, -2, 1, 2, 3, 4, 5, 37, 38, 39, 40) if is_holiday(easter + timedelta(n))]
    assert beside == [-2, 1, 39]


@pytest.mark.parametrize(
    "day",
    [
        "2024-01-01",
        "2024-03-29",
        "2024-04-01",
        "2024-05-01",
        "2024-05-09",
        "2024-06-06",
        "2024-06-21",
        "2024-12-24",
        "2024-12-31",
        "2023-06-23",
        "2026-06-19",
        "2015-06-19",
    ],
)
def test_red_days(day: str):
    """New Year to New Year's Eve, Midsummer Eve on the Friday it falls on."""
    assert is_holiday(date.fromisoformat(day))


@pytest.mark.parametrize("day", ["2024-03-28", "2024-04-02", "2024-06-20", "2024-05-10", "2024-12-23", "2024-12-27"])
def test_days_beside_them(day: str):
    """Maundy Thursday, the day after Ascension and the days between are worked."""
    assert not is_holiday(date.fromisoformat(day))


def test_a_sunday_is_not_red_by_itself():
    """The law calls Sundays holidays; a duty roster does not."""
    assert not is_holiday(date(2024, 3, 17))


@pytest.mark.parametrize(
    ("day", "red"), [("2004-05-31", True), ("2005-05-16", False), ("2003-06-06", False), ("2005-06-06", True)]
)
def test_the_law_of_the_year(day: str, red: bool):
    """The National Day took the place of Whit Monday in 2005."""
    assert is_holiday(date.fromisoformat(day)) is red
