"""Windows of twelve months: years that follow one another share no day and leave none out."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar.exceptions import ValidationException

from services.metrics.answers.api import question
from services.metrics.domain.sums.periods import month_of, told_of, year_to
from services.metrics.domain.sums.windows import TWELVE_MONTHS, days_of, windows
from tests import builders as make
from tests.unit.metrics.folding import asked, fold


@pytest.mark.parametrize(
    ("day", "days"),
    [
        ("2023-12-31", 365),
        ("2024-12-31", 366),
        ("2024-02-28", 365),
        ("2024-02-29", 366),
        ("2025-02-28", 366),
        ("2025-03-01", 365),
        ("2024-03-01", 366),
    ],
)
def test_a_29_february_is_in_it_or_not(day: str, days: int):
    """366 days where one lies between the date a year before, excluded, and the day."""
    assert days_of(TWELVE_MONTHS, date.fromisoformat(day).toordinal()) == days


@given(st.dates(date(1901, 1, 1), date(2200, 12, 31)).filter(lambda d: (d.month, d.day) != (2, 29)))
def test_neighbouring_years(day: date):
    """The window of a year begins the day after that of the year before ends."""
    before = day.replace(year=day.year - 1)
    assert day - timedelta(days_of(TWELVE_MONTHS, day.toordinal())) == before


def test_many_days_at_once():
    """Each has its own; a number of days is that of all."""
    days = np.array([date(year, 12, 31).toordinal() for year in (2023, 2024)])
    assert windows(TWELVE_MONTHS, days).tolist() == [365, 366]
    assert windows(90, days) == 90


@pytest.mark.parametrize(
    ("asked_for", "found"), [(None, 90), ("12m", TWELVE_MONTHS), ("1", 1), ("3660", 3660), ("365", 365)]
)
def test_a_window_that_may_be_asked_for(asked_for: str | None, found: int | str):
    """Days, or twelve months; the usual one if none is."""
    assert question.window(asked_for, 90) == found


@pytest.mark.parametrize("asked_for", ["0", "3661", "-1", "13m", "", "step", "1e3", "²"])
def test_a_window_that_may_not(asked_for: str):
    """The answer says what may."""
    with pytest.raises(ValidationException, match=r"window=.*: expected one of 1 to 3660 days, 12m"):
        question.window(asked_for, 365)


def test_who_leaves_on_new_years_eve_is_a_leaver_of_one_year():
    """Their day is the first of January: of the year that it is of, leap year or not."""
    staff = [make.employment_started(f"p{n}", "2020-01-01") for n in range(20)]
    left = [make.employment_ended(f"p{n}", "2023-12-31") for n in range(3)]
    folded = fold(*staff, *left)
    leavers = {}
    for year in range(2022, 2027):
        leavers[year] = asked(folded, f"{year}-12-31", window=TWELVE_MONTHS)["*", "*"].metrics["leaver_rate"].numerator
    assert leavers == {2022: 0, 2023: 0, 2024: 3, 2025: 0, 2026: 0}
    assert asked(folded, "2024-12-31")["*", "*"].metrics["leaver_rate"].numerator == 0


def test_health_is_told_of_twelve_whole_months():
    """As over the usual window, whatever that is."""
    day = np.array([date(2024, 7, 14).toordinal()])
    [told] = told_of(day, TWELVE_MONTHS, 90, int(day[0]) + 1)
    assert told == year_to(int(day[0]))
    assert told[-1] == month_of(date(2024, 6, 1).toordinal())
