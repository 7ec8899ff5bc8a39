"""Fixed-term substitutes for those who will be away for long."""

from cli.simulation.newcomers import begin, recruit
from cli.simulation.workforce import Absence, Person, SimulatedUnit, Town

FOUND = 0.6
WARRANT = frozenset({"parental", "study", "leave"})


def substitute(town: Town, unit: SimulatedUnit, away: Person, absence: Absence) -> None:
    """Perhaps someone is employed until the absence ends, some weeks after it began."""
    first_day = town.month.last + town.chance.between(1, 30)
    if absence.kind not in WARRANT or absence.last - first_day < 60 or not town.chance.happens(FOUND):
        return
    person = recruit(town, away.occupation, first_day, unit.conditions)
    person.form, person.contract_until = "fixed_term", absence.last
    begin(town, unit, person, town.month.last)
