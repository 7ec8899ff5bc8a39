"""People leave a unit where things go wrong."""

from cli.simulation.careers import resign
from cli.simulation.workforce import Person, Town, Unit


def drive_away(town: Town, unit: Unit) -> None:
    """This month's resignations under trouble: a set number, not chance, so that the story is always told."""
    if not unit.conditions.resignations:
        return
    staying = [person for person in unit.people if person.settled(town.month.first)]
    expected = unit.conditions.resignations * town.month.share * len(staying)
    going = int(expected) + town.chance.happens(expected % 1)
    for _ in range(min(going, len(staying))):
        resign(town, unit, staying.pop(_first_to_go(town, staying)))


def _first_to_go(town: Town, staying: list[Person]) -> int:
    """Of two people it is more often the one with fewer years in the trade."""
    some, other = town.chance.between(0, len(staying) - 1), town.chance.between(0, len(staying) - 1)
    day = town.month.first
    return some if staying[some].years(day) <= staying[other].years(day) else other
