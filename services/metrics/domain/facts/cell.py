"""Cells: the finest groups facts are kept for. Days are proleptic Gregorian ordinals (date.toordinal)."""

from datetime import date
from typing import NamedTuple

from shared.contracts.metrics import ALL

FOREVER = date.max.toordinal()
"""The last day there is; an interval that reaches it is open."""

UNKNOWN = "unknown"
YOUNG, MIDDLE, OLDER = "-29", "30-49", "50-"


class Cell(NamedTuple):
    """Where a fact counts: unit, occupation, gender and age band; what is not known is its own value."""

    unit: str
    occupation: str
    gender: str = UNKNOWN
    age: str = UNKNOWN

    @property
    def is_sound(self) -> bool:
        """Whether tables can be made of it: ``*`` is the name of a whole, and no part of one."""
        return ALL not in self


UNSOUND = "cell_reserved_name"
"""The kind of anomaly that counts cells which are in no sum, because a part of them is named as a whole is."""


def age_band(born: int | None, day: int) -> str:
    """The band of a person born that year, by age at the end of the day's year (SFS 2002:1065 bands)."""
    if born is None:
        return UNKNOWN
    age = date.fromordinal(day).year - born
    return YOUNG if age <= 29 else MIDDLE if age <= 49 else OLDER


def band_changes(born: int | None) -> tuple[int, ...]:
    """The days on which a person born that year enters the next band."""
    if born is None:
        return ()
    return date(born + 30, 1, 1).toordinal(), date(born + 50, 1, 1).toordinal()
