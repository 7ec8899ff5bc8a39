"""Milestones before and after: those that changed, with all that may count on the same days."""

from services.metrics.domain.facts import milestones
from services.metrics.domain.facts.cell import FOREVER
from services.metrics.domain.facts.milestones import reach
from services.metrics.domain.facts.tally import Tally
from services.metrics.domain.record.changes.employments import Shift
from services.metrics.domain.record.record import Section
from services.metrics.domain.record.working import Loading, Working
from shared.contracts.event_types import MILESTONE_REACHED


def change(work: Working, shift: Shift, tally: Tally) -> Loading:
    """Diff the milestones that changed, and those that lean on a career that moved."""
    reaches = [r for t in work.flipped(MILESTONE_REACHED) if (r := reach(t.data))]
    if shift.moved:
        reaches.append((shift.since, FOREVER))
    if not reaches:
        return
    yield from work.ranges((Section.milestone, lo, hi) for lo, hi in reaches)
    old, new = work.alone(MILESTONE_REACHED, before=True), work.alone(MILESTONE_REACHED, before=False)
    tally.sign = -1
    milestones.contribute(shift.old, [t.data for t in old], tally)
    tally.sign = 1
    milestones.contribute(shift.new, [t.data for t in new], tally)
    for t in new:
        if span := reach(t.data):
            work.move(t.entry.key, Section.milestone, *span)
