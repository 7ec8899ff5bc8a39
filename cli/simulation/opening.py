"""The day the log begins: the tree, everyone already employed, the posts that stand vacant, who covers them."""

from collections.abc import Sequence
from datetime import date

from cli.simulation import magnitudes
from cli.simulation.careers import give_notice
from cli.simulation.chance import Chance
from cli.simulation.consultants import cover
from cli.simulation.newcomers import begin, veteran
from cli.simulation.organisation import ADMINISTRATOR, MANAGER, Node, Site, Tree
from cli.simulation.person_reports import start_cases
from cli.simulation.reporter import Reporter
from cli.simulation.seasons import Month
from cli.simulation.vacancies import ROUND, announce
from cli.simulation.workforce import SimulatedUnit, Town, Vacancy
from shared.contracts.events import UnitClosed, UnitDefined

PEOPLE_PER_MANAGER = 28
OLD_SHARE = 0.62
"""Of the posts vacant at any time, how many are hard to fill and have been vacant for long."""
ALREADY_LEAVING = magnitudes.OWN_REQUEST * 65 / 365
"""Share of the people who gave notice before the first day and are still there."""
FOUNDED = date(2015, 1, 1)


def open_town(tree: Tree, sites: Sequence[Site], month: Month, chance: Chance, reporter: Reporter) -> Town:
    """The municipality on the first day of the log, with that day's events reported."""
    units = [SimulatedUnit(s.ref, s.name, s.office, calm=s.calm, onsets=s.onsets, conditions=s.calm) for s in sites]
    town = Town(chance, reporter, units, month, references=chance.between(0, 17_000_000))
    _define_tree(town, tree)
    for unit, site in zip(units, sites, strict=True):
        _staff(town, unit, site.size)
        _leave_vacant(town, unit, site.size * site.vacant)
    return town


def _define_tree(town: Town, tree: Tree) -> None:
    day = town.month.first
    for place in tree.places:
        data = UnitDefined(effective=FOUNDED, name=place.name, level=place.level, parent=place.parent)
        town.report(f"unit/{place.ref}", data, day)
    for office in tree.offices:
        data = UnitDefined(effective=FOUNDED, name=office.name, level="office", parent=office.parent)
        town.report(f"unit/{office.ref}", data, day)
    for unit in town.units:
        data = UnitDefined(effective=FOUNDED, name=unit.name, level="unit", parent=unit.office.ref)
        town.report(unit.subject, data, day)
    _close(town, tree.closed, day)


def _close(town: Town, place: Node, day: int) -> None:
    defined = UnitDefined(effective=FOUNDED, name=place.name, level=place.level, parent=place.parent)
    town.report(f"unit/{place.ref}", defined, day)
    town.report(f"unit/{place.ref}", UnitClosed(last_day=date.fromordinal(day - 1)), day)


def _staff(town: Town, unit: SimulatedUnit, size: int) -> None:
    managers = max(1, round(size / PEOPLE_PER_MANAGER)) if size > 3 else 0
    for number in range(size):
        occupation = MANAGER if number < managers else town.chance.weighted(unit.office.mix)
        person = veteran(town, occupation, town.month.first, unit.conditions)
        if number >= managers and town.chance.happens(0.03):
            person.form, person.contract_until = "fixed_term", town.month.first + town.chance.between(30, 330)
        begin(town, unit, person, town.month.first)
        start_cases(unit, person, town.month.first)
        if number == 0 and managers:
            unit.manager = person
        elif person.settled(town.month.first) and town.chance.happens(ALREADY_LEAVING):
            give_notice(town, unit, person, "own_request", on=town.month.first, last_day=_soon(town))


def _soon(town: Town) -> int:
    return town.month.first + town.chance.between(3, 85)


def _leave_vacant(town: Town, unit: SimulatedUnit, expected: float) -> None:
    chance, day = town.chance, town.month.first
    for _ in range(int(expected) + chance.happens(expected % 1)):
        age = chance.between(200, 1400) if chance.happens(OLD_SHARE) else chance.between(0, 200)
        opened = day - min(age, chance.between(0, ROUND))
        post = Vacancy(town.new_ref(), chance.weighted(unit.office.mix), 1.0, opened, day, day - age)
        vacancy = announce(town, unit, post)
        if vacancy.occupation != ADMINISTRATOR and chance.happens(0.76):
            cover(town, unit, vacancy, max(opened, day - chance.between(0, 110)), day)
