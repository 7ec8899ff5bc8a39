"""The log itself: months of what happens, days of what is handed over."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from cli.simulation import absences, bonuses, careers, consultants, exodus, milestones, moves, unit_reports, vacancies
from cli.simulation.chance import Chance
from cli.simulation.journal import Journal
from cli.simulation.newcomers import substitute
from cli.simulation.opening import open_town
from cli.simulation.organisation import TREE, Site, Tree, sites
from cli.simulation.person_reports import report_cases, report_time
from cli.simulation.recruitment import recruit_for
from cli.simulation.refusal import SimulationError
from cli.simulation.reporter import Reporter
from cli.simulation.scenarios import HELPED, SCENARIOS
from cli.simulation.scenarios.scenario import LASTS, Step
from cli.simulation.seasons import Month, months
from cli.simulation.trouble import worsened
from cli.simulation.workforce import Person, SimulatedUnit, Town
from shared.contracts.envelope import CloudEvent
from shared.contracts.events import MeasureUpdated

EARLIEST, LATEST = date(1970, 1, 1), date(2190, 12, 31)
"""Dates of events lie in 1900–2200; the oldest employee was born 66 years before the first day."""


def simulate(
    seed: int,
    people: int,
    units: int,
    *,
    first: date,
    last: date,
    hostility: float = 0.0,
    troubled: str | None = None,
) -> Iterator[CloudEvent]:
    """Every event the source systems recorded from ``first`` to ``last``, in the order of ``time``.

    ``people`` are employed when the log begins, in ``units`` units; ``hostility`` (0–1) is how late, wrong and
    contradictory the sources are; ``troubled`` is the reference or name of a unit that goes wrong in the last nine
    months, or ``auto``. The same arguments give the same events on any machine. Holds one month of events at a
    time and the people, never the whole log. Raises SimulationError for a number out of range or an unknown unit.
    """
    if units < 1:
        raise SimulationError(f"units: minst 1 behövs, inte {units}", f"units: at least 1 is needed, not {units}")
    if people < units:
        raise SimulationError(
            f"people: minst en per enhet behövs, och {people} är färre än {units} enheter",
            f"people: at least one a unit is needed, {people} is fewer than {units} units",
        )
    chance = Chance(seed, "reality")
    return _events(seed, TREE, sites(people, units, troubled, chance), chance, first, last, hostility)


def simulate_scenario(seed: int, name: str, *, first: date, last: date, hostility: float = 0.0) -> Iterator[CloudEvent]:
    """The log of a scenario, by its name; else like ``simulate``. Raises SimulationError also for a log too short."""
    known = {**SCENARIOS, **HELPED}
    if name not in known:
        every = ", ".join(known)
        raise SimulationError(f"scenario: {name!r} är inget av {every}", f"scenario: {name!r} is none of {every}")
    if last - first < LASTS - timedelta(days=1):
        days = (last - first).days + 1
        raise SimulationError(
            f"scenario: {LASTS.days} dagar behövs, inte {days}", f"scenario: {LASTS.days} days are needed, not {days}"
        )
    told = known[name]
    return _events(seed, told.tree, told.sites, Chance(seed, "reality"), first, last, hostility, told.steps)


def _events(
    seed: int,
    tree: Tree,
    staffed: Sequence[Site],
    chance: Chance,
    first: date,
    last: date,
    hostility: float,
    steps: Sequence[Step] = (),
) -> Iterator[CloudEvent]:
    _check(first, last, hostility)
    reporter = Reporter(Journal(), Chance(seed, "reporting"), hostility)
    town = open_town(tree, staffed, Month(first.toordinal(), first.toordinal(), first.month), chance, reporter)
    for step in steps:
        on = last.toordinal() - step.days_before
        town.report(step.subject, MeasureUpdated(effective=date.fromordinal(on), status=step.status), on)
    return _run(town, months(first + timedelta(days=1), last), last.toordinal())


def _check(first: date, last: date, hostility: float) -> None:
    if first < EARLIEST or last > LATEST:
        raise SimulationError(
            f"dagar från {EARLIEST} till {LATEST} kan simuleras, inte {first} till {last}",
            f"first and last: days from {EARLIEST} to {LATEST} can be simulated, not {first} to {last}",
        )
    if last < first:
        raise SimulationError(
            f"den sista dagen, {last}, är före den första, {first}", f"last: {last} is before the first day, {first}"
        )
    if not 0 <= hostility <= 1:
        raise SimulationError(
            f"hostility: en andel från 0 till 1 behövs, inte {hostility}",
            f"hostility: a share from 0 to 1 is needed, not {hostility}",
        )


def _run(town: Town, span: Iterator[Month], last_day: int) -> Iterator[CloudEvent]:
    """The first day is for what was already there; what happens begins on the second."""
    journal = town.reporter.journal
    yield from journal.hand_over(town.month.first)
    for month in span:
        town.month = month
        moves.carry_out_moves(town)
        for unit in town.units:
            unit.conditions = worsened(unit.calm, unit.onsets, month, last_day)
            _live_month(town, unit)
        for day in range(month.first, month.last + 1):
            yield from journal.hand_over(day)


def _live_month(town: Town, unit: SimulatedUnit) -> None:
    """People first, then the posts they leave, then what is reported on the unit as a whole."""
    moves.appoint(town, unit)
    exodus.drive_away(town, unit)
    for person in tuple(unit.people):
        if person.started <= town.month.last:
            _live_person(town, unit, person)
    vacancies.readvertise(town, unit)
    recruit_for(town, unit)
    consultants.live_month(town, unit)
    unit_reports.live_month(town, unit)


def _live_person(town: Town, unit: SimulatedUnit, person: Person) -> None:
    careers.live_month(town, unit, person)
    begun = absences.live_month(town, unit, person)
    if begun is not None:
        substitute(town, unit, person, begun)
    milestones.live_month(town, unit, person)
    bonuses.live_month(town, unit, person)
    report_cases(town, unit, person)
    report_time(town, unit, person)
    if person.leaves <= town.month.last:
        careers.depart(unit, person)
