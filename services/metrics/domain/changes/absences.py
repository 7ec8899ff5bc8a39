"""Absences before and after, closed under overlap and adjacency so that a spell is never cut."""

from collections.abc import Iterable

from services.metrics.domain import absence
from services.metrics.domain.cell import FOREVER
from services.metrics.domain.changes.employments import Shift
from services.metrics.domain.interval import Folded
from services.metrics.domain.record import ABSENCE, Section
from services.metrics.domain.tally import Tally
from services.metrics.domain.working import Loading, Working
from shared.contracts.events import AbsenceStarted

Span = tuple[int, int]
Read = dict[str, tuple[Folded[AbsenceStarted], Folded[AbsenceStarted]]]
"""Each absence in hand, as it was and as it is."""


def change(work: Working, shift: Shift, tally: Tally) -> Loading:
    """Diff the absences that changed, those they touch, and those that lean on a career that moved."""
    read: Read = {}
    changed = [part for part in work.changed if part.startswith(ABSENCE)]
    if changed or shift.moved:
        _read(work, changed, read)
        yield from _close(work, changed, shift, read)
        tally.sign = -1
        absence.contribute(shift.old.stretches, [old for old, _ in read.values()], tally)
        tally.sign = 1
        absence.contribute(shift.new.stretches, [new for _, new in read.values()], tally)


def _read(work: Working, parts: Iterable[str], read: Read) -> None:
    for part in parts:
        if part not in read:
            old = absence.read(work.told(work.before(part)))
            read[part] = old, absence.read(work.told(work.changed[part])) if part in work.changed else old


def _close(work: Working, changed: list[str], shift: Shift, read: Read) -> Loading:
    """Load absences until none that is not in hand overlaps or adjoins one that is."""
    spans = [work.spans[part] for part in changed if part in work.spans]
    for part in changed:
        if interval := read[part][1].interval:
            spans.append((interval.first, interval.last))
            work.move(part, Section.absence, interval.first, interval.last)
    if shift.moved:
        spans.append((shift.since, FOREVER))
    hull: Span | None = None
    wider = _hull(spans)
    while wider and hull != wider:
        hull = wider
        yield from work.ranges([(Section.absence, hull[0] - 1, hull[1] + 1)])
        near = [p for p, s in work.spans.items() if p.startswith(ABSENCE) and _near(s, hull)]
        _read(work, near, read)
        wider = _hull([hull, *(work.spans[p] for p in near)])


def _hull(spans: list[Span]) -> Span | None:
    return (min(lo for lo, _ in spans), max(hi for _, hi in spans)) if spans else None


def _near(span: Span, hull: Span) -> bool:
    return span[0] <= hull[1] + 1 and span[1] >= hull[0] - 1
