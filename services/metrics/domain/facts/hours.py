"""What time reports contribute: hours spread over the days worked here, and who passed the yearly overtime limit."""

from bisect import bisect_right
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import accumulate
from operator import itemgetter

import numpy as np

from services.metrics.domain.facts.career import Stretch, between
from services.metrics.domain.facts.entry import day
from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.facts.tally import Tally, millionths
from shared.contracts.events import TimeReported

CAP_HOURS = 200
"""General overtime allowed in a calendar year (Arbetstidslagen 8 §)."""

DAY_HOURS = 24

NOISE = 1e-9
"""Hours divided over days and summed again may miss the limit by rounding; this much is not over it."""

HoursChange = tuple[int, Measure, int]
"""From a day on a measure is more or less by an amount."""


class WorkDays:
    """The days on which a person works here, whatever the form, to count those of a report."""

    def __init__(self, stretches: Sequence[Stretch]) -> None:
        """Of all of somebody's stretches."""
        self._stretches = stretches
        self._upto = [0, *accumulate(s.last - s.first + 1 for s in stretches)]

    def of(self, report: TimeReported) -> int:
        """How many days of the report they are."""
        return self._until(day(report.last)) - self._until(day(report.first) - 1)

    def _until(self, on: int) -> int:
        place = bisect_right(self._stretches, on, key=itemgetter(0))
        over = max(0, self._stretches[place - 1].last - on) if place else 0
        return self._upto[place] - over


def contribute(stretches: Sequence[Stretch], reports: Iterable[TimeReported], tally: Tally) -> None:
    """Hours per day, on the days the person works here; more than a day has are counted as they stand."""
    told = list(reports)
    for report in told:
        _paid_by_hour(stretches, report, tally)
    turns = sorted(_turns(WorkDays(stretches), told, tally)) if told else []
    if not turns:
        return
    level, at = Counter[Measure](), 0
    for first, last, home, *_ in between(stretches, turns[0][0], turns[-1][0]):
        before, at = at, bisect_right(turns, first, at, key=itemgetter(0))
        _add(level, turns[before:at])
        for measure, amount in level.items():
            tally.span(home, measure, first, last, amount)
        before, at = at, bisect_right(turns, last, at, key=itemgetter(0))
        for since, measure, amount in turns[before:at]:
            tally.span(home, measure, since, last, amount)
        _add(level, turns[before:at])


def _paid_by_hour(stretches: Sequence[Stretch], report: TimeReported, tally: Tally) -> None:
    """Who is paid by the hour is in no stock: that somebody was there to be told of is known by this alone."""
    first, last = day(report.first), day(report.last)
    for s in between(stretches, first, last):
        if s.form == "hourly":
            for on in _first_days(max(first, s.first), min(last, s.last)):
                tally.point(s.home, Measure.months_paid_by_hour, on)


def _first_days(first: int, last: int) -> Iterable[int]:
    """The first day, and those of months that begin later."""
    while first <= last:
        yield first
        on = date.fromordinal(first)
        first += monthrange(on.year, on.month)[1] - on.day + 1


def _turns(work: WorkDays, reports: Iterable[TimeReported], tally: Tally) -> Iterable[HoursChange]:
    for report in reports:
        first, last = day(report.first), day(report.last)
        tally.anomaly("hours_above_24_a_day", report.worked_hours > DAY_HOURS * (last - first + 1))
        days = work.of(report)
        tally.anomaly("hours_outside_employment", not days)
        for measure, amount in _per_day(report, days) if days else ():
            yield first, measure, amount
            yield last + 1, measure, -amount


def _add(level: Counter[Measure], turns: Iterable[HoursChange]) -> None:
    for _, measure, amount in turns:
        level[measure] += amount


def _per_day(report: TimeReported, days: int) -> list[tuple[Measure, int]]:
    hours = (
        (Measure.worked_hours, report.worked_hours),
        (Measure.overtime_hours, report.overtime_hours),
        (Measure.documentation_hours, report.documentation_hours),
        (Measure.client_hours, report.client_hours),
    )
    return [(measure, millionths(h / days)) for measure, h in hours if h]


def contribute_capped(stretches: Sequence[Stretch], reports: Iterable[TimeReported], year: int, tally: Tally) -> None:
    """From the day overtime in the calendar year passes the limit until its end, while among the permanent staff."""
    start, end = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    passed = _passed(stretches, reports, start, end)
    if passed is None:
        return
    for s in between(stretches, passed, end):
        if s.form == "permanent":
            tally.span(s.home, Measure.overtime_capped, max(s.first, passed), min(s.last, end))


def _passed(stretches: Sequence[Stretch], reports: Iterable[TimeReported], start: int, end: int) -> int | None:
    by_day, work = np.zeros(end - start + 1), WorkDays(stretches)
    for r in reports:
        if days := work.of(r):
            within = slice(max(0, day(r.first) - start), max(0, day(r.last) - start + 1))
            by_day[within] += r.overtime_hours / days
    total = 0.0
    for s in between(stretches, start, end):
        for d in range(max(s.first, start), min(s.last, end) + 1):
            total += float(by_day[d - start])
            if total > CAP_HOURS + NOISE:
                return d
    return None
