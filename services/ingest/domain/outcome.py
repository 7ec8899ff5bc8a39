"""An event as it came, and what became of it."""

from collections.abc import Mapping

import msgspec

from shared.contracts.envelope import CloudEvent, encode
from shared.contracts.rejections import Reason

Attributes = Mapping[str, str]
"""CloudEvents attributes by name, as binary mode carries them beside the data."""


class Incoming(msgspec.Struct, frozen=True):
    """Structured JSON or, with ``attributes``, the bytes of the data; ``body`` is None for a Kafka tombstone."""

    body: bytes | None
    attributes: Attributes | None = None


class Accepted(msgspec.Struct, frozen=True):
    """What is published; ``unknown_fields`` counts what was left out."""

    event: CloudEvent
    unknown_fields: int

    @property
    def key(self) -> bytes:
        """Of its record: the subject."""
        return self.event.subject.encode()

    @property
    def body(self) -> bytes:
        """As it travels."""
        return encode(self.event)


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """Why not, and the original; ``id`` and ``source`` as far as they could be read."""

    reason: Reason
    path: str
    message: str
    original: bytes
    id: str | None = None
    source: str | None = None
    attributes: Attributes | None = None


Outcome = Accepted | Refused
