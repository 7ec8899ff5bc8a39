"""The CloudEvents 1.0 envelope of every message, and its structured JSON form."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Text = Annotated[str, Meta(min_length=1, max_length=500)]
STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"


class CloudEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One event as it travels; ``data`` stays raw JSON until its type says how to read it.

    ``id`` + ``source`` identify the event; ``subject`` decides its record and partition; ``time`` is when the
    source recorded it; ``corrects`` names an earlier event of the same source and subject that this one replaces.
    """

    specversion: Literal["1.0"]
    id: Text
    source: Text
    type: Text
    subject: Text
    time: Annotated[datetime, Meta(tz=True)]
    datacontenttype: str | None = None
    corrects: Text | None = None
    data: msgspec.Raw = msgspec.Raw(b"")


ATTRIBUTES = frozenset(field.encode_name for field in msgspec.structs.fields(CloudEvent)) - {"data"}
"""The attributes by name: every other is an extension of the sender's."""

_decoder = msgspec.json.Decoder(CloudEvent)
_encoder = msgspec.json.Encoder()


def decode(body: bytes) -> CloudEvent:
    """One structured-mode event; raises msgspec.DecodeError or msgspec.ValidationError with the JSON path."""
    return _decoder.decode(body)


def encode(event: CloudEvent) -> bytes:
    """The structured JSON form of an event."""
    return _encoder.encode(event)
