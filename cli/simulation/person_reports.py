"""Monthly reports on each person: open cases, and hours by what they went to."""

from datetime import date

from cli.simulation import magnitudes
from cli.simulation.workforce import Person, SimulatedUnit, Town
from shared.contracts.events import CaseloadReported, TimeReported

EXPERIENCE = ((1, 0.72), (3, 0.92), (100, 1.0))
"""Years in the trade (up to) → share of a full caseload."""


def report_cases(town: Town, unit: SimulatedUnit, person: Person) -> None:
    """The open cases of a case holder on the first of the month; those who are away have none."""
    month = town.month
    if not person.case_holder or person.started > month.first:
        return
    person.cases += 0.5 * (_cases_aimed_at(unit, person, month.first) - person.cases) + town.chance.near(0, 1.2)
    if _fully_away(person) or person.cases < 0:
        person.cases = 0.0
    cases = round(person.cases)
    points = round(cases * town.chance.near(magnitudes.POINTS_PER_CASE, 0.6))
    data = CaseloadReported(effective=date.fromordinal(month.first), open_cases=cases, points=points)
    town.report(person.subject, data, month.first)


def start_cases(unit: SimulatedUnit, person: Person, day: int) -> None:
    """Someone employed when the log begins has a full desk."""
    person.cases = _cases_aimed_at(unit, person, day) if person.case_holder else 0.0


def report_time(town: Town, unit: SimulatedUnit, person: Person) -> None:
    """The month's hours, entered in the first days of the next; the days away were counted as they came."""
    month, chance = town.month, town.chance
    first, last = max(month.first, person.started), min(month.last, person.leaves)
    present = max(0.0, last - first + 1 - person.away)
    person.away = 0
    overtime = max(0.0, (person.overtime + unit.conditions.overtime) * (0.4 + 1.2 * chance.random())) * (present > 5)
    worked = present * person.fte * magnitudes.HOURS_PER_MONTH / 30.4 + overtime
    data = TimeReported(
        first=date.fromordinal(first),
        last=date.fromordinal(last),
        worked_hours=round(worked, 1),
        overtime_hours=round(overtime, 1),
        documentation_hours=round(worked * chance.near(unit.conditions.documentation, 0.04), 1),
        client_hours=round(worked * chance.near(unit.conditions.client_time, 0.03), 1),
    )
    town.report(person.subject, data, month.last + chance.between(1, 5))


def _cases_aimed_at(unit: SimulatedUnit, person: Person, day: int) -> float:
    years = person.years(day)
    share = next(share for upto, share in EXPERIENCE if years < upto)
    return magnitudes.CASES_PER_FTE * person.fte * share * unit.conditions.load


def _fully_away(person: Person) -> bool:
    return person.absence is not None and person.absence.extent == 1 and person.absence.kind != "child_care"
