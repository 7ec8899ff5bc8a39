"""Bytes to an envelope and the data of its type; every fault of form becomes a RefusalError."""

import re
from collections.abc import Mapping

import msgspec

from services.ingest.domain import identity_number, personal_data
from services.ingest.domain.outcome import Attributes, Incoming
from services.ingest.domain.refusal import RefusalError, explained
from shared.contracts import envelope as envelope_of
from shared.contracts.envelope import ATTRIBUTES, CloudEvent, decode
from shared.contracts.events import TYPES, Data
from shared.contracts.names import not_a_reference

LIMIT = 1_000_000
"""Bytes of one event: what is accepted then fits a Kafka message of the default size."""
LONGEST = 500
"""Characters of an id or source that a refusal repeats: what one that can be accepted has at most."""
IGNORED = 10_000
"""Bytes of what is left out of an event: all of it is looked into, which takes far longer than to read it."""
MALFORMED = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What decoding raises."""


class _Identity(msgspec.Struct, frozen=True):
    id: object = None
    source: object = None


_data_of = {name: msgspec.json.Decoder(kind) for name, (_, kind) in TYPES.items()}
_fields_of = msgspec.json.Decoder(dict[str, msgspec.Raw])
_encode = msgspec.json.encode
_identity_of = msgspec.json.Decoder(_Identity)
_known = {name: frozenset(f.encode_name for f in msgspec.structs.fields(kind)) for name, (_, kind) in TYPES.items()}
_NUMBER = "deliverycount"
_DIGITS = re.compile("[0-9]{1,18}")
_published = ATTRIBUTES - {"datacontenttype"} | {"data"}


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


def _binary(attributes: Attributes, body: bytes) -> CloudEvent:
    """Headers carry all attributes as texts, also the one that is a number."""
    if "data" in attributes:
        raise RefusalError("invalid_value", "$.data", "in binary mode the body is the data: no header may be called so")
    count = attributes.get(_NUMBER, "")
    read = {**attributes, _NUMBER: int(count)} if _DIGITS.fullmatch(count) else attributes
    return msgspec.structs.replace(msgspec.convert(read, CloudEvent), data=msgspec.Raw(body))


def parts(incoming: Incoming) -> Mapping[str, msgspec.Raw]:
    """The attributes and the data by name, each still to be read; raises what decoding raises."""
    if incoming.attributes is None:
        return fields(msgspec.Raw(incoming.body or b""))
    given = {name: msgspec.Raw(_encode(value)) for name, value in incoming.attributes.items()}
    count = incoming.attributes.get(_NUMBER, "")
    number = {_NUMBER: msgspec.Raw(count.encode())} if _DIGITS.fullmatch(count) else {}
    return {**given, **number, "data": msgspec.Raw(incoming.body or b"")}


def fields(data: msgspec.Raw) -> Mapping[str, msgspec.Raw]:
    """The fields of an object; raises what decoding raises."""
    return _fields_of.decode(data)


def data(event: CloudEvent) -> Data:
    """The data, as the event's type says to read it."""
    if bytes(event.data) in {b"", b"null"}:
        raise RefusalError("missing_field", "$.data", "data is missing")
    try:
        return _data_of[event.type].decode(event.data)
    except MALFORMED as error:
        raise explained(error, "$.data") from None


def check_attributes(incoming: Incoming) -> tuple[str, ...]:
    """The attributes that nobody knows. What is not published must hold no identity number: RefusalError."""
    attributes = _fields_of.decode(incoming.body or b"") if incoming.attributes is None else incoming.attributes
    if attributes.keys() <= _published:
        return ()
    extra = {name: value for name, value in attributes.items() if name not in _published}
    _check_ignored(extra, "$")
    return tuple(name for name in extra if name not in ATTRIBUTES)


def unknown_fields(event: CloudEvent) -> tuple[str, ...]:
    """The fields of the data that the type does not know; they must not hold identity numbers either."""
    fields = _fields_of.decode(event.data)
    known = _known[event.type]
    if fields.keys() <= known:
        return ()
    extra = {name: value for name, value in fields.items() if name not in known}
    _check_ignored(extra, "$.data")
    return tuple(extra)


def _check_ignored(fields: Mapping[str, str | msgspec.Raw], path: str) -> None:
    if sum(len(name) + _size(value) for name, value in fields.items()) > IGNORED:
        raise RefusalError("invalid_value", path, f"more than {IGNORED:,} bytes that no type knows")
    try:
        read = {name: msgspec.json.decode(v) if isinstance(v, msgspec.Raw) else v for name, v in fields.items()}
    except MALFORMED as error:
        raise explained(error, path) from None
    personal_data.check_ignored(read, path)


def _size(value: str | msgspec.Raw) -> int:
    return len(value) if isinstance(value, str) else memoryview(value).nbytes


def identity(incoming: Incoming) -> tuple[str | None, str | None]:
    """``id`` and ``source`` of what may be anything, as far as they can be read and be shown."""
    found = _told(incoming)
    return _shown(found.id), _shown(found.source)


def tenant(incoming: Incoming) -> object:
    """What a message, which may be anything, says of whose it is; None if nothing that can be read."""
    return envelope_of.whose(incoming.body or b"") if incoming.attributes is None else incoming.attributes.get("tenant")


def _told(incoming: Incoming) -> _Identity:
    try:
        if incoming.attributes is not None:
            return msgspec.convert(incoming.attributes, _Identity)
        return _identity_of.decode(incoming.body or b"")
    except MALFORMED:
        return _Identity()


def _shown(text: object) -> str | None:
    """A reference that is one, and no identity number."""
    if not isinstance(text, str) or len(text) > LONGEST or not_a_reference(text) or identity_number.is_in(text):
        return None
    return text
