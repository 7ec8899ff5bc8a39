"""Sealed events of persons on ``hr.events``, and the wrapped keys to them on ``hr.keys``.

What is in the clear says where an event belongs and what it is called; all that it tells of the person is sealed.
"""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from shared.contracts.envelope import CloudEvent, DeliveryCount, Text
from shared.contracts.subjects import PERSON_PREFIX

TYPE: Literal["hr.sealed.v1"] = "hr.sealed.v1"
"""The type of every sealed event: its own type is sealed, since it tells of the person."""
BEGINNING = b'{"sealed":"'
"""How a sealed event begins, by which it is known before it is read."""
BETWEEN = "|"
"""Stands between a person's pseudonym and a key's id in the key of a message of hr.keys."""
ERASED = "erased"
"""Stands in the place of a key's id: in an event nothing is sealed of somebody who is erased; on hr.keys, under the
person's name, is since when (``erasure``)."""
KNOWING = "."
"""Stands in a key's id before the erasing (microseconds since 1970) that was known of when the key was made."""
DIGITS = 20
"""More than a time has that the calendar has."""
KeyId = Annotated[str, Meta(min_length=1, max_length=40)]


class Sealed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An event as it travels sealed; ``sealed`` is the id of the key, which stands first.

    Of somebody who is erased, what counts for nothing has ``erased`` in its place, and no data.
    ``data_base64`` is a nonce of twelve bytes and, by AES-256-GCM, what ``Told`` holds as JSON; bound to it are the
    subject, the id and the source (``bound``). All else is as in the event.
    """

    sealed: KeyId
    specversion: Literal["1.0"]
    id: Text
    source: Text
    type: Literal["hr.sealed.v1"]
    subject: Text
    delivery: Text | None = None
    deliverycount: DeliveryCount | None = None
    tenant: Text | None = None
    data_base64: bytes

    @property
    def key(self) -> str:
        """The name of its key on hr.keys."""
        return name(self.subject.removeprefix(PERSON_PREFIX), self.sealed)

    @property
    def bound(self) -> bytes:
        """What is authenticated beside what is sealed: a ciphertext under another subject, id or source is refused."""
        return bound(self.subject, self.id, self.source)


class Told(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is sealed of an event."""

    type: Text
    time: Annotated[datetime, Meta(tz=True)]
    corrects: Text | None = None
    knownfrom: date | None = None
    data: msgspec.Raw = msgspec.Raw(b"")


class WrappedKey(msgspec.Struct, frozen=True, kw_only=True):
    """A person's key: a nonce of twelve bytes and the key by AES-256-GCM, bound to the message's own key.

    ``master`` is what the master key is called that wraps it, ``print`` its fingerprint, by which it is known.
    """

    master: Text
    print: Text
    wrapped: bytes


_sealed, _told, _wrapped = msgspec.json.Decoder(Sealed), msgspec.json.Decoder(Told), msgspec.json.Decoder(WrappedKey)
_encoder = msgspec.json.Encoder()
_ABSENT = next(f.default for f in msgspec.structs.fields(Told) if f.name == "data")
"""The default itself, since msgspec leaves out no other."""


def is_sealed(message: bytes) -> bool:
    """Whether a message of hr.events says that it is sealed."""
    return message.startswith(BEGINNING)


def is_about_a_person(event: CloudEvent) -> bool:
    """Whether an event is one of those that are sealed."""
    return event.subject.startswith(PERSON_PREFIX)


def decode(message: bytes) -> Sealed:
    """A sealed event; raises msgspec.MsgspecError, UnicodeDecodeError or RecursionError."""
    return _sealed.decode(message)


def wrapped_key(message: bytes) -> WrappedKey:
    """What a message of hr.keys holds; raises msgspec.MsgspecError, UnicodeDecodeError or RecursionError."""
    return _wrapped.decode(message)


def encode(message: Sealed | WrappedKey) -> bytes:
    """As it travels."""
    return _encoder.encode(message)


def emptied(event: CloudEvent) -> bytes:
    """An event of somebody who is erased as it travels: that there was one, and nothing of what it tells."""
    return encode(envelope(event, ERASED, b""))


def envelope(event: CloudEvent, key: str, content: bytes) -> Sealed:
    """What of an event is in the clear, around what is sealed by a key of this id."""
    return Sealed(
        sealed=key,
        specversion="1.0",
        id=event.id,
        source=event.source,
        type=TYPE,
        subject=event.subject,
        delivery=event.delivery,
        deliverycount=event.deliverycount,
        tenant=event.tenant,
        data_base64=content,
    )


def told(event: CloudEvent) -> bytes:
    """What of an event is to be sealed."""
    data = event.data if bytes(event.data) else _ABSENT
    said = Told(type=event.type, time=event.time, corrects=event.corrects, knownfrom=event.knownfrom, data=data)
    return _encoder.encode(said)


def opened(message: Sealed, content: bytes) -> CloudEvent:
    """The event that was sealed, of what it says in the clear and what was sealed; raises msgspec.MsgspecError."""
    said = _told.decode(content)
    return CloudEvent(
        specversion="1.0",
        id=message.id,
        source=message.source,
        type=said.type,
        subject=message.subject,
        time=said.time,
        corrects=said.corrects,
        delivery=message.delivery,
        deliverycount=message.deliverycount,
        knownfrom=said.knownfrom,
        tenant=message.tenant,
        data=said.data,
    )


def bound(subject: str, id_: str, source: str) -> bytes:
    """Subject, id and source of an event as one; the lengths keep them apart."""
    return f"{len(subject)}:{subject}{len(id_)}:{id_}{source}".encode()


def name(pseudonym: str, key: str) -> str:
    """The key of the message on hr.keys that holds this key of this person."""
    return f"{pseudonym}{BETWEEN}{key}"


def person(named: str) -> str:
    """Whose key it is that has this name."""
    return named.partition(BETWEEN)[0]


def key_id(named: str) -> str:
    """The id of the key that has this name."""
    return named.partition(BETWEEN)[2]


def knowing(id_: str, erased: int) -> str:
    """The id of a key that is made for somebody who is known to be erased (microseconds)."""
    return f"{id_}{KNOWING}{erased}"


def known(named: str) -> int:
    """The erasing (microseconds) that was known of when the key of this name was made; 0: of none."""
    digits = key_id(named).partition(KNOWING)[2]
    return int(digits) if len(digits) <= DIGITS and digits.isdecimal() else 0
