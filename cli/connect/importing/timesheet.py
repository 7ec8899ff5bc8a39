"""What files say of one person's one employment, day by day: what is scheduled, what was absent, what was worked."""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from cli.connect.importing.codes import Meaning, Use
from cli.connect.importing.pax_fields import Transaction
from cli.connect.importing.period import Days
from cli.connect.publishing.line import FilePlace
from shared.calendar.working_days import is_holiday
from shared.contracts.subjects import PERSON_PREFIX

_FRIDAY = 5


class PersonEmployment(NamedTuple):
    """One person's one employment; ``absent_from`` names it in absences, if it is known that events use that name."""

    person: str
    employment: str | None
    absent_from: str | None

    @property
    def subject(self) -> str:
        """The person, as events name them."""
        return f"{PERSON_PREFIX}{self.person}"

    @property
    def key(self) -> tuple[str, ...]:
        """What names the series in statements: the employment where there is one, else the person."""
        return ("employment", self.employment) if self.employment else ("person", self.person)


class TimesheetEntry(NamedTuple):
    """A transaction's share of one day; ``hours`` and ``extent`` are None where they were not told."""

    place: FilePlace
    meaning: Meaning
    hours: float | None
    extent: float | None

    @property
    def said(self) -> tuple[Meaning, float | None, float | None]:
        """All but where it stands."""
        return self.meaning, self.hours, self.extent


class Timesheet:
    """The days of one series."""

    def __init__(self, place: FilePlace) -> None:
        """Nothing yet; ``place`` is where a file first tells of the series."""
        self.place = place
        self.entries: defaultdict[date, list[TimesheetEntry]] = defaultdict(list)
        self.scheduled: dict[date, float] = {}
        self._within: list[Days] = []

    def schedule(self, hours: dict[date, float]) -> None:
        """Take a schedule; what lies between its first and last day and is not in it is free."""
        if hours:
            self.scheduled |= hours
            self._within.append(Days(min(hours), max(hours)))

    def add(self, place: FilePlace, t: Transaction, meaning: Meaning) -> None:
        """Take a transaction: an extent holds every day, hours are spread evenly over the days that are worked."""
        days = list(Days(t.first, t.last).each())
        if t.hours is None:
            for day in days:
                self.entries[day].append(TimesheetEntry(place, meaning, None, t.extent))
        elif t.hours:
            worked = [d for d in days if self.works(d)] or days
            for day in worked:
                self.entries[day].append(TimesheetEntry(place, meaning, t.hours / len(worked), t.extent))

    def hours(self, day: date, *uses: Use) -> float:
        """Hours of a day that count as one of these, corrections taken off."""
        return sum(e.hours or 0 for e in self.entries.get(day, ()) if e.meaning.use in uses)

    @property
    def adds_hours(self) -> bool:
        """Whether there are hours beyond the ordinary."""
        return any(e.meaning.use in {"additional", "overtime"} for entries in self.entries.values() for e in entries)

    def works(self, day: date) -> bool:
        """Whether the day is scheduled: as the schedule says, and beyond its days Monday–Friday but for red days."""
        if any(day in days for days in self._within):
            return self.scheduled.get(day, 0) > 0
        return day.isoweekday() <= _FRIDAY and not is_holiday(day)

    def override(self, other: "Timesheet", days: Days | None) -> None:
        """What a later file says of its days holds in place of what is known of them.

        Of other days it only takes back: that is added, but once, however many files tell of it.
        """
        for day in days.each() if days else ():
            self.entries.pop(day, None)
            self.scheduled.pop(day, None)
        for day, entries in other.entries.items():
            known = {e.said for e in self.entries[day]}
            self.entries[day] += [e for e in entries if e.said not in known]
        self.scheduled |= other.scheduled
        self._within += other._within
