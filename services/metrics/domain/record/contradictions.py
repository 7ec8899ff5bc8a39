"""Which events of a record contradict it: those without which an anomaly would not be counted.

Nothing here knows what kinds of anomalies there are: an event is left out, the rest is counted anew, and what is then
counted less often is what the event has a part in. Of two that contradict each other both are found.
"""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Sequence

from services.metrics.domain.facts.career import between
from services.metrics.domain.facts.entry import Entry, ReadEntry
from services.metrics.domain.facts.period import periods
from services.metrics.domain.facts.service import career, days
from services.metrics.domain.facts.tally import Tally
from services.metrics.domain.record.fold import fold, part_of
from services.metrics.domain.record.record import JOB, Stored
from services.metrics.domain.record.refold import holding, run
from shared.contracts.subjects import UNIT

MOST_COUNTED = 20_000
"""Events that are counted anew for one record, at most: a large one is looked at in part."""


Count = Callable[[Sequence[ReadEntry]], int]
"""How often something is so by some events of a record."""


def read(stored: Sequence[Stored]) -> list[ReadEntry]:
    """The events of a record that hold, in the order they were recorded."""
    return [ReadEntry(entry, entry.read()) for entry in sorted(holding(stored), key=lambda entry: entry.order)]


def units(subject: str, told: Iterable[ReadEntry]) -> list[str]:
    """The units that events of a record name; of a unit itself."""
    kind, _, ref = subject.partition("/")
    named = {unit for t in told if (unit := getattr(t.data, "unit", None))}
    return sorted(named | ({ref} if kind == UNIT else set()))


def of_kind(subject: str, kind: str) -> Count:
    """Counts anomalies of a kind that a record has."""

    def count(told: Sequence[ReadEntry]) -> int:
        tally = Tally()
        run(fold(subject, told, tally, bounded=False))
        return tally.anomalies.get(kind, 0)

    return count


def in_units(subject: str, units: Container[str], on: int) -> Count:
    """Counts 1 for a person who works in one of some units on a day, and is paid by the month."""
    ref = subject.partition("/")[2]

    def count(told: Sequence[ReadEntry]) -> int:
        found = career(days(periods([t for t in told if part_of(t) == JOB], ref).found))
        return sum(s.home.unit in units and s.form != "hourly" for s in between(found.stretches, on, on))

    return count


def events(told: Sequence[ReadEntry], count: Count) -> list[Entry]:
    """The events that as much would not be counted without, as far as they are looked at.

    First it is found which events that fold together have a part in it, then which of these: all, if none alone.
    """
    counted, found = _Counted(told, count), list[Entry]()
    together = defaultdict[str, list[ReadEntry]](list)
    for t in told:
        together[part_of(t) or t.entry.key].append(t)
    for some in together.values():
        if counted.less_without(some):
            alone = [t for t in some if counted.less_without([t])] if len(some) > 1 else []
            found += [t.entry for t in alone or some]
    return found


class _Counted:
    """How much is counted, with some events left out; a few thousand counts of events and no more."""

    def __init__(self, told: Sequence[ReadEntry], count: Count) -> None:
        self._told, self._count = told, count
        self._room = MOST_COUNTED - len(told) - 1
        self._whole = count(told)

    def less_without(self, some: Sequence[ReadEntry]) -> bool:
        """Whether less is counted without these; False once there is no room to look."""
        left_out = {t.entry.key for t in some}
        left = [t for t in self._told if t.entry.key not in left_out]
        has_room, self._room = self._room > 0, self._room - len(left) - 1
        return has_room and self._count(left) < self._whole
