"""One unit goes wrong: in its last nine months people leave, fall ill and are replaced by consultants."""

from typing import NamedTuple

from cli.simulation.careers import resign
from cli.simulation.seasons import Month
from cli.simulation.workforce import Person, Town, Unit

LASTS = 275
"""Days from the first sign to the end of the log."""
BUILDS_UP = 90
RESIGNATIONS = 0.52
"""Per person and year while it lasts: six times the ordinary, so that the year as a whole comes out near three."""


class Trouble(NamedTuple):
    """Which unit, and from which day (an ordinal)."""

    unit: str
    begins: int

    def strain(self, unit: Unit, month: Month) -> float:
        """0 in an ordinary month, rising to 1 over the first three months of trouble."""
        if unit.ref != self.unit or month.last < self.begins:
            return 0.0
        return min(1.0, (month.last - self.begins + 1) / BUILDS_UP)


def drive_away(town: Town, unit: Unit) -> None:
    """This month's resignations under strain: a set number rather than chance, so that the story is always told."""
    if not unit.strain:
        return
    staying = [person for person in unit.people if person.settled(town.month.first)]
    expected = RESIGNATIONS * town.month.share * len(staying)
    going = int(expected) + town.chance.happens(expected % 1)
    for _ in range(min(going, len(staying))):
        resign(town, unit, staying.pop(_first_to_go(town, staying)))


def _first_to_go(town: Town, staying: list[Person]) -> int:
    """Of two people it is more often the one with fewer years in the trade."""
    some, other = town.chance.between(0, len(staying) - 1), town.chance.between(0, len(staying) - 1)
    day = town.month.first
    return some if staying[some].years(day) <= staying[other].years(day) else other
