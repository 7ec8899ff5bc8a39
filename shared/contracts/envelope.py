"""The CloudEvents 1.0 envelope of every message, and its structured JSON form."""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Text = Annotated[str, Meta(min_length=1, max_length=500)]
DeliveryCount = Annotated[int, Meta(ge=1, le=100_000_000)]
STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"


class CloudEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One event as it travels; ``data`` stays raw JSON until its type says how to read it.

    ``id`` + ``source`` identify the event; ``subject`` decides its record and partition; ``time`` is when the
    source recorded it; ``corrects`` names an earlier event of the same source and subject that this one replaces.
    ``delivery`` names what belongs together, of one source; one of its events, the last as a rule, says with
    ``deliverycount`` how many events it has. ``knownfrom`` is the day from which the source tells all there is of this
    type: without it, the day of its first event. ``tenant`` is whose it is, of an installation that several share.
    """

    specversion: Literal["1.0"]
    id: Text
    source: Text
    type: Text
    subject: Text
    time: Annotated[datetime, Meta(tz=True)]
    datacontenttype: str | None = None
    corrects: Text | None = None
    delivery: Text | None = None
    deliverycount: DeliveryCount | None = None
    knownfrom: date | None = None
    tenant: Text | None = None
    data: msgspec.Raw = msgspec.Raw(b"")


ATTRIBUTES = frozenset(field.encode_name for field in msgspec.structs.fields(CloudEvent)) - {"data"}
"""The attributes by name: every other is an extension of the sender's."""


class _Whose(msgspec.Struct, frozen=True):
    tenant: object = None


_decoder = msgspec.json.Decoder(CloudEvent)
_whose = msgspec.json.Decoder(_Whose)
_encoder = msgspec.json.Encoder()


def decode(body: bytes) -> CloudEvent:
    """One structured-mode event; raises msgspec.DecodeError or msgspec.ValidationError with the JSON path."""
    return _decoder.decode(body)


def whose(body: bytes) -> object:
    """What something that may be no event says of its tenant; None if nothing that can be read."""
    try:
        return _whose.decode(body).tenant
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def encode(event: CloudEvent) -> bytes:
    """The structured JSON form of an event."""
    return _encoder.encode(event)
