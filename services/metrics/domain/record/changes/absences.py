"""Absences before and after, closed under overlap and nearness so that a spell is never cut, nor at a weekend."""

from collections.abc import Iterable
from typing import NamedTuple

from services.metrics.domain.facts import absence
from services.metrics.domain.facts.absence import WEEKEND
from services.metrics.domain.facts.cell import FOREVER
from services.metrics.domain.facts.interval import FoldedInterval
from services.metrics.domain.facts.tally import Tally
from services.metrics.domain.record.changes.employments import Shift
from services.metrics.domain.record.record import ABSENCE, Section
from services.metrics.domain.record.working import Loading, Working
from shared.contracts.events import AbsenceStarted

FURTHER = 8
"""How many times further is looked each time: a chain of absences is found in a few rounds, not one by one."""


NEAR = WEEKEND + 1
"""Days from the end of an absence to the beginning of the next one that may be of the same spell, at most."""


class DaySpan(NamedTuple):
    """From a day to another."""

    first: int
    last: int


FoldedAbsences = dict[str, tuple[FoldedInterval[AbsenceStarted], FoldedInterval[AbsenceStarted]]]
"""Each absence in hand, as it was and as it is."""


def change(work: Working, shift: Shift, tally: Tally) -> Loading:
    """Diff the absences that changed, those they touch, and those that lean on a career that moved."""
    read: FoldedAbsences = {}
    changed = [part for part in work.changed if part.startswith(ABSENCE)]
    if changed or shift.moved:
        _read(work, changed, read)
        yield from _close(work, changed, shift, read)
        tally.sign = -1
        absence.contribute(shift.old.stretches, [old for old, _ in read.values()], tally)
        tally.sign = 1
        absence.contribute(shift.new.stretches, [new for _, new in read.values()], tally)


def _read(work: Working, parts: Iterable[str], read: FoldedAbsences) -> None:
    for part in parts:
        if part not in read:
            old = absence.read(work.told(work.before(part)))
            read[part] = old, absence.read(work.told(work.changed[part])) if part in work.changed else old


def _close(work: Working, changed: list[str], shift: Shift, read: FoldedAbsences) -> Loading:
    """Load absences until none that is not in hand overlaps or is near one that is."""
    stored = work.spans[Section.absence]
    spans = [DaySpan(*stored[part]) for part in changed if part in stored]
    for part in changed:
        if interval := read[part][1].interval:
            spans.append(DaySpan(interval.first, interval.last))
            work.move(part, Section.absence, interval.first, interval.last)
    if shift.moved:
        spans.append(DaySpan(shift.since, FOREVER))
    hull, more = _hull(spans), NEAR
    loaded = DaySpan(FOREVER, 0)
    while hull and not (loaded.first <= hull.first - NEAR and hull.last + NEAR <= loaded.last):
        loaded = DaySpan(hull.first - more, min(hull.last + more, FOREVER + NEAR))
        yield from work.ranges([(Section.absence, *loaded)])
        hull = _closed(hull, (DaySpan(*span) for span in stored.values()))
        more *= FURTHER
    _read(work, [part for part, span in stored.items() if hull and _near(span, hull)], read)


def _hull(spans: Iterable[DaySpan]) -> DaySpan | None:
    some = list(spans)
    return DaySpan(min(s.first for s in some), max(s.last for s in some)) if some else None


def _closed(hull: DaySpan, spans: Iterable[DaySpan]) -> DaySpan:
    """With all that overlaps or is near it, and what overlaps or is near that."""
    islands: list[DaySpan] = []
    for span in sorted(spans):
        if islands and span.first <= islands[-1].last + NEAR:
            islands[-1] = DaySpan(islands[-1].first, max(islands[-1].last, span.last))
        else:
            islands.append(span)
    return _hull([hull, *(i for i in islands if _near(i, hull))]) or hull


def _near(span: tuple[int, int], hull: DaySpan) -> bool:
    return span[0] <= hull.last + NEAR and span[1] >= hull.first - NEAR
