"""Which whole months a value of health tells of: by as-of day and window."""

from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from services.metrics.domain.sums.periods import USUAL, month_of, told_of, whole, year_to

TODAY = date(2025, 6, 15)


def day(text: str) -> int:
    """A day by its number."""
    return date.fromisoformat(text).toordinal()


def told(as_of: str, window: int = USUAL, today: date = TODAY) -> tuple[str, str] | None:
    """The first and the last day that are told of."""
    [months] = told_of(np.array([day(as_of)]), window, USUAL, today.toordinal())
    return (f"{date.fromordinal(months[0].first)}", f"{date.fromordinal(months[-1].last)}") if months else None


@pytest.mark.parametrize(
    ("as_of", "window", "expected"),
    [
        ("2025-06-15", 365, ("2024-06-01", "2025-05-31")),
        ("2025-05-31", 365, ("2024-06-01", "2025-05-31")),
        ("2025-05-30", 365, ("2024-05-01", "2025-04-30")),
        ("2025-05-31", 31, ("2025-05-01", "2025-05-31")),
        ("2025-05-31", 30, None),
        ("2025-05-30", 30, None),
        ("2025-03-31", 90, ("2025-01-01", "2025-03-31")),
        ("2024-12-31", 366, ("2024-01-01", "2024-12-31")),
        ("2025-05-31", 1, None),
        ("2025-06-16", 365, None),
        ("2025-06-30", 30, None),
    ],
)
def test_what_is_told(as_of: str, window: int, expected: tuple[str, str] | None):
    """Over the usual window the twelve months that ended last; else whole months that have passed; ahead, nothing."""
    assert told(as_of, window) == expected


@pytest.mark.parametrize(("today", "last"), [("2025-05-31", "2025-04-30"), ("2025-06-01", "2025-05-31")])
def test_a_month_has_to_have_passed(today: str, last: str):
    """On its last day it has not."""
    then = date.fromisoformat(today)
    assert told(today, today=then)[1] == last
    assert told("2025-05-31", 31, then) == (("2025-05-01", "2025-05-31") if last == "2025-05-31" else None)


def test_twelve_months():
    """They follow one another, and there are fewer where days begin."""
    months = year_to(day("2024-02-29"))
    assert len(months) == 12
    assert all(one.last + 1 == then.first for one, then in pairwise(months))
    assert months[-1] == month_of(day("2024-02-29"))
    assert year_to(40) == (month_of(1),)


def test_whole_months():
    """From a first day to a last."""
    assert whole(day("2025-01-01"), day("2025-03-31")) == year_to(day("2025-03-31"))[-3:]
    assert whole(day("2025-01-02"), day("2025-03-31")) == whole(day("2025-02-01"), day("2025-01-31")) == ()
