"""Months, in whole days: what may be told of health is decided by month, and of a window by all months it touches; and
the points of a series: the last days of weeks, months, quarters and years.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple, assert_never

import numpy as np

from services.metrics.domain.sums.kernels import Ints
from services.metrics.domain.sums.windows import WindowLength
from shared.contracts.history import Step

FIRST_DAY = date.min.toordinal()
YEAR = 12
"""Months."""
USUAL = 365
"""Days of the usual window: of health the twelve whole months that ended last are told in its place."""


class Month(NamedTuple):
    """Its first and its last day."""

    first: int
    last: int


@lru_cache(4_096)
def month_of(day: int) -> Month:
    """The month that a day lies in."""
    at = date.fromordinal(day)
    return Month(at.replace(day=1).toordinal(), at.replace(day=monthrange(at.year, at.month)[1]).toordinal())


def months_of(as_of: int, window: int) -> list[Month]:
    """The months that a window of so many days touches, which ends on a day; of no days, none."""
    found: list[Month] = []
    day = max(FIRST_DAY, as_of - window + 1)
    while day <= as_of:
        found.append(month_of(day))
        day = found[-1].last + 1
    return found


Months = tuple[Month, ...]
"""Months that follow one another; none where nothing is told."""


def year_to(day: int) -> Months:
    """The twelve whole months that ended last by the end of a day."""
    month = month_of(day)
    last, found = day if month.last == day else month.first - 1, list[Month]()
    while last >= FIRST_DAY and len(found) < YEAR:
        found.insert(0, month_of(last))
        last = found[0].first - 1
    return tuple(found)


def whole(first: int, last: int) -> Months:
    """The months that two days and those between are, if they are whole ones."""
    found = months_of(last, last - first + 1)
    return tuple(found) if found and (found[0].first, found[-1].last) == (first, last) else ()


def told_of(days: Ints, length: WindowLength | Ints, usual: WindowLength, today: int) -> list[Months]:
    """What values of health tell of, by as-of day: over the usual window or ``12m`` twelve whole months, else its own.

    Nothing is told of a month before it has ended, nor as of a day ahead; of a window that is not of whole months,
    nothing.
    """
    asked = [length] * len(days) if isinstance(length, str) else np.broadcast_to(length, days.shape).tolist()
    return [_told(day, window, usual, today) for day, window in zip(days.tolist(), asked, strict=True)]


def _told(day: int, window: WindowLength, usual: WindowLength, today: int) -> Months:
    if day > today:
        return ()
    if window == usual or isinstance(window, str):
        return year_to(min(day, today - 1))
    return whole(day - window + 1, day) if day < today else ()


class Period(NamedTuple):
    """A step by its first and last day."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


def periods(step: Step, first: date, last: date) -> Iterator[Period]:
    """The steps whose last day is one of these days; weeks are those of ISO 8601, from Monday to Sunday."""
    period = around(step, first)
    while period.last <= last:
        yield period
        period = around(step, period.last + timedelta(days=1))


def around(step: Step, day: date) -> Period:
    """The step that a day is in."""
    match step:
        case "day":
            return Period(day, day)
        case "week":
            monday = day - timedelta(days=day.weekday())
            return Period(monday, monday + timedelta(days=6))
        case "month":
            return _months(day, day.month, 1)
        case "quarter":
            return _months(day, (day.month - 1) // 3 * 3 + 1, 3)
        case "year":
            return _months(day, 1, 12)
        case _:
            assert_never(step)


def _months(day: date, first: int, count: int) -> Period:
    last = first + count - 1
    return Period(day.replace(month=first, day=1), day.replace(month=last, day=monthrange(day.year, last)[1]))
