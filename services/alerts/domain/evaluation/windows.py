"""Which months lie before and after the start of a measure."""

from datetime import date, timedelta
from typing import NamedTuple

from services.alerts.domain.plan.plan import Evaluate, Length

YEAR = 12
"""Months."""


class Windows(NamedTuple):
    """The last day of each month before, of those washed in (the month of the start among them), and of those after."""

    before: list[date]
    washed: list[date]
    after: list[date]

    @property
    def months(self) -> list[date]:
        """All of them in order."""
        return [*self.before, *self.washed, *self.after]


def windows(asked: Evaluate) -> Windows:
    """The whole months that ended last before the start, and those that begin when the wash-in is over."""
    start = _month(asked.start)
    after = _month(_washed(asked.start, asked.wash_in) - timedelta(1)) + 1
    return Windows(
        [_last(month) for month in range(start - asked.before, start)],
        [_last(month) for month in range(start, after)],
        [_last(month) for month in range(after, after + asked.after)],
    )


def first_day(month: date) -> date:
    """The first day of the month with this last day."""
    return month.replace(day=1)


def _washed(start: date, length: Length) -> date:
    """The first day on which the measure is taken to work."""
    if length.of == "days":
        return start + timedelta(length.count)
    month = _month(start) + length.count
    last = _last(month)
    return last.replace(day=min(start.day, last.day))


def _month(day: date) -> int:
    return day.year * YEAR + day.month - 1


def _last(month: int) -> date:
    year, number = divmod(month + 1, YEAR)
    return date(year, number + 1, 1) - timedelta(1)
