"""Caseload reports before and after, between the report before the first change and the one after the last."""

from services.metrics.domain.facts import caseload
from services.metrics.domain.facts.caseload import HeldReport
from services.metrics.domain.facts.cell import FOREVER
from services.metrics.domain.facts.entry import ReadEntry, day
from services.metrics.domain.facts.tally import Tally
from services.metrics.domain.record.changes.employments import Shift
from services.metrics.domain.record.record import Section
from services.metrics.domain.record.working import Loading, Working
from shared.contracts.event_types import CASELOAD_REPORTED

NOWHERE = (0, 0)


def change(work: Working, shift: Shift, tally: Tally) -> Loading:
    """Diff the reports whose days changed, and those that lean on a career that moved."""
    days = [day(t.data.effective) for t in work.flipped(CASELOAD_REPORTED)]
    low = min([d - 1 for d in days] + [shift.since])
    high = FOREVER if shift.moved else max(days)
    yield from work.ranges([(Section.caseload, low, high)])
    until = _end(work, low, high)
    if until < high:
        yield from work.ranges([(Section.caseload, high, FOREVER)])
        until = _end(work, low, FOREVER)
    _diff(work, shift, low, max(until, high) if until >= low else FOREVER, tally)


def _end(work: Working, low: int, high: int) -> int:
    """The last day held by a report that held any day from ``low`` to ``high``; the day before ``low`` if none did."""
    held = (hi for lo, hi in work.spans[Section.caseload].values() if lo <= high and hi >= low)
    return max(held, default=low - 1)


def _diff(work: Working, shift: Shift, low: int, until: int, tally: Tally) -> None:
    old, new = _sequences(work, low, until)
    stand = set() if shift.moved else set(old) & set(new)
    for sign, career, held in ((-1, shift.old, old), (1, shift.new, new)):
        tally.sign = sign
        caseload.contribute(career.stretches, [h for h in held if h not in stand], tally)
    for h in new:
        work.move(h.key, Section.caseload, h.first, max(h.first, h.last))


def _sequences(work: Working, low: int, until: int) -> tuple[list[HeldReport], list[HeldReport]]:
    """The reports on the days at hand, as they held before and as they hold now.

    A repeat of a report from other days may be in hand too and is left out.
    """
    old, new = list[ReadEntry](), list[ReadEntry]()
    for key, row in work.in_hand(CASELOAD_REPORTED):
        held = key in work.identities.before
        if not (held or row.alive):
            continue
        t = work.event(key)
        first = day(t.data.effective)
        if first <= until and (first >= low or work.spans[Section.caseload].get(key, NOWHERE)[1] >= low):
            if held:
                old.append(t)
            if row.alive:
                new.append(t)
    return caseload.sequence(old, until), caseload.sequence(new, until)
