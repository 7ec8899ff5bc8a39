"""Days from one to another, and the months and weeks they are divided into."""

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

DAY = timedelta(1)
YEARS_BEGIN = date(1900, 1, 1)


class Per(StrEnum):
    """How long a report is."""

    month = "month"
    week = "week"


class Days(NamedTuple):
    """The first and the last day of something."""

    first: date
    last: date

    def each(self) -> Iterator[date]:
        """Every day, in order."""
        return (date.fromordinal(n) for n in range(self.first.toordinal(), self.last.toordinal() + 1))

    def parted(self, per: Per) -> Iterator["Days"]:
        """The days of each calendar month or ISO week among these."""
        first = self.first
        while first <= self.last:
            last = min(self.last, _last(first, per))
            yield Days(first, last)
            first = last + DAY

    def shared(self, other: "Days") -> "Days | None":
        """The days of both; None without any."""
        both = Days(max(self.first, other.first), min(self.last, other.last))
        return both if both.first <= both.last else None

    def __contains__(self, day: object) -> bool:
        """Whether a day is one of them."""
        return isinstance(day, date) and self.first <= day <= self.last


ALWAYS = Days(date.min, date.max)


def _last(day: date, per: Per) -> date:
    if per is Per.week:
        return day + (7 - day.isoweekday()) * DAY
    return date(day.year + day.month // 12, day.month % 12 + 1, 1) - DAY


def made_then(day: date, today: date) -> bool:
    """Whether a file can have been made on a day: not before there were any, nor after tomorrow."""
    return YEARS_BEGIN <= day <= today + DAY
