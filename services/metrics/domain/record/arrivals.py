"""Which events of which deliveries messages bring.

An event has arrived with any message that names it, whatever becomes of that message: one that is put aside, one that
was folded before and one that another service reads are no longer to be waited for.
"""

from collections import defaultdict
from collections.abc import Iterable
from hashlib import blake2b
from typing import NamedTuple

import msgspec

from shared.contracts.envelope import DeliveryCount, Text

_NAMED = b'"delivery"'
"""What a message of a delivery holds: the others need not be read for this."""


class Delivery(NamedTuple):
    """What belongs together: an id of a source's own."""

    source: str
    id: str

    @property
    def key(self) -> int:
        """A digest by which it is found."""
        return digest(f"{len(self.source)}:{self.source}:{self.id}")


class Arrival(NamedTuple):
    """Events of one delivery by the digests of their ids, and how many it has, if that was said.

    If it was said twice otherwise, the greater number holds, so that order makes no difference. ``subjects`` are those
    that the events say they are about.
    """

    events: frozenset[int]
    size: int | None = None
    subjects: frozenset[str] = frozenset()


class _Named(msgspec.Struct, frozen=True):
    id: Text
    source: Text
    subject: object = None
    delivery: Text | None = None
    deliverycount: DeliveryCount | None = None


_decoder = msgspec.json.Decoder(_Named)


def arrivals(messages: Iterable[bytes | None]) -> dict[Delivery, Arrival]:
    """What messages bring of each delivery; one that cannot be read is of none."""
    events: dict[Delivery, set[int]] = {}
    subjects: dict[Delivery, set[str]] = defaultdict(set)
    sizes: dict[Delivery, int] = {}
    for named in filter(None, map(_read, messages)):
        if named.delivery is not None:
            delivery = Delivery(_plain(named.source), _plain(named.delivery))
            events.setdefault(delivery, set()).add(digest(named.id))
            if isinstance(named.subject, str):
                subjects[delivery].add(named.subject)
            if named.deliverycount is not None:
                sizes[delivery] = max(sizes.get(delivery, 0), named.deliverycount)
    return {
        delivery: Arrival(frozenset(some), sizes.get(delivery), frozenset(subjects[delivery]))
        for delivery, some in events.items()
    }


def _read(message: bytes | None) -> _Named | None:
    if not message or _NAMED not in message:
        return None
    try:
        return _decoder.decode(message)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _plain(text: str) -> str:
    """As PostgreSQL can hold it: its text has no NUL."""
    return text.replace("\0", "\\0")


def digest(text: str) -> int:
    """By which an event is found, from its id."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), signed=True)
