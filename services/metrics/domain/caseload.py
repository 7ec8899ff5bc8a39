"""What caseload reports contribute: the last report's cases and points, where the person counts that day."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from services.metrics.domain.career import Stretch
from services.metrics.domain.entry import Entry, Told, day
from services.metrics.domain.measures import Measure
from services.metrics.domain.tally import Tally, millionths
from shared.contracts.events import CaseloadReported


class Held(NamedTuple):
    """A report and the days it holds: until the day before the next one. One outdone on its own day holds none."""

    entry: Entry
    report: CaseloadReported
    first: int
    last: int


def sequence(told: Iterable[Told], until: int) -> list[Held]:
    """The days each report holds, the last of them to ``until``; of several on a day the last recorded holds."""
    ordered = sorted(told, key=lambda t: (t.data.effective, *t.entry.order), reverse=True)
    held: list[Held] = []
    for t in ordered:
        first = day(t.data.effective)
        held.append(Held(t.entry, t.data, first, until))
        until = min(until, first - 1)
    return held


def contribute(stretches: Sequence[Stretch], held: Iterable[Held], tally: Tally) -> None:
    """The open cases and points of reports over the days they hold."""
    for h in held:
        for s in stretches:
            first, last = max(s.first, h.first), min(s.last, h.last)
            tally.span(s.home, Measure.open_cases, first, last, millionths(h.report.open_cases))
            if h.report.points is not None:
                tally.span(s.home, Measure.case_points, first, last, millionths(h.report.points))
