"""What a record keeps of an erasure or of trimming, and what is left of the events that arrive after it."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from services.metrics.domain.facts.entry import Entry, ReadEntry
from services.metrics.domain.record.record import ERASURE, Row, Section, Stored
from shared.contracts.erased import ERASED, FAMILIES, TRIMMED
from shared.contracts.erasure import Erasure, Fate
from shared.contracts.event_types import RETRACTED

MARKERS = (ERASED, TRIMMED)


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


def keeps(erasure: Erasure, row: Row) -> bool:
    """Whether the identity of an event that does not hold is still needed: of one that was recorded later."""
    return row.at > erasure.at or (row.corrector is not None and row.corrector[0] > erasure.at)


def fate_of(erasure: Erasure, t: ReadEntry) -> Fate:
    """What an event of the record comes to."""
    family = FAMILIES.get(t.entry.type, "")
    return erasure.fate(t.entry.at, t.data, family=family, corrects=t.entry.corrects is not None)


def left(erasure: Erasure, arrivals: Sequence[ReadEntry]) -> Left:
    """What counts of events that arrive.

    A correction told later still ends what it corrects, whatever it says: of one that counts for nothing that is left.
    """
    told, places = [], []
    for place, t in enumerate(arrivals):
        if t.entry.type in MARKERS:
            continue
        fate = fate_of(erasure, t)
        if fate is Fate.NOTHING:
            continue
        told.append(t if fate is Fate.COUNTS else ReadEntry(_retraction(t.entry), None))
        places.append(place)
    return Left(told, places, sum(t.entry.type not in MARKERS for t in arrivals) - len(told))


def _retraction(entry: Entry) -> Entry:
    return entry._replace(type=RETRACTED, raw=b"")
