"""What caseload reports contribute: the last report's cases and points, where the person counts that day."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from services.metrics.domain.facts.career import Stretch, between
from services.metrics.domain.facts.entry import ReadEntry
from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.facts.tally import Tally, millionths

OPEN_CASES, CASE_POINTS = int(Measure.open_cases), int(Measure.case_points)


class HeldReport(NamedTuple):
    """A report's amounts in millionths and the days it holds: until the day before the next one.

    One outdone on its own day holds none.
    """

    key: str
    first: int
    last: int
    cases: int
    points: int | None


def sequence(told: Iterable[ReadEntry], until: int) -> list[HeldReport]:
    """The days each report holds, the last of them to ``until``; of several on a day the last recorded holds."""
    ordered = [(t.data.effective, t.entry.at, t.entry.id, t) for t in told]
    ordered.sort(reverse=True)
    held: list[HeldReport] = []
    for _, _, _, ((key, *_), report) in ordered:
        first = report.effective.toordinal()
        points = None if report.points is None else millionths(report.points)
        held.append(HeldReport(key, first, until, millionths(report.open_cases), points))
        until = min(until, first - 1)
    return held


def contribute(stretches: Sequence[Stretch], held: Iterable[HeldReport], tally: Tally) -> None:
    """The open cases and points of reports over the days they hold."""
    for _, since, until, cases, points in held:
        for first, last, home, form, _ in between(stretches, since, until):
            if form == "hourly":
                continue
            low, high = max(first, since), min(last, until)
            tally.span(home, OPEN_CASES, low, high, cases)
            if points is not None:
                tally.span(home, CASE_POINTS, low, high, points)
