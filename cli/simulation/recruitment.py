"""Vacant posts find someone: from outside, through a colleague, from another unit, among former students."""

from cli.simulation import magnitudes
from cli.simulation.moves import plan_move
from cli.simulation.newcomers import begin, recruit
from cli.simulation.organisation import MANAGER, SOCIAL_WORKER
from cli.simulation.seasons import OFFERS
from cli.simulation.vacancies import announced, fill
from cli.simulation.workforce import Move, Person, SimulatedUnit, Town, Vacancy
from shared.contracts.events import HiredFrom

HEARD_OF_IN = 3
"""Units whose people hear of a vacant post in another."""


def recruit_for(town: Town, unit: SimulatedUnit) -> None:
    """A month of recruiting for a unit's vacant posts; few want to come where things go wrong."""
    season = OFFERS[town.month.number - 1] * town.month.share * unit.conditions.hiring
    for vacancy in announced(town, unit):
        if town.chance.happens(_chance_of(unit, vacancy, town.month.first) * season):
            _offer(town, unit, vacancy)


def _chance_of(unit: SimulatedUnit, vacancy: Vacancy, day: int) -> float:
    if vacancy.occupation == MANAGER:
        return magnitudes.FILLED_MANAGER * unit.conditions.managers_hired
    old = day - vacancy.since > magnitudes.HARD_TO_FILL_DAYS
    return magnitudes.FILLED_OLD if old else magnitudes.FILLED_YOUNG


def hire(
    town: Town, unit: SimulatedUnit, vacancy: Vacancy, hired_from: HiredFrom, *, first_day: int, signed: int
) -> None:
    """Someone from outside takes the post from a day on; the contract is entered the day it is signed."""
    person = recruit(town, vacancy.occupation, first_day, unit.conditions)
    person.hired_from = hired_from
    begin(town, unit, person, signed)
    fill(town, unit, vacancy, first_day, signed)


def _offer(town: Town, unit: SimulatedUnit, vacancy: Vacancy) -> None:
    signed = town.some_day()
    first_day = max(vacancy.opened, signed + town.chance.between(20, 90))
    candidate = _inside(town, unit, vacancy) if town.chance.happens(unit.conditions.internal_fill) else None
    if candidate is not None:
        fill(town, unit, vacancy, first_day, signed)
        plan_move(town, Move(*candidate, unit, vacancy.occupation, first_day), signed)
    else:
        hire(town, unit, vacancy, _from_outside(town, unit), first_day=first_day, signed=signed)


def _from_outside(town: Town, unit: SimulatedUnit) -> HiredFrom:
    referral, trainee = unit.conditions.referral_fill, unit.conditions.trainee_fill
    ways: tuple[tuple[HiredFrom, float], ...] = (("referral", referral), ("trainee", trainee), ("external", 1.0))
    return town.chance.weighted(ways)


def _inside(town: Town, unit: SimulatedUnit, vacancy: Vacancy) -> tuple[Person, SimulatedUnit] | None:
    """Someone settled in one of a few other units, of the same trade; managers rise from the social workers."""
    trade = SOCIAL_WORKER if vacancy.occupation == MANAGER else vacancy.occupation
    origins = [town.chance.pick(town.units) for _ in range(HEARD_OF_IN)]
    open_to = [origin for origin in origins if origin is not unit and origin.conditions.lets_go]
    found = [(p, o) for o in open_to for p in o.people if _may_come(p, trade, town.month.first)]
    return town.chance.pick(found) if found else None


def _may_come(person: Person, trade: str, day: int) -> bool:
    return person.occupation == trade and person.settled(day) and person.absence is None
