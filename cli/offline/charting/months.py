"""What a chart is drawn of: calendar months and the value in each.

A month is named by its last day: the day that its value is as of.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import takewhile
from typing import NamedTuple

from cli.offline.charting.question import ChartError
from services.metrics.domain.sums.periods import around, periods
from shared.contracts.catalogue import Metric
from shared.contracts.metrics import MetricValue

LONGEST = 36
"""Months of a chart that was not told where to begin: enough for limits, few enough to see each."""


class MonthlySeries(NamedTuple):
    """A value for each of ``months`` (by their last days), each over the days of its own month alone.

    ``known_to`` is the day of the newest event behind them. They are ``provisional`` if they go further than what was
    published.
    """

    metric: Metric
    unit: str
    unit_name: str
    occupation: str
    months: list[date]
    values: list[MetricValue]
    known_to: date
    provisional: bool = False

    @property
    def known_from(self) -> date | None:
        """The day before which what the values are made of is not known, if the months reach back before it."""
        return max((value.known_from for value in self.values if value.known_from), default=None)

    def begun(self) -> "MonthlySeries":
        """Without the months before there was anything to measure, or known; whole if there never was."""
        idle = list(takewhile(lambda value: value.status in {"not_applicable", "incomplete"}, self.values))
        start = len(idle) % len(self.values)
        return self._replace(months=self.months[start:], values=self.values[start:])


def last_day(day: date) -> date:
    """The last day of the day's month."""
    return around("month", day).last


def last_whole(day: date) -> date:
    """The last month that is over at the end of the day."""
    return day if day == last_day(day) else day.replace(day=1) - timedelta(days=1)


def first_whole(day: date) -> date:
    """The first month that begins on the day or after it."""
    return last_day(day) if day.day == 1 else last_day(last_day(day) + timedelta(days=1))


def between(first: date, last: date) -> list[date]:
    """All months from one to another; none if the first is after the last."""
    return [month.last for month in periods("month", first, last_day(last))]


def asked(first: date | None, last: date | None, begun: date | None, known_to: date) -> list[date]:
    """The months of a chart: those asked for, or as many whole ones as are known, at most the last 36.

    ``begun`` is the day the sources began to tell, ``known_to`` the last one they have told of; None if nobody knows.
    Raises ChartError for months in the wrong order and for a month that is not over.
    """
    newest = last_whole(known_to)
    if last and last_day(last) > newest:
        raise ChartError(
            f"{name(last)} är inte slut: den sista hela månad som är känd är {name(newest)}",
            f"{name(last)} is not over: the last whole month that is known is {name(newest)}",
        )
    end = last_day(last) if last else newest
    if first:
        months = between(first, end)
        if not months:
            raise ChartError(
                f"från {name(first)} till {name(end)} finns ingen månad: den första får inte vara efter den sista",
                f"from {name(first)} to {name(end)} there is no month: the first must not be after the last",
            )
        return months
    told = between(first_whole(begun), end) if begun else []
    return (told or between(date(end.year - LONGEST // 12, end.month, 1), end))[-LONGEST:]


def starts(months: Sequence[date], plan_starts: Sequence[date]) -> dict[int, date]:
    """The position of the first whole month of each plan; the month it starts in belongs to what was before.

    Raises ChartError for a start that leaves no month before it, or none after it.
    """
    found = {}
    for day in sorted(plan_starts):
        position = next((i for i, month in enumerate(months) if month.replace(day=1) >= day), len(months))
        if not 0 < position < len(months):
            span = (name(months[0]), name(months[-1]))
            raise ChartError(
                "en plan som börjar {} har ingen hel månad både före och efter från {} till {}".format(day, *span),
                "a plan that starts on {} has no whole month both before and after it from {} to {}".format(day, *span),
            )
        found[position] = day
    return found


def name(month: date) -> str:
    """A month as options and documents write it: ``2025-03``."""
    return f"{month:%Y-%m}"
