"""``/v1/dead-letters`` of metrics and alerts: the messages that a service put aside, and what becomes of them.

What a message says may be about a person, if only under a pseudonym: lists tell where and why, never what.
"""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Reason = Literal[
    "empty_message",
    "not_json",
    "unknown_type",
    "wrong_type",
    "not_believed",
    "unknown_measure",
    "record_full",
    "refused_by_database",
    "set_aside",
    "other_tenant",
    "not_unsealed",
]
"""Why a message was put aside: it cannot be read, it breaks the contract, its sender cannot have said it, the plan it
is about has no such measure, the record of its subject holds no more, PostgreSQL refuses a value of it, or an operator
said so; it does not say that it is of the service's tenant, and then nothing of it is kept; or what is sealed was
changed, or is another event's."""

OTHER_TENANT: Reason = "other_tenant"

Became = Literal["taken", "refused", "failed", "gone"]
"""What came of a retry: taken in and no longer kept; refused again; the service itself failed; not kept any more."""

MOST_PLACES = 100
"""Of one retry: so that its answer takes seconds at the most."""


class Place(msgspec.Struct, frozen=True, order=True):
    """Where a message is in Kafka."""

    topic: str
    partition: Annotated[int, Meta(ge=0, le=2**31 - 1)]
    offset: Annotated[int, Meta(ge=0, le=2**63 - 1)]

    def __str__(self) -> str:
        """As people write it: ``hr.events/3/1234``."""
        return f"{self.topic}/{self.partition}/{self.offset}"


class Letter(msgspec.Struct, frozen=True):
    """A message that was put aside: where it is, why, how many bytes it has, and when it was put aside."""

    place: Place
    reason: str
    bytes: int
    received: datetime


class Letters(msgspec.Struct, frozen=True):
    """Those asked for, in the order of their places, and how many there are in all, by reason."""

    letters: list[Letter]
    waiting: dict[str, int]


class Content(msgspec.Struct, frozen=True):
    """A message as it came, in Base64, and what was wrong with it."""

    letter: Letter
    error: str
    key: bytes | None
    value: bytes | None


class Retry(msgspec.Struct, frozen=True):
    """Which messages to take through the service again."""

    places: Annotated[list[Place], Meta(min_length=1, max_length=MOST_PLACES)]


class Retried(msgspec.Struct, frozen=True):
    """What became of one; ``error`` names the kind of fault where it is still kept."""

    place: Place
    became: Became
    error: str | None = None


class SetAside(msgspec.Struct, frozen=True):
    """A message that stops the service and is to be put aside all the same, and why."""

    place: Place
    why: Annotated[str, Meta(min_length=1, max_length=500)]


def place(text: str) -> Place:
    """A place as people write it; raises ValueError."""
    topic, *numbers = text.split("/")
    try:
        if len(numbers) == 2 and topic and all(n.isascii() and n.isdigit() for n in numbers):
            partition, offset = map(int, numbers)
            return msgspec.convert({"topic": topic, "partition": partition, "offset": offset}, Place)
    except msgspec.ValidationError:
        pass
    raise ValueError(f"{text!r}: expected TOPIC/PARTITION/OFFSET, such as hr.events/3/1234")
