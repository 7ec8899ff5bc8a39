"""What the metrics service answers of persons: what is known of one, and which erasings there were."""

from datetime import date, datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from shared.contracts.dead_letters import Place
from shared.contracts.erased import Family

Person = Annotated[str, Meta(min_length=1, max_length=200)]
"""The pseudonym that ingest makes."""
Why = Annotated[str, Meta(min_length=1, max_length=500)]


class OfPerson(msgspec.Struct, frozen=True):
    """Of whom something is asked."""

    person: Person


class ToErase(msgspec.Struct, frozen=True):
    """Whom to erase together, and why; the reason names nobody."""

    persons: Annotated[list[Person], Meta(min_length=1, max_length=1_000)]
    why: Why


class KnownEvent(msgspec.Struct, frozen=True):
    """An event; of one that holds no longer nothing is kept of what it said."""

    source: str
    id: str
    type: str
    recorded: datetime
    holds: bool
    data: dict[str, Any] | None = None


class Counted(msgspec.Struct, frozen=True):
    """What a person adds to a sum: from a day on, or on a day."""

    unit: str
    occupation: str
    gender: str
    age: str
    measure: str
    day: date
    change: float


class Known(msgspec.Struct, frozen=True):
    """What is known of a person. ``employed``: today or later; ``erased``: when what was known before was.

    ``trimmed``: of which families of events what was told of days up to which one has gone.
    """

    events: list[KnownEvent]
    counted: list[Counted]
    anomalies: dict[str, int]
    put_aside: list[Place]
    employed: bool
    erased: datetime | None = None
    trimmed: dict[Family, date] = {}


class Erasing(msgspec.Struct, frozen=True):
    """The record of a decision, which names nobody.

    So many persons, events and messages put aside went, and so many sums stay; ``coarsened`` of their cells are
    described more roughly. ``done`` is when hr.events said so, and the persons' keys were destroyed. With a ``family``
    its events alone went: the persons stay, and their keys.
    """

    id: str
    at: datetime
    by: str
    why: str
    persons: int
    events: int
    put_aside: int
    sums: int
    coarsened: int
    done: datetime | None = None
    family: Family | None = None


class Erasings(msgspec.Struct, frozen=True):
    """All there were, the latest first."""

    erasings: list[Erasing]


class Pseudonym(msgspec.Struct, frozen=True):
    """What a person is called behind ingest."""

    pseudonym: str


class Reference(msgspec.Struct, frozen=True):
    """What a person is called in other systems."""

    ref: Annotated[str, Meta(min_length=1, max_length=200)]
