"""Which events of a record contradict it: those without which an anomaly would not be counted.

Nothing here knows what kinds of anomalies there are: an event is left out, the rest is counted anew, and what is then
counted less often is what the event has a part in. Of two that contradict each other both are found.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from services.metrics.domain.facts.entry import Entry, ReadEntry
from services.metrics.domain.facts.tally import Tally
from services.metrics.domain.record.fold import fold, part_of
from services.metrics.domain.record.record import Stored
from services.metrics.domain.record.refold import holding, run
from shared.contracts.subjects import UNIT

MOST_COUNTED = 20_000
"""Events that are counted anew for one record, at most: a large one is looked at in part."""


def read(stored: Sequence[Stored]) -> list[ReadEntry]:
    """The events of a record that hold, in the order they were recorded."""
    return [ReadEntry(entry, entry.read()) for entry in sorted(holding(stored), key=lambda entry: entry.order)]


def units(subject: str, told: Iterable[ReadEntry]) -> list[str]:
    """The units that events of a record name; of a unit itself."""
    kind, _, ref = subject.partition("/")
    named = {unit for t in told if (unit := getattr(t.data, "unit", None))}
    return sorted(named | ({ref} if kind == UNIT else set()))


def events(subject: str, told: Sequence[ReadEntry], kind: str) -> list[Entry]:
    """The events that an anomaly of a kind would not be there without, as far as they are looked at.

    First it is found which events that fold together have a part in it, then which of these: all, if none alone.
    """
    counted, found = _Counted(subject, told, kind), list[Entry]()
    together = defaultdict[str, list[ReadEntry]](list)
    for t in told:
        together[part_of(t) or t.entry.key].append(t)
    for some in together.values():
        if counted.less_without(some):
            alone = [t for t in some if counted.less_without([t])] if len(some) > 1 else []
            found += [t.entry for t in alone or some]
    return found


class _Counted:
    """How often a kind is counted, with some events left out; a few thousand counts of events and no more."""

    def __init__(self, subject: str, told: Sequence[ReadEntry], kind: str) -> None:
        self._subject, self._told, self._kind = subject, told, kind
        self._room = MOST_COUNTED
        self._whole = self._count(told)

    def less_without(self, some: Sequence[ReadEntry]) -> bool:
        """Whether it is counted less often without these; False once there is no room to look."""
        left_out = {t.entry.key for t in some}
        return self._room > 0 and self._count([t for t in self._told if t.entry.key not in left_out]) < self._whole

    def _count(self, told: Sequence[ReadEntry]) -> int:
        self._room -= len(told) + 1
        tally = Tally()
        run(fold(self._subject, told, tally, bounded=False))
        return tally.anomalies.get(self._kind, 0)
