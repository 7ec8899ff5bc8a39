"""What the plan promises each employee: introduction, mentor, and a talk with the manager every other month."""

from datetime import date

from cli.simulation.workforce import Milestone, Person, SimulatedUnit, Town
from shared.contracts.events import MilestoneReached

BETWEEN_TALKS = (45, 70)


def live_month(town: Town, unit: SimulatedUnit, person: Person) -> None:
    """Report what was reached this month; some talks lapse."""
    until = min(town.month.last, person.leaves)
    for day, milestone in person.planned:
        if day <= until:
            _reach(town, person, milestone, day)
    person.planned = [later for later in person.planned if later[0] > until]
    while person.next_check_in <= until:
        missed = person.absence is not None or town.chance.happens(unit.conditions.missed_talks)
        if not missed:
            _reach(town, person, "check_in_held", max(person.next_check_in, town.month.first))
        person.next_check_in += town.chance.between(*BETWEEN_TALKS)


def _reach(town: Town, person: Person, milestone: Milestone, day: int) -> None:
    town.report(person.subject, MilestoneReached(milestone=milestone, effective=date.fromordinal(day)), day)
