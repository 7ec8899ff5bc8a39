"""An event as it came, and what became of it."""

from collections.abc import Mapping

import msgspec

from shared.contracts.envelope import CloudEvent, encode
from shared.contracts.problems import Fault
from shared.contracts.rejections import Reason

Attributes = Mapping[str, str]
"""CloudEvents attributes by name, as binary mode carries them beside the data."""


class Incoming(msgspec.Struct, frozen=True):
    """Structured JSON or, with ``attributes``, the bytes of the data; ``body`` is None for a Kafka tombstone."""

    body: bytes | None
    attributes: Attributes | None = None


class Accepted(msgspec.Struct, frozen=True):
    """What is published, and the names of fields and of attributes that were left out."""

    event: CloudEvent
    unknown: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()

    @property
    def unknown_fields(self) -> int:
        """How many fields were left out."""
        return len(self.unknown)

    @property
    def key(self) -> bytes:
        """Of its record: the subject."""
        return self.event.subject.encode()

    @property
    def body(self) -> bytes:
        """As it travels."""
        return encode(self.event)


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """Why not, and the original; ``id`` and ``source`` as far as they could be read.

    ``faults`` are all that is wrong, the reason above being the first of them; empty means that it is the only one.
    ``token`` is what the token is called that it came with.
    """

    reason: Reason
    path: str
    message: str
    original: bytes
    id: str | None = None
    source: str | None = None
    attributes: Attributes | None = None
    faults: tuple[Fault, ...] = ()
    token: str | None = None


Outcome = Accepted | Refused
