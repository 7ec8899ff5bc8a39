"""That a person is erased, and which of their events count nevertheless: of a return, told after it.

Which they are is a function of an event and of the erasure alone, so it makes no difference in which order they come.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from services.metrics.domain.facts.entry import Entry, ReadEntry
from services.metrics.domain.record.record import ERASURE, Row, Section, Stored
from shared.contracts.erased import ERASED
from shared.contracts.event_types import RETRACTED


class Erasure(msgspec.Struct, frozen=True, array_like=True):
    """What was recorded by ``at`` (microseconds) counts for nothing, nor what is about days up to ``through``."""

    at: int
    through: int

    def covers(self, other: "Erasure") -> bool:
        """Whether another adds nothing to it."""
        return self.at >= other.at and self.through >= other.through

    def overrules(self, t: ReadEntry) -> bool:
        """Whether an event counts for nothing."""
        return t.entry.at <= self.at or _first_day(t.data) <= self.through

    def keeps(self, row: Row) -> bool:
        """Whether the identity of an event that does not hold is still needed: of one that was recorded later."""
        return row.at > self.at or (row.corrector is not None and row.corrector[0] > self.at)


class Left(NamedTuple):
    """Arriving events that count, the place of each among all that arrive, and how many do not count."""

    told: Sequence[ReadEntry]
    places: Sequence[int]
    ignored: int


def erasure_of(row: Stored) -> Erasure:
    """From the part that is kept under ERASURE."""
    return msgspec.msgpack.decode(row.body, type=Erasure)


def stored(erasure: Erasure) -> Stored:
    """The part that is kept of it."""
    return Stored(ERASURE, Section.plain, 0, 0, msgspec.msgpack.encode(erasure))


def markers(arrivals: Sequence[ReadEntry]) -> list[Erasure]:
    """The erasures among events that arrive."""
    return [Erasure(t.entry.at, t.data.through.toordinal()) for t in arrivals if t.entry.type == ERASED]


def together(erasures: Sequence[Erasure]) -> Erasure:
    """Several as one."""
    return Erasure(max(e.at for e in erasures), max(e.through for e in erasures))


def left(erasure: Erasure, arrivals: Sequence[ReadEntry]) -> Left:
    """What counts of events that arrive.

    A correction told later still ends what it corrects, whatever it says: of one that counts for nothing that is left.
    """
    told, places = [], []
    for place, t in enumerate(arrivals):
        if t.entry.type == ERASED:
            continue
        if not erasure.overrules(t):
            told.append(t)
        elif t.entry.at > erasure.at and t.entry.corrects:
            told.append(ReadEntry(_retraction(t.entry), None))
        else:
            continue
        places.append(place)
    return Left(told, places, sum(t.entry.type != ERASED for t in arrivals) - len(told))


def _retraction(entry: Entry) -> Entry:
    return entry._replace(type=RETRACTED, raw=b"")


def _first_day(data: object) -> int:
    """The first day that an event is about; of a retraction, which is about none, one that no erasure reaches."""
    if not isinstance(data, msgspec.Struct):
        return date.max.toordinal()
    days = (getattr(data, name) for name in data.__struct_fields__)
    return min((day.toordinal() for day in days if isinstance(day, date)), default=date.max.toordinal())
