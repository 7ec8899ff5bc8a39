"""What stays of events that hold no longer, where families of events are trimmed: that they do not hold.

What such an event said went when it was corrected, so nobody knows which days it was about: it stays dead, should it be
seen again. Once the family is trimmed through the day on which it was recorded, its type and time go as well.
"""

from collections.abc import Iterable

import msgspec

from services.metrics.domain.record.erasure import keeps
from services.metrics.domain.record.record import SIZE, Row, Stored
from shared.contracts.erased import FAMILIES
from shared.contracts.erasure import EPOCH, Erasure
from shared.contracts.event_types import RETRACTED

DAY = 86_400_000_000
"""Microseconds."""

_row = msgspec.msgpack.Decoder(Row).decode
_encode = msgspec.msgpack.Encoder().encode


def identities(erasure: Erasure, held: Iterable[Stored], folded: Iterable[Stored]) -> dict[str, Stored]:
    """Rows by key: those of what counts, as it was folded, and of the others that were held what is still needed."""
    found = {row.key: row for row in folded if row.key != SIZE}
    dead = ((row, _row(row.body)) for row in held if row.is_event)
    found |= {row.key: row for row, event in dead if not event.alive and keeps(erasure, event)}
    events = {key: _row(row.body) for key, row in found.items() if row.is_event}
    trimmed = {key for key, event in events.items() if not event.alive and _is_trimmed(erasure, event)}
    trimmed |= {key for key, event in events.items() if event.type == RETRACTED and event.corrects in trimmed}
    return found | {key: _bare(found[key], events[key]) for key in trimmed}


def _is_trimmed(erasure: Erasure, event: Row) -> bool:
    return EPOCH.toordinal() + event.at // DAY <= erasure.families.get(FAMILIES.get(event.type, ""), 0)


def _bare(row: Stored, event: Row) -> Stored:
    """That something of this id does not hold; the fold still finds which of its corrections was the latest."""
    return row._replace(body=_encode(Row(dead=event.dead, corrector=event.corrector)))
