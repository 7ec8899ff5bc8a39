"""The points of a series: the last days of weeks, months, quarters and years, and how many days each has."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple, assert_never

from shared.contracts.history import Step


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
