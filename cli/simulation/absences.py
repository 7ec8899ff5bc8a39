"""Sick spells, parental and child care, studies, leave and vacation."""

from datetime import date
from typing import NamedTuple

from cli.simulation import magnitudes
from cli.simulation.seasons import SICKNESS
from cli.simulation.workforce import Absence, Person, SimulatedUnit, Town
from shared.contracts.events import AbsenceChanged, AbsenceEnded, AbsenceKind, AbsenceStarted


class AbsencePattern(NamedTuple):
    """A way of being away: its rate a year in an ordinary unit, its shortest and mean length in days."""

    kind: AbsenceKind
    rate: float
    shortest: int
    mean: int


SICK = (
    AbsencePattern("sick", magnitudes.SHORT_SICK, 1, 4),
    AbsencePattern("sick", magnitudes.MEDIUM_SICK, 15, 15),
    AbsencePattern("sick", magnitudes.LONG_SICK, 60, 100),
    AbsencePattern("work_injury", 0.006, 2, 20),
)
FAMILY = (
    AbsencePattern("parental", magnitudes.PARENTAL, 90, 150),
    AbsencePattern("child_care", magnitudes.CHILD_CARE, 1, 2),
)
AWAY = (AbsencePattern("study", magnitudes.STUDY, 70, 90), AbsencePattern("leave", magnitudes.LEAVE, 20, 60))
ANNOUNCED = frozenset({"parental", "study", "leave"})
"""Agreed beforehand, so that the last day is known from the start."""
VACATION_MONTHS = {6: 0.3, 7: 0.85, 8: 0.8}
"""Month → chance that someone who has had no vacation this summer begins one."""


def live_month(town: Town, unit: SimulatedUnit, person: Person) -> Absence | None:
    """Go on being away, or perhaps begin to be; returns the absence if it began this month and is a long one."""
    if person.absence is not None:
        _go_on(town, person, person.absence)
        return None
    _take_vacation(town, person)
    spell = _drawn(town, unit, person)
    return _begin(town, unit, person, spell) if spell is not None else None


def cut_short(person: Person, last_day: int) -> None:
    """Nobody is away after the last day of employment; what was announced for longer is restated."""
    absence = person.absence
    if absence is None or absence.last <= last_day:
        return
    absence.last, absence.announced = last_day, False


def _drawn(town: Town, unit: SimulatedUnit, person: Person) -> AbsencePattern | None:
    month = town.month
    rest = town.chance.random()
    sickness = SICKNESS[month.number - 1] * month.share * person.frailty * unit.conditions.sickness
    for spell in SICK:
        rest -= spell.rate * sickness
        if rest < 0:
            return spell
    year = date.fromordinal(month.first).year
    for spell in (*FAMILY, *AWAY) if 25 <= year - person.born <= 42 else AWAY:
        rest -= spell.rate * month.share * (unit.conditions.studies if spell.kind == "study" else 1)
        if rest < 0:
            return spell
    return None


def _studies(town: Town, unit: SimulatedUnit) -> float:
    """The extent of leave to study."""
    chosen = town.chance.pick((0.2, 0.5, 1.0))
    return 0.25 if unit.conditions.quarter_studies else chosen


def _begin(town: Town, unit: SimulatedUnit, person: Person, spell: AbsencePattern) -> Absence | None:
    last_day = min(town.month.last, person.leaves)
    first = town.chance.between(max(town.month.first, person.started), last_day)
    length = spell.shortest + town.chance.days(spell.mean) - 1
    last = min(first + length - 1, person.leaves)
    person.absences += 1
    absence = Absence(
        f"a{person.absences}",
        spell.kind,
        last,
        1.0 if spell.kind != "study" else _studies(town, unit),
        _steps(town, spell, first, last),
        spell.kind in ANNOUNCED,
    )
    _report_start(town, person, absence, first)
    person.absence = absence
    _finish_if_over(town, person, absence)
    person.away += (_last_this_month(town, absence) - first + 1) * absence.extent
    return absence if length > 100 else None


def _report_start(town: Town, person: Person, absence: Absence, first: int) -> None:
    data = AbsenceStarted(
        absence=absence.ref,
        effective=date.fromordinal(first),
        kind=absence.kind,
        extent=absence.extent,
        last_day=date.fromordinal(absence.last) if absence.announced else None,
    )
    town.report(person.subject, data, max(town.month.first, first - 30) if absence.announced else first)


def _last_this_month(town: Town, absence: Absence) -> int:
    """The absence's last day inside this month."""
    return min(absence.last, town.month.last)


def _steps(town: Town, spell: AbsencePattern, first: int, last: int) -> list[tuple[int, float]]:
    """Long sickness ends by degrees: half time for the second part, quarter time for the last."""
    length = last - first + 1
    if spell.kind != "sick" or length < 60:
        return []
    steps = [(first + length * 45 // 100, town.chance.pick((0.75, 0.5, 0.5)))]
    return [*steps, (first + length * 75 // 100, 0.25)] if town.chance.happens(0.6) else steps


def _go_on(town: Town, person: Person, absence: Absence) -> None:
    while absence.steps and absence.steps[0][0] <= _last_this_month(town, absence):
        day, absence.extent = absence.steps.pop(0)
        data = AbsenceChanged(absence=absence.ref, effective=date.fromordinal(day), extent=absence.extent)
        town.report(person.subject, data, day)
    person.away += (_last_this_month(town, absence) - town.month.first + 1) * absence.extent
    _finish_if_over(town, person, absence)


def _finish_if_over(town: Town, person: Person, absence: Absence) -> None:
    """The end is entered on the day the person is back."""
    if absence.last > town.month.last:
        return
    person.absence = None
    if not absence.announced:
        data = AbsenceEnded(absence=absence.ref, last_day=date.fromordinal(absence.last))
        town.report(person.subject, data, absence.last + 1)


def _take_vacation(town: Town, person: Person) -> None:
    month = town.month
    if person.vacation_until >= month.first:
        person.away += min(person.vacation_until, month.last) - month.first + 1
    taken = person.vacation_until > month.first - 150
    if month.number not in VACATION_MONTHS or taken or not town.chance.happens(VACATION_MONTHS[month.number]):
        return
    first = town.some_day()
    last = first + town.chance.between(20, 34)
    if person.started > first or person.leaves < last:
        return
    person.absences += 1
    person.vacation_until = last
    person.away += min(last, month.last) - first + 1
    data = AbsenceStarted(
        absence=f"a{person.absences}",
        effective=date.fromordinal(first),
        kind="vacation",
        last_day=date.fromordinal(last),
    )
    town.report(person.subject, data, month.first)
