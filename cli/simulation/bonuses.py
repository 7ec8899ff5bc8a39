"""What is paid beside the monthly pay: to whoever told of a colleague who came, and to those who have stayed."""

from datetime import date

from cli.simulation.workforce import Person, SimulatedUnit, Town
from shared.contracts.events import BonusKind, BonusPaid

PAYDAY = 27
MARCH = 3
EXPERIENCED = 3
"""Years in the trade from which on experience is paid for."""


def live_month(town: Town, unit: SimulatedUnit, person: Person) -> None:
    """The person's bonuses of the month, and that of the colleague through whom the person came."""
    day = date.fromordinal(town.month.first).replace(day=PAYDAY).toordinal()
    if unit.conditions.referral_bonus and person.hired_from == "referral" and _began(town, person):
        thanked = next((other for other in unit.people if other.settled(day)), None)
        if thanked:
            _pay(town, thanked, "referral", unit.conditions.referral_bonus, day)
    stays = person.settled(day) and person.years(day) >= EXPERIENCED
    if unit.conditions.experience_bonus and town.month.number == MARCH and stays:
        _pay(town, person, "experience", unit.conditions.experience_bonus, day)


def _began(town: Town, person: Person) -> bool:
    return town.month.first <= person.started <= town.month.last


def _pay(town: Town, person: Person, kind: BonusKind, amount: float, day: int) -> None:
    town.report(person.subject, BonusPaid(kind=kind, effective=date.fromordinal(day), amount=round(amount)), day)
