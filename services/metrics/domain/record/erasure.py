"""What a record keeps of an erasure, and what is left of the events that arrive of somebody who is erased."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from services.metrics.domain.facts.entry import Entry, ReadEntry
from services.metrics.domain.record.record import ERASURE, Row, Section, Stored
from shared.contracts.erased import ERASED
from shared.contracts.erasure import Erasure, Fate
from shared.contracts.event_types import RETRACTED


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


def keeps(erasure: Erasure, row: Row) -> bool:
    """Whether the identity of an event that does not hold is still needed: of one that was recorded later."""
    return row.at > erasure.at or (row.corrector is not None and row.corrector[0] > erasure.at)


def left(erasure: Erasure, arrivals: Sequence[ReadEntry]) -> Left:
    """What counts of events that arrive.

    A correction told later still ends what it corrects, whatever it says: of one that counts for nothing that is left.
    """
    told, places = [], []
    for place, t in enumerate(arrivals):
        if t.entry.type == ERASED:
            continue
        fate = erasure.fate(t.entry.at, t.data, corrects=t.entry.corrects is not None)
        if fate is Fate.NOTHING:
            continue
        told.append(t if fate is Fate.COUNTS else ReadEntry(_retraction(t.entry), None))
        places.append(place)
    return Left(told, places, sum(t.entry.type != ERASED for t in arrivals) - len(told))


def _retraction(entry: Entry) -> Entry:
    return entry._replace(type=RETRACTED, raw=b"")
