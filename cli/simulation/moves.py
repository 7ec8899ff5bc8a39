"""People change unit inside the municipality."""

from datetime import date

from cli.simulation.organisation import MANAGER
from cli.simulation.vacancies import open_post, still_employed
from cli.simulation.workforce import Move, SimulatedUnit, Town
from shared.contracts.events import EmploymentChanged


def plan_move(town: Town, move: Move, agreed: int) -> None:
    """The person belongs to another unit from a day on, perhaps as its manager; the old post becomes vacant."""
    open_post(town, move.origin, move.person, move.day, agreed + town.chance.between(3, 20))
    rises, manager = move.occupation == MANAGER, move.target.manager
    data = EmploymentChanged(
        effective=date.fromordinal(move.day),
        unit=move.target.ref,
        occupation=move.occupation if rises else None,
        role="manager" if rises else None,
        case_holder=False if rises else None,
        manager=manager.ref if manager is not None and not rises else None,
        reason="rotation" if move.origin.conditions.rotation and not rises else None,
    )
    town.report(move.person.subject, data, agreed)
    move.person.moving = True
    town.moves.append(move)


def carry_out_moves(town: Town) -> None:
    """Those whose day lies in this month sit in the new unit from its beginning."""
    due = [move for move in town.moves if move.day <= town.month.last]
    town.moves = [move for move in town.moves if move.day > town.month.last]
    for move in due:
        _carry_out(move)


def _carry_out(move: Move) -> None:
    person = move.person
    person.moving = False
    if not still_employed(person, move.day):
        return
    del move.origin.people[person]
    move.target.people[person] = None
    if move.occupation == MANAGER:
        person.occupation, person.role, person.case_holder, person.cases = MANAGER, "manager", False, 0


def appoint(town: Town, unit: SimulatedUnit) -> None:
    """When the unit's manager is someone else than last month, everybody in it gets a new one."""
    managers = [p for p in unit.people if p.role == "manager" and p.started <= town.month.first]
    if not managers or unit.manager in managers:
        return
    unit.manager = managers[0]
    change = EmploymentChanged(effective=date.fromordinal(town.month.first), manager=managers[0].ref)
    for person in unit.people:
        if person not in managers and person.started < town.month.first:
            town.report(person.subject, change, town.month.first)
