"""Caseload reports before and after, between the report before the first change and the one after the last."""

from services.metrics.domain import caseload
from services.metrics.domain.caseload import Held
from services.metrics.domain.cell import FOREVER
from services.metrics.domain.changes.employments import Shift
from services.metrics.domain.entry import day
from services.metrics.domain.record import Section
from services.metrics.domain.tally import Tally
from services.metrics.domain.working import Loading, Working

CASELOAD = "hr.caseload.reported.v1"


def change(work: Working, shift: Shift, tally: Tally) -> Loading:
    """Diff the reports whose days changed, and those that lean on a career that moved."""
    days = [day(t.data.effective) for t in work.flipped(CASELOAD)]
    low = min([d - 1 for d in days] + [shift.since])
    high = FOREVER if shift.moved else max(days)
    yield from work.ranges([(Section.caseload, low, high)])
    if not shift.moved and not any(hi >= high for _, hi in _known(work, low, high)):
        yield from work.ranges([(Section.caseload, high, FOREVER)])
    until = max((hi for _, hi in _known(work, low, FOREVER)), default=FOREVER)
    _diff(work, shift, low, until, tally)


def _known(work: Working, low: int, high: int) -> list[tuple[int, int]]:
    rows = work.identities.rows
    return [s for k, s in work.spans.items() if k in rows and rows[k].type == CASELOAD and s[0] <= high and s[1] >= low]


def _diff(work: Working, shift: Shift, low: int, until: int, tally: Tally) -> None:
    old, new = _sequence(work, low, until, before=True), _sequence(work, low, until, before=False)
    stand = set() if shift.moved else set(old) & set(new)
    for sign, career, held in ((-1, shift.old, old), (1, shift.new, new)):
        tally.sign = sign
        caseload.contribute(career.stretches, [h for h in held if h not in stand], tally)
    for h in new:
        work.move(h.key, Section.caseload, h.first, max(h.first, h.last))


def _sequence(work: Working, low: int, until: int, *, before: bool) -> list[Held]:
    """The reports on the days at hand; a repeat of a report from other days may be loaded too and is left out."""
    near = []
    for t in work.alone(CASELOAD, before=before):
        first = day(t.data.effective)
        span = work.spans.get(t.entry.key)
        if first <= until and (first >= low or (span is not None and span[1] >= low)):
            near.append(t)
    return caseload.sequence(near, until)
