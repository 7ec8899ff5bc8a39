"""Bytes to an envelope and the data of its type; every fault of form becomes a RefusalError."""

import msgspec

from services.ingest.domain import personal_data
from services.ingest.domain.outcome import Incoming
from services.ingest.domain.refusal import RefusalError, explained
from shared.contracts.envelope import CloudEvent, decode
from shared.contracts.events import TYPES, Data

LIMIT = 1_000_000
"""Bytes of one event: what is accepted then fits a Kafka message of the default size."""
MALFORMED = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What decoding raises."""


class _Identity(msgspec.Struct, frozen=True):
    id: object = None
    source: object = None


_data_of = {name: msgspec.json.Decoder(kind) for name, (_, kind) in TYPES.items()}
_fields_of = msgspec.json.Decoder(dict[str, msgspec.Raw])
_identity_of = msgspec.json.Decoder(_Identity)
_known = {name: frozenset(f.encode_name for f in msgspec.structs.fields(kind)) for name, (_, kind) in TYPES.items()}


def envelope(incoming: Incoming) -> CloudEvent:
    """The CloudEvent of a message in either mode."""
    body = incoming.body or b""
    if not body and incoming.attributes is None:
        raise RefusalError("empty_message", "$", "the message is empty")
    if len(body) > LIMIT:
        raise RefusalError("too_large", "$", f"{len(body)} bytes; an event has at most {LIMIT}")
    try:
        body.decode()
        return decode(body) if incoming.attributes is None else _binary(incoming.attributes, body)
    except MALFORMED as error:
        raise explained(error) from None


def _binary(attributes: object, body: bytes) -> CloudEvent:
    return msgspec.structs.replace(msgspec.convert(attributes, CloudEvent), data=msgspec.Raw(body))


def data(event: CloudEvent) -> Data:
    """The data, as the event's type says to read it."""
    if bytes(event.data) in {b"", b"null"}:
        raise RefusalError("missing_field", "$.data", "data is missing")
    try:
        return _data_of[event.type].decode(event.data)
    except MALFORMED as error:
        raise explained(error, "$.data") from None


def unknown_fields(event: CloudEvent) -> int:
    """How many fields of the data the type does not know; they must not hold identity numbers either."""
    fields = _fields_of.decode(event.data)
    extra = {name: value for name, value in fields.items() if name not in _known[event.type]}
    if extra:
        try:
            personal_data.check_ignored(extra)
        except MALFORMED as error:
            raise explained(error, "$.data") from None
    return len(extra)


def identity(incoming: Incoming) -> tuple[str | None, str | None]:
    """``id`` and ``source``, as far as they can be read from what may be anything."""
    if incoming.attributes is not None:
        return incoming.attributes.get("id"), incoming.attributes.get("source")
    try:
        found = _identity_of.decode(incoming.body or b"")
    except MALFORMED:
        return None, None
    return (found.id if isinstance(found.id, str) else None, found.source if isinstance(found.source, str) else None)
