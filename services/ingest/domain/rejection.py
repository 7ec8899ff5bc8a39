"""The records of a refusal, for whoever mends the source: why and where, kept for weeks, and the original, for a day.

The first repeats nothing of what was refused but its source: it may name a person, who may ask to be gone in a day.
Whatever the sender wrote stands in the body, none of it in a header: headers are shown by tools and logged by brokers.
However large the message was, its record fits a Kafka message: each part of it has a limit of its own, and the
original gets the room that is left.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Literal, NamedTuple

import msgspec
from msgspec.structs import replace

from services.ingest.domain import identity_number
from services.ingest.domain.outcome import Refused
from shared.contracts.problems import MOST, Fault
from shared.contracts.rejections import Rejection, encode
from shared.contracts.tenants import ALONE, Tenant

Channel = Literal["http", "kafka"]
LARGEST = 1_000_000
"""Bytes of a record, framing and all: brokers and producers take 1,048,576 unless they are told otherwise."""
KEPT = 700_000
"""The most bytes of an original that are kept: a third more in base64."""
ATTRIBUTES = 32
NAME, TEXT = 64, 500
"""Attributes of an original in binary mode that are kept; characters of their names, and of any other text."""
FAULTS = 60_000
"""Bytes that the faults after the first may take together."""
FRAMING = 512
"""More than the key, the headers, what Kafka writes around them, and the words about what was cut take together."""


class KafkaRecord(NamedTuple):
    """A Kafka record; without a value it deletes what stands under its key."""

    key: bytes
    value: bytes | None
    headers: list[tuple[str, bytes]]


def record(refused: Refused, received: datetime, channel: Channel, tenant: Tenant = ALONE) -> KafkaRecord:
    """For ``hr.rejected``; key: the reason. ``tenant`` is whose door it came to."""
    said = _said(refused, received, channel, tenant)
    if said.source and identity_number.is_in(said.source):
        said = replace(said, source=None)
    return _keyed(said)


def original(
    refused: Refused, received: datetime, channel: Channel, keep: int = KEPT, tenant: Tenant = ALONE
) -> KafkaRecord | None:
    """For ``hr.rejected.originals``; at most ``keep`` bytes are kept. None where nothing was said."""
    size = len(refused.original)
    attributes = _attributes(refused.attributes)
    if not (size or attributes):
        return None
    shell = replace(_said(refused, received, channel, tenant), attributes=attributes)
    kept = min(size, keep, _room(shell)) if size else 0
    message = shell.message + (f" (of {size} bytes the first {kept} are kept)" if kept < size else "")
    return _keyed(replace(shell, message=message, original=refused.original[:kept]))


def _said(refused: Refused, received: datetime, channel: Channel, tenant: Tenant) -> Rejection:
    """Without the original."""
    return Rejection(
        reason=refused.reason,
        path=refused.path[:TEXT],
        message=refused.message[:TEXT],
        received=received,
        channel=channel,
        source=refused.source and refused.source[:TEXT],
        original=b"",
        token=refused.token and refused.token[:TEXT],
        faults=tuple(_faults(refused)),
        tenant=tenant.extension,
    )


def _keyed(one: Rejection) -> KafkaRecord:
    reason, channel = one.reason.encode(), one.channel.encode()
    return KafkaRecord(reason, encode(one), [("reason", reason), ("channel", channel)])


def _faults(refused: Refused) -> Iterator[Fault]:
    """The first, and of the others as many as there is room for."""
    first, *others = refused.faults or (Fault(reason=refused.reason, path=refused.path, detail=refused.message),)
    yield _cut(first)
    room = FAULTS
    for one in map(_cut, others[: MOST - 1]):
        room -= len(msgspec.json.encode(one)) + 1
        if room < 0:
            return
        yield one


def _cut(fault: Fault) -> Fault:
    return replace(fault, path=fault.path[:TEXT], detail=fault.detail[:TEXT])


def _room(shell: Rejection) -> int:
    """Bytes of the original that fit beside the rest: base64 writes four for each three."""
    return (LARGEST - FRAMING - len(encode(shell))) // 4 * 3


def _attributes(given: Mapping[str, str] | None) -> dict[str, str] | None:
    if given is None:
        return None
    return {name[:NAME]: value[:TEXT] for name, value in list(given.items())[:ATTRIBUTES]}
