"""A town with groups of few, as long as a year: how many people each group had on its fewest day, counted by hand.

``small`` is of eight. ``grown`` was of nine until February. The manager is alone in the department itself. ``moved``
of seven went from one department to the other in March. ``late`` is of twelve, and of one more who was told of later.

They were asked how they are in April and in May: five answered in ``small``, and three more in ``late`` later on.
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


class Survey(NamedTuple):
    """A pulse of a unit: how many answered."""

    unit: str
    day: date
    answers: int

    def event(self, number: int) -> make.Event:
        """With a score that no other survey's has."""
        data = {"effective": self.day.isoformat(), "index": "hme", "invited": 41, "answers": self.answers}
        score = round(self.answers * 47 + number * 0.0173, 4)
        return make.event("hr.pulse.reported.v1", f"unit/{self.unit}", data | {"score_sum": score, "negative": 1})


ANSWERED = {"big": 31, "small": 5, "sister": 12, "grown": 8, "moved": 7, "late": 9, "other": 22}
SURVEYS = [Survey(unit, date(2024, month, 16), n) for month in (4, 5) for unit, n in ANSWERED.items()]
SURVEYS += [Survey("late", date(2024, 5, 23), 3)]
FEW_ANSWERS = 6

PEOPLE = list(_people())
ABOVE = dict.fromkeys(("big", "small", "sister", "grown"), "d") | dict.fromkeys(("moved", "late", "other"), "e")
"""Before the move."""


def log() -> list[make.Event]:
    """What is told at first."""
    units = [make.unit_defined(unit) for unit in "de"] + [make.unit_defined(u, parent=up) for u, up in ABOVE.items()]
    moved = make.unit_defined("moved", MOVED_ON.isoformat(), parent="d")
    surveys = [survey.event(n) for n, survey in enumerate(SURVEYS[:-1])]
    return [*units, moved, *surveys, *(event for n, person in enumerate(PEOPLE[:-1]) for event in person.events(n))]


def late() -> list[make.Event]:
    """What is told later."""
    return [*PEOPLE[-1].events(len(PEOPLE)), SURVEYS[-1].event(len(SURVEYS))]


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


def is_few(metric: str, group: Group, months: Months, tree_of: date) -> bool:
    """Whether too few people are behind a value: in a group on its fewest day, or who answered in a month of it."""
    if metric.startswith("pulse_"):
        return fewest_answers(group, months, tree_of) <= FEW_ANSWERS
    return fewest(group, months, tree_of) <= FEW


@lru_cache(100_000)
def fewest_answers(group: Group, months: Months, tree_of: date) -> int:
    """How many answered in a group in the month in which fewest did of those in which anybody was asked.

    Of a unit's surveys of a month as many as of the largest: whoever answered the others may have answered it, too.
    """
    asked = [one for one in SURVEYS if group[0] in _path(one.unit, tree_of) and {*group[1:]} <= {"*", "unknown"}]
    found = []
    for month in {(day.year, day.month) for day in months.days()}:
        ours = [one for one in asked if (one.day.year, one.day.month) == month]
        units = {one.unit for one in ours}
        found += [sum(max(one.answers for one in ours if one.unit == unit) for unit in units)] if units else []
    return min(found, default=0)


@lru_cache(100_000)
def fewest(group: Group, months: Months, tree_of: date) -> int:
    """How many people a group had on its fewest day; units placed as on a day."""
    since = [person.since for person in PEOPLE if _is_of(person, group, tree_of)]
    return min(sum(first <= day for first in since) for day in months.days())


def _is_of(person: Person, group: Group, tree_of: date) -> bool:
    sides = (person.occupation, person.gender, BORN[person.born])
    return group[0] in _path(person.unit, tree_of) and all(
        asked in {"*", side} for asked, side in zip(group[1:], sides, strict=True)
    )


def _path(unit: str, tree_of: date) -> tuple[str, str | None, str]:
    above = ABOVE | ({"moved": "d"} if tree_of >= MOVED_ON else {})
    return unit, above.get(unit), "*"
