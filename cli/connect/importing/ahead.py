"""Days that lie after a file was made: plans, or years typed wrong. Told by kind, with the one farthest ahead."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Literal

import msgspec

from cli.connect.importing.understood import Remark
from cli.connect.publishing.line import FilePlace

AheadKind = Literal["hours_ahead", "absences_ahead", "schedules_ahead", "starts_ahead", "ends_ahead"]
PLANNED: dict[AheadKind, int] = {"schedules_ahead": 366, "ends_ahead": 3660}
"""Days ahead that nobody needs to look at; of other kinds, none."""


class _Farthest(msgspec.Struct):
    """How many days of a kind, and which is the last of them."""

    count: int
    day: date
    place: FilePlace


class Ahead:
    """What files say of days after they were made."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._found: dict[AheadKind, _Farthest] = {}

    def take(self, kind: AheadKind, day: date | None, made: date | None, place: FilePlace) -> None:
        """Note a day, if it lies ahead of when its file was ``made``; where that is not known, none does."""
        if not day or not made or (day - made).days <= PLANNED.get(kind, 0):
            return
        found = self._found.setdefault(kind, _Farthest(0, day, place))
        found.count += 1
        if day > found.day:
            found.day, found.place = day, place

    def remarks(self, made: date | None) -> Iterator[Remark]:
        """One for each kind, of a file made on a day."""
        for kind, found in self._found.items():
            here = {"file": Path(found.place.file).name, "line": str(found.place.number)}
            yield Remark(kind, {"n": found.count}, {"day": str(made), "far": str(found.day), **here})
