"""Posts become vacant and are filled."""

from datetime import date

from cli.simulation.workforce import FAR, Assignment, Person, SimulatedUnit, Town, Vacancy
from shared.contracts.events import AssignmentChanged, VacancyClosed, VacancyOpened

ROUND = 210
"""Days a round of recruiting is given."""


def open_post(town: Town, unit: SimulatedUnit, like: Person, vacant_from: int, known: int) -> Vacancy:
    """The post of someone who goes is vacant from a day on; the HR system learns of it when it is approved."""
    return announce(town, unit, Vacancy(town.new_ref(), like.occupation, like.fte, vacant_from, known, vacant_from))


def announce(town: Town, unit: SimulatedUnit, vacancy: Vacancy) -> Vacancy:
    """Report a vacant post and keep it open."""
    data = VacancyOpened(
        effective=date.fromordinal(vacancy.opened),
        unit=unit.ref,
        occupation=vacancy.occupation,
        fte=vacancy.fte,
        form="permanent",
    )
    town.report(f"vacancy/{vacancy.ref}", data, vacancy.known)
    unit.vacancies.append(vacancy)
    return vacancy


def fill(town: Town, unit: SimulatedUnit, vacancy: Vacancy, first_day: int, known: int) -> None:
    """Someone begins on the post on a day; whoever covered it hands over for a week or two and goes."""
    data = VacancyClosed(effective=date.fromordinal(first_day), outcome="filled")
    town.report(f"vacancy/{vacancy.ref}", data, known)
    unit.vacancies.remove(vacancy)
    if vacancy.cover is not None:
        vacancy.cover.last = min(vacancy.cover.last, first_day + town.chance.between(5, 14))
        vacancy.cover.post = None


def readvertise(town: Town, unit: SimulatedUnit) -> None:
    """A round that has led nowhere is broken off and the post advertised anew; its consultant stays."""
    day = town.month.first
    for vacancy in announced(town, unit):
        if day - vacancy.opened > ROUND and town.chance.happens(unit.conditions.readvertising):
            data = VacancyClosed(effective=date.fromordinal(day), outcome="cancelled")
            town.report(f"vacancy/{vacancy.ref}", data, day)
            unit.vacancies.remove(vacancy)
            again = Vacancy(town.new_ref(), vacancy.occupation, vacancy.fte, day, day, vacancy.since)
            _hand_on_cover(town, vacancy.cover, announce(town, unit, again))


def _hand_on_cover(town: Town, cover: Assignment | None, again: Vacancy) -> None:
    if cover is None:
        return
    again.cover, cover.post = cover, again
    change = AssignmentChanged(effective=date.fromordinal(again.opened), covers=again.ref)
    town.report(f"assignment/{cover.ref}", change, again.known)


def announced(town: Town, unit: SimulatedUnit) -> list[Vacancy]:
    """The vacant posts that were known when the month began: those that can be filled or covered now."""
    return [vacancy for vacancy in unit.vacancies if vacancy.known < town.month.first]


def of_same_trade(town: Town, unit: SimulatedUnit, person: Person) -> Vacancy | None:
    """The oldest vacant post of the unit that the person could have."""
    fitting = (vacancy for vacancy in announced(town, unit) if vacancy.occupation == person.occupation)
    return min(fitting, key=lambda vacancy: vacancy.opened, default=None)


def still_employed(person: Person, day: int) -> bool:
    """Whether the person's known last day is that day or later."""
    return person.leaves == FAR or person.leaves >= day
