"""The yearly disclosure of sickness absence, straight from sums of facts.

Time is counted in days of full time: an employment's share of full time, times the extent of its sickness, on each
calendar day. A spell of 60 days or more counts with all of its days in the year. Its days from the 60th on are long
sickness by themselves; the 59 before turn out to be on the 60th, which may fall in the year after.
"""

from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from typing import NamedTuple

import numpy as np

from services.metrics.domain.coverage.completeness import is_reported, known_from
from services.metrics.domain.coverage.coverage import ALWAYS
from services.metrics.domain.coverage.kinds import Kind
from services.metrics.domain.disclosure.suppression import SMALL_GROUP
from services.metrics.domain.facts.cell import MIDDLE, OLDER, UNKNOWN, YOUNG
from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.sums.groups import Group
from services.metrics.domain.sums.kernels import DAYS, Floats, Ints, Sums
from services.metrics.domain.sums.periods import Months, whole, year_to
from services.metrics.domain.sums.tree import Tree
from services.metrics.domain.values.answer import Answer
from shared.contracts.catalogue.disclosure import ByMonth
from shared.contracts.metrics import ALL
from shared.contracts.sickness import KEY_FIGURES, Disclosure, Figure, KeyFigure, Name, Reason
from shared.language.refusal import SaidError

EARLIEST, LATEST = 1900, 2200
BY = ("gender", "age")
MEASURES = frozenset(
    {
        Measure.headcount,
        Measure.sick_fte,
        Measure.scheduled_fte,
        Measure.sick_day60_fte,
        Measure.first59_fte_days,
        Measure.first59_fte_days_year_before,
    }
)
TOLD = (Kind.EMPLOYMENT, Kind.ABSENCE)
GROUPS: tuple[dict[Name, dict[str, str]], ...] = (
    {
        "women": {"gender": "f"},
        "men": {"gender": "m"},
        "other_gender": {"gender": "x"},
        "unknown_gender": {"gender": UNKNOWN},
    },
    {
        "up_to_29": {"age": YOUNG},
        "from_30_to_49": {"age": MIDDLE},
        "from_50": {"age": OLDER},
        "unknown_age": {"age": UNKNOWN},
    },
)
"""The groups whose time adds up to that of all staff: by gender, and by age at the end of the year."""


class DisclosureError(SaidError):
    """There is no such disclosure; the sentence says why."""


class ReportPeriod(NamedTuple):
    """Days ``first``–``last`` of a year, as known on ``as_of``: the whole months so far when that is a day of the year.

    ``after`` are the whole months in which a spell of the year can still turn out long.
    """

    year: int
    first: date
    last: date
    as_of: date
    months: Months
    after: Months

    @property
    def days(self) -> Ints:
        """What to ask for: the last day of the year."""
        return np.array([self.last.toordinal()], np.int64)

    @property
    def window(self) -> int:
        """The days of the year."""
        return (self.last - self.first).days + 1

    @property
    def periods(self) -> list[Months]:
        """What to ask for of health: the months after the year, and those of the year."""
        return [self.after, self.months]


AFTER, IN_YEAR = 0, 1
"""The columns of what is told over a period's months."""


def period(year: int, as_of: date, over: date | None = None) -> ReportPeriod:
    """The year as known on a day; ``over`` is the last day that has passed, ``as_of`` itself if absent.

    Raises DisclosureError for a year that is none, or of which no month has passed.
    """
    if not EARLIEST <= year <= LATEST:
        raise DisclosureError(
            f"{year} är inget år mellan {EARLIEST} och {LATEST}",
            f"{year} is not a year between {EARLIEST} and {LATEST}",
        )
    first, passed = date(year, 1, 1), min(as_of, over or as_of)
    if as_of < first:
        raise DisclosureError(
            f"{year} har inte börjat den {as_of}: inget är känt om det",
            f"{year} has not begun on {as_of}: nothing is known of it",
        )
    months = whole(first.toordinal(), _last(min(passed, date(year, 12, 31))))
    if not months:
        raise DisclosureError(
            f"ingen månad av {year} har gått den {as_of}: om hälsa sägs något först när en månad är slut",
            f"no month of {year} has passed on {as_of}: health is told of whole months",
        )
    after = whole(date(year + 1, 1, 1).toordinal(), _last(min(passed, date(year + 1, 3, 1))))
    return ReportPeriod(year, first, date.fromordinal(months[-1].last), as_of, months, after)


def _last(day: date) -> int:
    """The last day of the month that ended last by the end of a day."""
    return year_to(day.toordinal())[-1].last


class Time(NamedTuple):
    """A group's year in days of full time, and how many employees it has: on average or at its end, the fewer.

    ``is_hidden`` tells that its health is hidden in a month of the period, in every channel. ``known_from`` is the day
    since which employments and absences are known of it.
    """

    sick: float = 0.0
    long: float = 0.0
    scheduled: float = 0.0
    employees: float = 0.0
    is_hidden: bool = False
    known_from: int = ALWAYS

    @property
    def is_small(self) -> bool:
        """Whether the statute forbids to speak of the group."""
        return self.employees <= SMALL_GROUP

    @property
    def is_empty(self) -> bool:
        """Whether nobody is in it."""
        return not (self.employees or self.scheduled or self.sick)


