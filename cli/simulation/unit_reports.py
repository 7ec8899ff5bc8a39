"""Reports on a unit: what it costs, what happened there, how its people answer, which cases changed hands."""

from datetime import date
from typing import Literal

from cli.simulation import magnitudes
from cli.simulation.workforce import SimulatedUnit, Town
from shared.contracts.events import CostReported, HandoverReported, IncidentReported, PulseReported

QUARTERS = (2, 5, 9, 11)
"""Months of the pulse survey; none in the summer."""


def live_month(town: Town, unit: SimulatedUnit) -> None:
    """Everything reported on a unit this month."""
    _report_incidents(town, unit)
    if town.month.number in QUARTERS:
        _report_pulse(town, unit)
    _report_cost(town, unit)
    _report_handovers(town, unit)


def _report_incidents(town: Town, unit: SimulatedUnit) -> None:
    expected = magnitudes.INCIDENTS * len(unit.people) * town.month.share * unit.conditions.incidents
    for _ in range(town.chance.count(expected)):
        day = town.some_day()
        data = IncidentReported(
            effective=date.fromordinal(day),
            kind=town.chance.weighted(_kinds(unit)),
            serious=town.chance.happens(0.12),
            occupation=unit.office.mix[0][0],
        )
        town.report(unit.subject, data, day)


def _kinds(unit: SimulatedUnit) -> tuple[tuple[Literal["threat", "violence", "other"], float], ...]:
    return ("threat", 0.62), ("violence", unit.conditions.violence), ("other", 0.30)


def _report_pulse(town: Town, unit: SimulatedUnit) -> None:
    """Some answer, around the mean of these days; nobody answers outside 0–100."""
    invited, chance = len(unit.people), town.chance
    answers = sum(chance.happens(unit.conditions.answering) for _ in range(invited))
    scores = [min(100, max(0, round(chance.near(unit.conditions.pulse, 17)))) for _ in range(answers)]
    data = PulseReported(
        effective=date.fromordinal(town.month.first + (town.month.last - town.month.first) // 2),
        index="work_environment",
        invited=invited,
        answers=answers,
        score_sum=sum(scores),
        negative=sum(score <= 40 for score in scores),
    )
    town.report(unit.subject, data, town.month.last)


def _report_cost(town: Town, unit: SimulatedUnit) -> None:
    month = town.month
    pay = sum(person.pay * person.fte for person in unit.people if person.started <= month.last)
    hired = sum(assignment.hourly_cost * assignment.fte for assignment in unit.assignments)
    part = month.share * 12
    data = CostReported(
        first=date.fromordinal(month.first),
        last=date.fromordinal(month.last),
        personnel_cost=round(pay * magnitudes.ON_COST * part),
        agency_cost=round(hired * magnitudes.HOURS_PER_MONTH * part),
    )
    town.report(unit.subject, data, month.last + 8)


def _report_handovers(town: Town, unit: SimulatedUnit) -> None:
    """The ordinary churn of cases, and those of people who have given notice this month."""
    cases = sum(person.cases for person in unit.people)
    moved = (
        town.chance.count(cases * magnitudes.CASE_CHURN * unit.conditions.churn * town.month.share * 12)
        + unit.handed_over
    )
    unit.handed_over = 0
    if moved:
        data = HandoverReported(effective=date.fromordinal(town.month.last), cases=moved)
        town.report(unit.subject, data, town.month.last + 1)
