"""A body with many events, taken apart: counted first, so that what is too much costs nothing."""

from itertools import takewhile

import msgspec

from services.ingest.domain.decoding import MALFORMED
from services.ingest.domain.refusal import RefusalError, explained

EVENTS = 10_000
"""The most events of a batch."""
_ABSENT = msgspec.Raw(b"")
_TOO_MANY = f"of at most length {EVENTS}"
_Elements = msgspec.defstruct(
    "_Elements",
    [(f"_{i}", msgspec.Raw, _ABSENT) for i in range(EVENTS)],
    array_like=True,
    forbid_unknown_fields=True,
)
"""An array of that many places. One longer is refused at the first element without a place: a list is not, before all
of its elements are there."""
_decoder = msgspec.json.Decoder(_Elements)


def split(body: bytes) -> list[msgspec.Raw]:
    """The elements of a JSON array; raises RefusalError if it is none, or too long."""
    try:
        found = _decoder.decode(body)
    except MALFORMED as error:
        if _TOO_MANY in str(error):
            raise RefusalError("too_large", "$", f"a batch has at most {EVENTS} events") from None
        raise explained(error) from None
    return list(takewhile(lambda element: element is not _ABSENT, msgspec.structs.astuple(found)))
