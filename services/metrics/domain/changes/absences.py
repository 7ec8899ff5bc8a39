"""Absences before and after, closed under overlap and adjacency so that a spell is never cut."""

from services.metrics.domain import absence
from services.metrics.domain.absence import Absence
from services.metrics.domain.cell import FOREVER
from services.metrics.domain.changes.employments import Shift
from services.metrics.domain.record import ABSENCE, Section
from services.metrics.domain.tally import Tally
from services.metrics.domain.working import Loading, Working

Span = tuple[int, int]


def change(work: Working, shift: Shift, tally: Tally) -> Loading:
    """Diff the absences that changed, those they touch, and those that lean on a career that moved."""
    changed = [part for part in work.changed if part.startswith(ABSENCE)]
    if changed or shift.moved:
        yield from _close(work, changed, shift)
        tally.sign = -1
        absence.contribute(shift.old.stretches, _read(work, tally, before=True), tally)
        tally.sign = 1
        absence.contribute(shift.new.stretches, _read(work, tally, before=False), tally)


def _close(work: Working, changed: list[str], shift: Shift) -> Loading:
    """Load absences until none that is not in hand overlaps or adjoins one that is."""
    spans = [work.spans[p] for p in changed if p in work.spans]
    for part in changed:
        if interval := absence.read(work.told(work.after(part)), Tally()):
            spans.append((interval.first, interval.last))
            work.move(part, Section.absence, interval.first, interval.last)
    if shift.moved:
        spans.append((shift.since, FOREVER))
    hull: Span | None = None
    wider = _hull(spans)
    while wider and hull != wider:
        hull = wider
        yield from work.ranges([(Section.absence, hull[0] - 1, hull[1] + 1)])
        wider = _hull([hull, *(s for p, s in work.spans.items() if p.startswith(ABSENCE) and _near(s, hull))])


def _hull(spans: list[Span]) -> Span | None:
    return (min(lo for lo, _ in spans), max(hi for _, hi in spans)) if spans else None


def _near(span: Span, hull: Span) -> bool:
    return span[0] <= hull[1] + 1 and span[1] >= hull[0] - 1


def _read(work: Working, tally: Tally, *, before: bool) -> list[Absence]:
    parts = sorted(p for p in work.parts.keys() | work.changed.keys() if p.startswith(ABSENCE))
    intervals = (absence.read(work.told(work.before(p) if before else work.after(p)), tally) for p in parts)
    return [interval for interval in intervals if interval]
