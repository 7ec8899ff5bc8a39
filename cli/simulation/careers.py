"""What becomes of people's employments: resignations, retirement, other exits, new hours, new pay."""

from datetime import date
from typing import Literal

from cli.simulation import magnitudes
from cli.simulation.absences import cut_short
from cli.simulation.seasons import NOTICES
from cli.simulation.vacancies import fill, of_same_trade, open_post
from cli.simulation.workforce import FAR, Person, SimulatedUnit, Town
from shared.contracts.events import EmploymentChanged, EmploymentEnded, Grade, MilestoneReached

Reason = Literal["own_request", "retirement", "redundancy", "dismissal", "contract_end", "death", "other"]

REVISION = 4
"""The month of the yearly pay revision; entered the month before."""
OTHER_REASONS: tuple[tuple[Reason, float], ...] = (
    ("other", 0.45),
    ("dismissal", 0.25),
    ("redundancy", 0.22),
    ("death", 0.08),
)


def live_month(town: Town, unit: SimulatedUnit, person: Person) -> None:
    """What is decided this month about the person's employment; no two exits at once, nothing while moving."""
    if person.leaves < FAR or person.moving:
        return
    if person.form != "permanent":
        _run_out(town, unit, person)
    elif person.retires - town.month.first < 200:
        give_notice(town, unit, person, "retirement", on=town.some_day(), last_day=person.retires)
    else:
        _decide(town, unit, person)


def resign(town: Town, unit: SimulatedUnit, person: Person) -> None:
    """Notice this month; the period of notice is one month in the first year of service, else two to three."""
    on = town.some_day()
    period = town.chance.between(*((30, 45) if person.started > on - 365 else (58, 95)))
    give_notice(town, unit, person, "own_request", on=on, last_day=on + period)


def give_notice(town: Town, unit: SimulatedUnit, person: Person, reason: Reason, *, on: int, last_day: int) -> None:
    """The end is entered on a day; the last one lies after this month and after a vacation already granted."""
    last_day = max(last_day, town.month.last, person.vacation_until)
    _end(town, person, reason, on, last_day)
    unit.handed_over += round(person.cases)
    open_post(town, unit, person, last_day + 1, on + town.chance.between(2, 20))
    if town.chance.happens(0.6):
        talk = max(on, last_day - town.chance.between(2, 10))
        data = MilestoneReached(milestone="exit_interview_held", effective=date.fromordinal(talk))
        town.report(person.subject, data, talk)


def depart(unit: SimulatedUnit, person: Person) -> None:
    """The person is gone."""
    del unit.people[person]
    if unit.manager is person:
        unit.manager = None


def _end(town: Town, person: Person, reason: Reason, on: int, last_day: int) -> None:
    town.report(person.subject, EmploymentEnded(last_day=date.fromordinal(last_day), reason=reason), on)
    person.leaves = last_day
    cut_short(person, last_day)


def _decide(town: Town, unit: SimulatedUnit, person: Person) -> None:
    month, chance = town.month, town.chance
    season = NOTICES[month.number - 1] * month.share
    restless = 0.0 if unit.conditions.resignations else unit.conditions.restlessness
    risk = magnitudes.OWN_REQUEST * season * _risk_of(person, month.first) * restless
    draw = chance.random()
    if draw < risk:
        resign(town, unit, person)
    elif draw < risk + magnitudes.OTHER_EXITS * month.share:
        give_notice(town, unit, person, chance.weighted(OTHER_REASONS), on=town.some_day(), last_day=month.last)
    elif month.number == REVISION - 1:
        _revise(town, unit, person)
    elif chance.happens(magnitudes.FTE_CHANGE * month.share) and person.role == "staff":
        person.fte = chance.pick([fte for fte in (1.0, 0.8, 0.75, 0.5) if fte != person.fte])
        _change(town, person, EmploymentChanged(effective=date.fromordinal(month.last + 1), fte=person.fte))


def _risk_of(person: Person, day: int) -> float:
    years = (day - person.started) / 365
    return next(times for upto, times in magnitudes.TENURE_RISK if years < upto)


def _revise(town: Town, unit: SimulatedUnit, person: Person) -> None:
    """New pay, and a new grade for those who have earned it."""
    day = town.month.last + 1
    lift = unit.conditions.levelling * (_best_paid(unit, person) - person.pay)
    unequal = unit.conditions.raise_of_men if person.gender == "m" else 0
    person.pay = 100 * round((person.pay + lift) * (1.025 + 0.015 * town.chance.random() + unequal) / 100)
    earned = _earned(town, unit, person, person.years(day))
    change = EmploymentChanged(effective=date.fromordinal(day), monthly_pay=person.pay, grade=earned)
    person.grade = earned or person.grade
    _change(town, person, change)


def _best_paid(unit: SimulatedUnit, person: Person) -> int:
    return max(other.pay for other in unit.people if other.role == person.role)


def _earned(town: Town, unit: SimulatedUnit, person: Person, years: float) -> Grade | None:
    if person.grade == "trainee":
        return "regular" if years >= 1 else None
    rises = (
        person.grade == "regular"
        and years > 5
        and town.chance.happens(magnitudes.PROMOTION * unit.conditions.promotions)
    )
    return "senior" if rises else None


def _change(town: Town, person: Person, change: EmploymentChanged) -> None:
    """Entered this month, in force from the first of the next."""
    town.report(person.subject, change, max(town.some_day(), person.started))


def _run_out(town: Town, unit: SimulatedUnit, person: Person) -> None:
    """A fixed-term contract ends, or the person is kept on a vacant post of the same trade."""
    if person.contract_until > town.month.last:
        return
    post = of_same_trade(town, unit, person)
    if post is None or post.opened > person.contract_until or town.chance.happens(unit.conditions.contracts_run_out):
        _end(town, person, "contract_end", max(town.month.first, person.contract_until - 14), person.contract_until)
    else:
        first_day = person.contract_until + 1
        person.form, person.contract_until = "permanent", FAR
        _change(town, person, EmploymentChanged(effective=date.fromordinal(first_day), form="permanent"))
        fill(town, unit, post, first_day, first_day - 1)