def times(found: Answer) -> dict[Group, Time]:
    """Every group's year, from sums on the last day of the year and what is told of the period's months."""
    sums, told = found.sums, found.told
    employees = np.minimum(sums.level(Measure.headcount)[:, 0], told.sums.mean(Measure.headcount)[:, IN_YEAR])
    time = (_days(told.sums, Measure.sick_fte), _long(told.sums), _days(told.sums, Measure.scheduled_fte))
    health = told.hidden[..., ByMonth.HEALTH.value]
    hidden = health[:, IN_YEAR] | health[:, AFTER] & (told.sums.as_of[AFTER] > 0)
    since = np.full(len(found.groups), ALWAYS) if found.known is None else known_from(found.known, TOLD)
    rows = zip(*(column.tolist() for column in (*time, employees, hidden, since)), strict=True)
    return {group: Time(*row) for group, row in zip(found.groups, rows, strict=True)}


def _days(sums: Sums, measure: Measure) -> Floats:
    return sums.weighed(measure, DAYS)[:, IN_YEAR]


def _long(sums: Sums) -> Floats:
    """From day 60 on, and the 59 days before: told on the 60th, in this year or the next."""
    told = sums.flow(Measure.first59_fte_days)[:, IN_YEAR]
    told_later = sums.flow(Measure.first59_fte_days_year_before)[:, AFTER]
    return np.asarray(_days(sums, Measure.sick_day60_fte) + told + told_later)


def disclosure(asked: ReportPeriod, unit: str, tree: Tree, found: Mapping[Group, Time]) -> Disclosure:
    """The key figures of a unit; raises DisclosureError for one that is unknown, or had no employees in the year."""
    whole = found.get(Group(unit), Time())
    if whole.is_empty:
        raise _nobody(asked, unit, tree, found)
    if whole.known_from > asked.first.toordinal():
        raise _not_known(asked, whole.known_from)
    groups = {name: found.get(Group(unit, **of), Time()) for some in GROUPS for name, of in some.items()}
    hidden = _hidden(whole, groups)
    parts = {"all_staff": whole, "long_spells": whole, **groups}
    return Disclosure(
        year=asked.year,
        unit=unit,
        unit_name=tree.name(unit),
        first=asked.first,
        last=asked.last,
        as_of=asked.as_of,
        preliminary=asked.as_of < date(asked.year, 12, 31),
        figures=[
            _figure(key, parts[key.name], hidden.get(key.name))
            for key in KEY_FIGURES
            if key.number or not parts[key.name].is_empty
        ],
    )


def _not_known(asked: ReportPeriod, since: int) -> DisclosureError:
    if not is_reported(since):
        return DisclosureError(
            "ingen berättar om frånvaro, så det finns inget att säga om sjukfrånvaro",
            "nobody reports absences, so there is nothing to tell of sickness",
        )
    day = date.fromordinal(since)
    return DisclosureError(
        f"anställningar och frånvaro är kända från och med {day}, vilket inte är hela {asked.year}",
        f"employments and absences are known from {day} on, which is not all of {asked.year}",
    )


def _nobody(asked: ReportPeriod, unit: str, tree: Tree, found: Mapping[Group, Time]) -> DisclosureError:
    known = {*tree.names, *(group.unit for group in found)}
    if unit in {ALL, *known}:
        sv, en = ("", "") if unit == ALL else (f" i enheten {unit!r}", f" in unit {unit!r}")
        return DisclosureError(
            f"ingen är känd som anställd{sv} mellan {asked.first} och {asked.last}",
            f"nobody is known to have been employed{en} between {asked.first} and {asked.last}",
        )
    near = get_close_matches(unit, known, 1)
    sv, en = (f"; menade du {near[0]!r}?", f"; did you mean {near[0]!r}?") if near else ("", "")
    return DisclosureError(f"ingen enhet {unit!r} är känd{sv}", f"no unit {unit!r} is known{en}")


def _hidden(whole: Time, groups: Mapping[Name, Time]) -> dict[Name, Reason]:
    """What may not be shown, and why."""
    there = {name: time for name, time in groups.items() if not time.is_empty}
    if whole.is_small:
        return dict.fromkeys(("all_staff", "long_spells", *there), "few")
    hidden: dict[Name, Reason] = dict.fromkeys(("all_staff", "long_spells"), "subtraction") if whole.is_hidden else {}
    for some in GROUPS:
        hidden |= _hidden_of({name: there[name] for name in some if name in there})
    return hidden


def _hidden_of(siblings: Mapping[Name, Time]) -> dict[Name, Reason]:
    """Groups of at most ten, then the next smallest until the hidden exceed ten: total less shown tells of them."""
    hidden: dict[Name, Reason] = {
        name: "few" if time.is_small else "subtraction"
        for name, time in siblings.items()
        if time.is_small or time.is_hidden
    }
    others = sorted((name for name in siblings if name not in hidden), key=lambda name: siblings[name].employees)
    while hidden and others and sum(siblings[name].employees for name in hidden) <= SMALL_GROUP:
        hidden[others.pop(0)] = "subtraction"
    return hidden


def _figure(key: KeyFigure, time: Time, hidden: Reason | None) -> Figure:
    if hidden:
        return Figure(name=key.name, definition=key.definition, status="suppressed", reason=hidden)
    sick, of = (time.long, time.sick) if key.name == "long_spells" else (time.sick, time.scheduled)
    if of <= 0:
        return Figure(name=key.name, definition=key.definition, status="not_applicable", sick_days=sick, of_days=of)
    return Figure(name=key.name, definition=key.definition, status="final", value=sick / of, sick_days=sick, of_days=of)
