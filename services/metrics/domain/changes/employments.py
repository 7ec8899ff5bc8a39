"""The career before and after: everything else a person contributes leans on it."""

from typing import NamedTuple

from services.metrics.domain import employment
from services.metrics.domain.career import Career, Days, career, days, employments, first_difference
from services.metrics.domain.cell import FOREVER
from services.metrics.domain.record import JOB
from services.metrics.domain.tally import Tally
from services.metrics.domain.working import Working


class Shift(NamedTuple):
    """A career as it was and as it is, whether they differ, and since when."""

    old: Career
    new: Career
    since: int = FOREVER + 1
    moved: bool = False


def change(work: Working, ref: str, tally: Tally) -> Shift:
    """Diff what employments contribute by themselves, and say how the career moved."""
    old = work.career()
    if JOB not in work.changed:
        return Shift(old, old)
    tally.sign = -1
    employment.contribute(_service(work, ref, tally, before=True), tally)
    tally.sign = 1
    service = _service(work, ref, tally, before=False)
    employment.contribute(service, tally)
    new = career(service)
    since = first_difference(old, new)
    return Shift(old, new, since, since <= FOREVER)


def _service(work: Working, ref: str, tally: Tally, *, before: bool) -> list[Days]:
    jobs, anomalies = employments(work.told(work.before(JOB) if before else work.after(JOB)), ref)
    for kind, count in anomalies.items():
        tally.anomaly(kind, count)
    return days(jobs)
