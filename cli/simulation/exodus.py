"""People leave a unit where things go wrong: set numbers, not chance, so that the story is always told."""

from cli.simulation.careers import resign
from cli.simulation.workforce import Person, SimulatedUnit, Town

FIRST_YEAR = (60, 300)
"""Days of service of those who resign in time to be gone before a year has passed."""


def drive_away(town: Town, unit: SimulatedUnit) -> None:
    """This month's resignations under trouble."""
    for person in _newcomers_who_leave(town, unit) + _managers_who_leave(town, unit):
        resign(town, unit, person)
    if not unit.conditions.resignations:
        return
    staying = [person for person in unit.people if person.settled(town.month.first)]
    expected = unit.conditions.resignations * town.month.share * len(staying)
    going = int(expected) + town.chance.happens(expected % 1)
    for _ in range(min(going, len(staying))):
        resign(town, unit, staying.pop(_first_to_go(town, unit, staying)))


def _newcomers_who_leave(town: Town, unit: SimulatedUnit) -> list[Person]:
    day, conditions = town.month.first, unit.conditions
    if not conditions.trainees_leave and not conditions.referrals_leave:
        return []
    new = [p for p in unit.people if p.settled(day) and FIRST_YEAR[0] <= day - p.started <= FIRST_YEAR[1]]
    return [
        person
        for person in new
        if (conditions.trainees_leave and "trainee" in (person.hired_from, person.grade))
        or (conditions.referrals_leave and person.hired_from == "referral")
    ]


def _managers_who_leave(town: Town, unit: SimulatedUnit) -> list[Person]:
    """All but one."""
    if not unit.conditions.managers_leave:
        return []
    return [person for person in unit.people if person.role == "manager" and person.settled(town.month.first)][1:]


def _first_to_go(town: Town, unit: SimulatedUnit, staying: list[Person]) -> int:
    """Of two people it is more often the one with fewer years in the trade; else the senior with most of all."""
    day = town.month.first
    if unit.conditions.experienced_first:
        return max(range(len(staying)), key=lambda place: _experience(staying[place], day))
    some, other = town.chance.between(0, len(staying) - 1), town.chance.between(0, len(staying) - 1)
    return some if staying[some].years(day) <= staying[other].years(day) else other


def _experience(person: Person, day: int) -> tuple[bool, bool, float]:
    """Managers stay the longest."""
    return person.role == "staff", person.grade == "senior", person.years(day)
