"""What time reports contribute: hours spread over the days in service, and who passed the yearly overtime limit."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from services.metrics.domain.career import Stretch
from services.metrics.domain.entry import day
from services.metrics.domain.measures import Measure
from services.metrics.domain.tally import Tally, millionths
from shared.contracts.events import TimeReported

CAP_HOURS = 200
"""General overtime allowed in a calendar year (Arbetstidslagen 8 §)."""

DAY_HOURS = 24

NOISE = 1e-9
"""Hours divided over days and summed again may miss the limit by rounding; this much is not over it."""


def contribute(stretches: Sequence[Stretch], report: TimeReported, tally: Tally) -> None:
    """A report's hours per day, on the days the person is in service; more than a day has are counted as they stand."""
    first, last = day(report.first), day(report.last)
    tally.anomaly("hours_above_24_a_day", report.worked_hours > DAY_HOURS * (last - first + 1))
    amounts = _per_day(report, last - first + 1)
    for since, until, home, *_ in stretches:
        if since <= last and first <= until:
            low, high = max(first, since), min(last, until)
            for measure, amount in amounts:
                tally.span(home, measure, low, high, amount)


def _per_day(report: TimeReported, days: int) -> list[tuple[Measure, int]]:
    hours = (
        (Measure.worked_hours, report.worked_hours),
        (Measure.overtime_hours, report.overtime_hours),
        (Measure.documentation_hours, report.documentation_hours),
        (Measure.client_hours, report.client_hours),
    )
    return [(measure, millionths(h / days)) for measure, h in hours if h]


def contribute_capped(stretches: Sequence[Stretch], reports: Iterable[TimeReported], year: int, tally: Tally) -> None:
    """From the day overtime in the calendar year passes the limit until the year's end, while in service."""
    passed = _passed(stretches, reports, year)
    if passed is None:
        return
    for s in stretches:
        tally.span(s.home, Measure.overtime_capped, max(s.first, passed), min(s.last, date(year, 12, 31).toordinal()))


def _passed(stretches: Sequence[Stretch], reports: Iterable[TimeReported], year: int) -> int | None:
    by_day: defaultdict[int, float] = defaultdict(float)
    start, end = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    for r in reports:
        first, last = day(r.first), day(r.last)
        for s in stretches:
            for d in range(max(first, s.first, start), min(last, s.last, end) + 1):
                by_day[d] += r.overtime_hours / (last - first + 1)
    total = 0.0
    for d in sorted(by_day):
        total += by_day[d]
        if total > CAP_HOURS + NOISE:
            return d
    return None
