"""What the metrics service says on ``hr.events`` itself: who is erased, what of whom is trimmed, the sums that stay.

No other system may publish these: ingest does not know the types.
"""

from datetime import date
from typing import Literal

import msgspec

from shared.contracts import event_types
from shared.contracts.events import TYPES, Data
from shared.contracts.subjects import KEPT, PERSON

ERASED = "stadga.person.erased.v1"
TRIMMED = "stadga.events.trimmed.v1"
SUMS_KEPT = "stadga.sums.kept.v1"

Family = Literal["absence", "bonus", "caseload", "milestone", "time"]
FAMILIES: dict[str, Family] = {
    **dict.fromkeys(event_types.ABSENCE, "absence"),
    event_types.BONUS_PAID: "bonus",
    event_types.CASELOAD_REPORTED: "caseload",
    event_types.MILESTONE_REACHED: "milestone",
    event_types.TIME_REPORTED: "time",
}
"""Type → family of what can be trimmed of a person: all but employments, on which these lean."""


class Erased(Data, frozen=True, kw_only=True):
    """Whatever was recorded of the person by the time of this event counts for nothing.

    Of what is recorded later counts what is about days after ``through`` alone.
    """

    through: date


class Trimmed(Data, frozen=True, kw_only=True):
    """What the person's events of a family say of days up to ``through`` counts for nothing, whenever it was recorded.

    It is of an event that names no later day; of one that names none, nothing is said.
    """

    family: Family
    through: date


class KeptFact(msgspec.Struct, frozen=True, array_like=True):
    """From a day on, or on a day, a measure differs by so many millionths.

    In this order: unit, occupation, gender, age band, number of the measure, day (1 is 0001-01-01), difference.
    """

    unit: str
    occupation: str
    gender: str
    age: str
    measure: int
    day: int
    delta: int


class Told(msgspec.Struct, frozen=True, array_like=True):
    """That a source told of events of a type, in a unit, from a day on.

    In this order: source, type, unit, whether the source said the day itself, day (1 is 0001-01-01).
    """

    source: str
    type: str
    unit: str
    declared: bool
    first: int


class SumsKept(Data, frozen=True, kw_only=True):
    """What was contributed by what is erased or trimmed, added up, and what those events told of their sources."""

    facts: tuple[KeptFact, ...]
    told: tuple[Told, ...] = ()


OWN: dict[str, tuple[str, type[Data]]] = {
    ERASED: (PERSON, Erased),
    TRIMMED: (PERSON, Trimmed),
    SUMS_KEPT: (KEPT, SumsKept),
}
"""The types that the metrics service alone publishes."""
READ: dict[str, tuple[str, type[Data]]] = {**TYPES, **OWN}
"""Every type of ``hr.events``: those of other systems, and its own."""
