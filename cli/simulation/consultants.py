"""Consultants who cover vacant posts or relieve a unit, the central pool, and students in their placement."""

from datetime import date
from typing import Literal

from cli.simulation import magnitudes
from cli.simulation.organisation import ADMINISTRATOR, MANAGER, SOCIAL_WORKER
from cli.simulation.recruitment import hire
from cli.simulation.vacancies import announced
from cli.simulation.workforce import Assignment, SimulatedUnit, Town, Vacancy
from shared.contracts.events import AssignmentChanged, AssignmentEnded, AssignmentStarted

Kind = Literal["agency", "pool", "student"]
TERMS = (1, 9)
"""Months in which students begin a term of placement."""
INDEXATION = 1
"""The month in which agencies raise their prices."""


def live_month(town: Town, unit: SimulatedUnit) -> None:
    """Assignments end and are followed, vacancies find cover, others come beside."""
    for assignment in tuple(unit.assignments):
        if assignment.last <= town.month.last:
            _finish(town, unit, assignment)
        elif town.month.number == INDEXATION and assignment.hourly_cost:
            _index(town, assignment)
    for vacancy in announced(town, unit):
        _find_cover(town, unit, vacancy)
    _relieve(town, unit)


def cover(town: Town, unit: SimulatedUnit, vacancy: Vacancy, first: int, known: int) -> None:
    """A consultant begins on a vacant post, for four to thirteen months or until it is filled."""
    last = max(first + town.chance.between(120, 400), known)
    vacancy.cover = _assignment(town, "agency", vacancy.occupation, last)
    vacancy.cover.post = vacancy
    _begin(town, unit, vacancy.cover, first, known)


def _assignment(town: Town, kind: Kind, occupation: str, last: int) -> Assignment:
    cost = town.chance.between(64, 92) * 10 if kind == "agency" else 0
    return Assignment(town.new_ref(), kind, occupation, 1.0 if town.chance.happens(0.85) else 0.8, last, cost)


def _begin(town: Town, unit: SimulatedUnit, assignment: Assignment, first: int, known: int) -> None:
    unit.assignments.append(assignment)
    data = AssignmentStarted(
        effective=date.fromordinal(first),
        unit=unit.ref,
        occupation=assignment.occupation,
        fte=assignment.fte,
        kind=assignment.kind,
        covers=assignment.post.ref if assignment.post is not None else None,
        hourly_cost=assignment.hourly_cost or None,
    )
    town.report(f"assignment/{assignment.ref}", data, known)


def _finish(town: Town, unit: SimulatedUnit, assignment: Assignment) -> None:
    unit.assignments.remove(assignment)
    post = assignment.post
    hired = post is not None and town.chance.happens(unit.conditions.conversion)
    known = max(town.month.first, assignment.last - 10)
    data = AssignmentEnded(last_day=date.fromordinal(assignment.last), outcome="hired" if hired else "finished")
    town.report(f"assignment/{assignment.ref}", data, known)
    if post is not None:
        post.cover = None
        _succeed(town, unit, post, assignment.last + 1, hired=hired)


def _succeed(town: Town, unit: SimulatedUnit, post: Vacancy, first: int, *, hired: bool) -> None:
    """The consultant is employed on the post, or another one follows, or nobody does for now."""
    if hired:
        hire(town, unit, post, "agency", first_day=max(first, post.opened), signed=max(town.month.first, first - 11))
    elif town.chance.happens(magnitudes.SUCCESSION):
        cover(town, unit, post, first, first - 1)


def _index(town: Town, assignment: Assignment) -> None:
    assignment.hourly_cost = round(assignment.hourly_cost * 1.03)
    data = AssignmentChanged(effective=date.fromordinal(town.month.first), hourly_cost=assignment.hourly_cost)
    town.report(f"assignment/{assignment.ref}", data, town.month.first)


def _find_cover(town: Town, unit: SimulatedUnit, vacancy: Vacancy) -> None:
    wanted = vacancy.cover is None and vacancy.opened <= town.month.last
    if not wanted or vacancy.occupation in (MANAGER, ADMINISTRATOR):
        return
    if town.chance.happens(magnitudes.COVER_PER_YEAR * town.month.share * unit.conditions.cover):
        day = max(town.some_day(), vacancy.opened)
        cover(town, unit, vacancy, day, max(town.month.first, day - 7))


def _relieve(town: Town, unit: SimulatedUnit) -> None:
    """Beside the vacant posts: extra consultants, the pool, students at the beginning of a term."""
    people, share = len(unit.people), town.month.share
    trade = unit.office.mix[0][0]
    for _ in range(
        town.chance.count(magnitudes.EXTRA_CONSULTANTS * people * share * unit.conditions.extra_consultants)
    ):
        _come(town, unit, "agency", trade, town.chance.between(90, 300))
    for _ in range(town.chance.count(magnitudes.POOL * people * share * unit.conditions.pool)):
        _come(town, unit, "pool", trade, town.chance.between(20, 90))
    if town.month.number in TERMS and trade == SOCIAL_WORKER:
        for _ in range(town.chance.count(magnitudes.STUDENTS * people * unit.conditions.students)):
            _come(town, unit, "student", trade, town.chance.between(100, 135))


def _come(town: Town, unit: SimulatedUnit, kind: Kind, occupation: str, days: int) -> None:
    first = town.some_day()
    _begin(town, unit, _assignment(town, kind, occupation, first + days), first, first)
