"""That a person is erased, or families of their events are trimmed, and which events count nevertheless.

Which they are is a function of an event and of the erasure alone, so it makes no difference in which order they come.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from services.metrics.domain.facts.entry import Entry, ReadEntry
from services.metrics.domain.record.record import ERASURE, Row, Section, Stored
from shared.contracts.erased import ERASED, FAMILIES, TRIMMED
from shared.contracts.event_types import RETRACTED

NEVER = -(2**62)
"""Microseconds: before anything was recorded."""
MARKERS = (ERASED, TRIMMED)


class Erasure(msgspec.Struct, frozen=True, array_like=True):
    """What was recorded by ``at`` (microseconds) counts for nothing, nor what is about days up to ``through``.

    ``families``: nor what events of a family say that name no day after one.
    """

    at: int = NEVER
    through: int = 0
    families: dict[str, int] = {}

    @property
    def is_of_all(self) -> bool:
        """Whether the person is erased, and not families of events alone."""
        return self.at > NEVER

    def covers(self, other: "Erasure") -> bool:
        """Whether another adds nothing to it."""
        trimmed = all(self.families.get(family, 0) >= day for family, day in other.families.items())
        return self.at >= other.at and self.through >= other.through and trimmed

    def overrules(self, t: ReadEntry) -> bool:
        """Whether an event counts for nothing."""
        return t.entry.at <= self.at or _first_day(t.data) <= self.through or self._trims(t)

    def _trims(self, t: ReadEntry) -> bool:
        until = self.families.get(FAMILIES.get(t.entry.type, ""), 0)
        return until > 0 and _last_day(t.data) <= until

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
    return [_marker(t) for t in arrivals if t.entry.type in MARKERS]


def _marker(t: ReadEntry) -> Erasure:
    through = t.data.through.toordinal()
    return Erasure(t.entry.at, through) if t.entry.type == ERASED else Erasure(families={t.data.family: through})


def together(erasures: Sequence[Erasure]) -> Erasure:
    """Several as one."""
    families: dict[str, int] = {}
    for family, day in (one for e in erasures for one in e.families.items()):
        families[family] = max(day, families.get(family, 0))
    return Erasure(max(e.at for e in erasures), max(e.through for e in erasures), families)


def left(erasure: Erasure, arrivals: Sequence[ReadEntry]) -> Left:
    """What counts of events that arrive.

    A correction told later still ends what it corrects, whatever it says: of one that counts for nothing that is left.
    """
    told, places = [], []
    for place, t in enumerate(arrivals):
        if t.entry.type in MARKERS:
            continue
        if not erasure.overrules(t):
            told.append(t)
        elif t.entry.at > erasure.at and t.entry.corrects:
            told.append(ReadEntry(_retraction(t.entry), None))
        else:
            continue
        places.append(place)
    return Left(told, places, sum(t.entry.type not in MARKERS for t in arrivals) - len(told))


def _retraction(entry: Entry) -> Entry:
    return entry._replace(type=RETRACTED, raw=b"")


def _first_day(data: object) -> int:
    """The first day that an event is about; of a retraction, which is about none, one that no erasure reaches."""
    return min(_days(data), default=date.max.toordinal())


def _last_day(data: object) -> int:
    """The last day that an event names; likewise."""
    return max(_days(data), default=date.max.toordinal())


def _days(data: object) -> list[int]:
    if not isinstance(data, msgspec.Struct):
        return []
    days = (getattr(data, name) for name in data.__struct_fields__)
    return [day.toordinal() for day in days if isinstance(day, date)]
