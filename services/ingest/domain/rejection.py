"""The record of a refusal on ``hr.rejected``: for whoever mends the source, with the original bytes.

Whatever the sender wrote stands in the body, none of it in a header: headers are shown by tools and logged by brokers.
However large the message was, its record fits a Kafka message: each part of it has a limit of its own, and the
original gets the room that is left.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Literal, NamedTuple

import msgspec
from msgspec.structs import replace

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


def record(
    refused: Refused, received: datetime, channel: Channel, keep: int = KEPT, tenant: Tenant = ALONE
) -> KafkaRecord:
    """Key: the reason. At most ``keep`` bytes of the original are kept; with 0 none of its attributes either.

    ``tenant`` is whose door it came to.
    """
    shell = Rejection(
        reason=refused.reason,
        path=refused.path[:TEXT],
        message=refused.message[:TEXT],
        received=received,
        channel=channel,
        source=refused.source and refused.source[:TEXT],
        original=b"",
        attributes=_attributes(refused.attributes) if keep else None,
        token=refused.token and refused.token[:TEXT],
        faults=tuple(_faults(refused)),
        tenant=tenant.extension,
    )
    size = len(refused.original)
    kept = min(size, keep, _room(shell)) if size else 0
    message = shell.message + (f" (of {size} bytes the first {kept} are kept)" if kept < size else "")
    value = encode(replace(shell, message=message, original=refused.original[:kept]))
    return KafkaRecord(
        refused.reason.encode(), value, [("reason", refused.reason.encode()), ("channel", channel.encode())]
    )


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
