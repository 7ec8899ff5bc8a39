"""Bonuses before and after: those that changed, with all that may count on the same days."""

from services.metrics.domain.facts import bonus
from services.metrics.domain.facts.bonus import reach
from services.metrics.domain.facts.cell import FOREVER
from services.metrics.domain.facts.tally import Tally
from services.metrics.domain.record.changes.employments import Shift
from services.metrics.domain.record.record import Section
from services.metrics.domain.record.working import Loading, Working
from shared.contracts.event_types import BONUS_PAID


def change(work: Working, shift: Shift, tally: Tally) -> Loading:
    """Diff the bonuses that changed, and those that lean on a career that moved."""
    reaches = [reach(t.data) for t in work.flipped(BONUS_PAID)]
    if shift.moved:
        reaches.append((shift.since, FOREVER))
    if not reaches:
        return
    yield from work.ranges((Section.bonus, lo, hi) for lo, hi in reaches)
    for sign, career, before in ((-1, shift.old, True), (1, shift.new, False)):
        tally.sign = sign
        bonus.contribute(career.stretches, [t.data for t in work.alone(BONUS_PAID, before=before)], tally)
    for t in work.alone(BONUS_PAID, before=False):
        work.move(t.entry.key, Section.bonus, *reach(t.data))
