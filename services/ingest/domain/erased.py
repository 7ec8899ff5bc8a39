"""What is published of an event of somebody who is erased: all of it, or as little as does not change what counts."""

import msgspec

from services.ingest.domain import decoding
from shared.contracts.envelope import CloudEvent
from shared.contracts.erasure import Erasure, Fate, microseconds
from shared.contracts.event_types import RETRACTED

_ABSENT = next(f.default for f in msgspec.structs.fields(CloudEvent) if f.name == "data")
"""The default itself, since msgspec leaves out no other."""


def left(event: CloudEvent, erasure: Erasure) -> CloudEvent | None:
    """The event, if it counts; of one that only ends what it corrects, a retraction of that; of any other nothing."""
    data = None if event.type == RETRACTED else decoding.data(event)
    match erasure.fate(microseconds(event.time), data, corrects=event.corrects is not None):
        case Fate.COUNTS:
            return event
        case Fate.ENDS:
            return msgspec.structs.replace(event, type=RETRACTED, knownfrom=None, data=_ABSENT)
        case Fate.NOTHING:
            return None
