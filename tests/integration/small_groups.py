"""A town with groups of few, as long as a year: how many people each group had on its fewest day, counted by hand.

``small`` is of eight. ``grown`` was of nine until February. The manager is alone in the department itself. ``moved``
of seven went from one department to the other in March. ``late`` is of twelve, and of one more who was told of later.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from itertools import count
from typing import NamedTuple

from tests import builders as make

MOVED_ON = date(2024, 3, 18)
FIRST = "2021-01-01"
FEW = 10
BORN = {1999: "-29", 1984: "30-49", 1964: "50-"}


class Person(NamedTuple):
    """Somebody, and since when."""

    name: str
    unit: str
    occupation: str
    gender: str
    born: int
    since: date

    def events(self, number: int) -> Iterator[make.Event]:
        """An employment, two months' sickness of an extent that nobody else's has, and hours."""
        terms = {"gender": self.gender, "born": self.born, "form": "permanent"}
        yield make.employment_started(self.name, self.since.isoformat(), self.unit, self.occupation, **terms)
        for month in ("2024-03", "2024-05"):
            extent, last = round(0.2 + number * 0.00337, 6), f"{month}-{6 + number % 19:02}"
            yield make.absence_started(self.name, month, f"{month}-04", last_day=last, extent=extent)
        spent = {"overtime_hours": (1, 0.0173), "documentation_hours": (40, 0.0117), "client_hours": (50, 0.0213)}
        hours = {kind: round(least + number * more, 4) for kind, (least, more) in spent.items()}
        yield make.time_reported(self.name, "2024-04-01", "2024-04-30", round(120 + number * 0.1371, 4), **hours)


def _people() -> Iterator[Person]:
    numbers = count()
    staff = {"big": 40, "small": 8, "sister": 15, "grown": 9, "moved": 7, "late": 12, "other": 30}
    hired = [*((unit, heads, FIRST) for unit, heads in staff.items()), ("grown", 5, "2024-02-01")]
    for unit, heads, since in hired:
        for n in range(heads):
            occupation = "cook" if unit == "big" and n < 4 else "nurse"
            gender, born = "m" if n % 5 == 0 else "f", list(BORN)[n % 3]
            yield Person(f"p{next(numbers)}", unit, occupation, gender, born, date.fromisoformat(since))
    yield Person("chief", "d", "manager", "f", 1964, date.fromisoformat(FIRST))
    yield Person("latecomer", "late", "nurse", "f", 1984, date(2024, 3, 1))


PEOPLE = list(_people())
ABOVE = dict.fromkeys(("big", "small", "sister", "grown"), "d") | dict.fromkeys(("moved", "late", "other"), "e")
"""Before the move."""


def log() -> list[make.Event]:
    """What is told at first."""
    units = [make.unit_defined(unit) for unit in "de"] + [make.unit_defined(u, parent=up) for u, up in ABOVE.items()]
    moved = make.unit_defined("moved", MOVED_ON.isoformat(), parent="d")
    return [*units, moved, *(event for n, person in enumerate(PEOPLE[:-1]) for event in person.events(n))]


def late() -> list[make.Event]:
    """What is told later."""
    return list(PEOPLE[-1].events(len(PEOPLE)))


class Months(NamedTuple):
    """The last day of the last of some months, and how many they are."""

    last: date
    count: int

    def days(self) -> Iterator[date]:
        """Every day."""
        day = self.last
        for _ in range(self.count):
            month = day.month
            while day.month == month:
                yield day
                day -= timedelta(days=1)


Group = tuple[str, str, str, str]


@lru_cache(100_000)
def fewest(group: Group, months: Months, tree_of: date) -> int:
    """How many people a group had on its fewest day; units placed as on a day."""
    since = [person.since for person in PEOPLE if _is_of(person, group, tree_of)]
    return min(sum(first <= day for first in since) for day in months.days())


def _is_of(person: Person, group: Group, tree_of: date) -> bool:
    sides = (person.occupation, person.gender, BORN[person.born])
    above = ABOVE | ({"moved": "d"} if tree_of >= MOVED_ON else {})
    path = (person.unit, above.get(person.unit), "*")
    return group[0] in path and all(asked in {"*", side} for asked, side in zip(group[1:], sides, strict=True))
