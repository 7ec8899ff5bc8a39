"""The career before and after: everything else a person contributes leans on it."""

from collections.abc import Sequence
from typing import NamedTuple

from services.metrics.domain.facts import employment
from services.metrics.domain.facts.career import Career, first_difference
from services.metrics.domain.facts.cell import FOREVER
from services.metrics.domain.facts.entry import ReadEntry
from services.metrics.domain.facts.period import periods
from services.metrics.domain.facts.service import CareerDays, career, days
from services.metrics.domain.facts.tally import Tally
from services.metrics.domain.record.record import JOB
from services.metrics.domain.record.working import Working


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
    before = work.contributed or _contribute(work.told(work.before(JOB)), ref).tally
    after = _contribute(work.told(work.after(JOB)), ref)
    tally.add(before, -1)
    tally.add(after.tally)
    work.contributed = after.tally
    new = career(after.service)
    since = first_difference(old, new)
    return Shift(old, new, since, since <= FOREVER)


class Contributed(NamedTuple):
    """What employments contribute, and the days on which they are in force."""

    tally: Tally
    service: list[CareerDays]


def _contribute(told: Sequence[ReadEntry], ref: str) -> Contributed:
    found, anomalies = periods(told, ref)
    tally, service = Tally(), days(found)
    for kind, count in anomalies.items():
        tally.anomaly(kind, count)
    employment.contribute(found, service, tally)
    return Contributed(tally, service)
