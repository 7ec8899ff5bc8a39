"""What the metrics service says on ``hr.events`` itself: that a person is erased, and the sums that stay.

No other system may publish these: ingest does not know the types.
"""

from datetime import date

import msgspec

from shared.contracts.events import TYPES, Data
from shared.contracts.subjects import KEPT, PERSON

ERASED = "stadga.person.erased.v1"
SUMS_KEPT = "stadga.sums.kept.v1"


class Erased(Data, frozen=True, kw_only=True):
    """Whatever was recorded of the person by the time of this event counts for nothing.

    Of what is recorded later counts what is about days after ``through`` alone.
    """

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
    """What persons contributed who are erased, added up, and what their events told of their sources."""

    facts: tuple[KeptFact, ...]
    told: tuple[Told, ...] = ()


READ: dict[str, tuple[str, type[Data]]] = {**TYPES, ERASED: (PERSON, Erased), SUMS_KEPT: (KEPT, SumsKept)}
"""Every type of ``hr.events``: those of other systems, and these two."""
