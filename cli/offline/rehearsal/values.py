"""A log folded, and the values that the metrics service would publish of it, as the alerts service keeps them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from cli.offline.rehearsal.months import Ledger
from services.alerts.domain.alert.observation import Observation, SeriesKey
from services.alerts.domain.plan.plan import Unit
from services.metrics.domain.coverage.coverage import Coverage
from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.facts.entry import entry_of
from services.metrics.domain.facts.reported import Firsts, merged, reported
from services.metrics.domain.facts.tally import Fact, Tally
from services.metrics.domain.record.memory import Memory, by_subject
from services.metrics.domain.sums.tree import Tree, Trees
from services.metrics.domain.values.book import Book
from services.metrics.domain.values.sheet import Published
from shared.contracts.envelope import CloudEvent
from shared.contracts.event_types import MEASURE_UPDATED

WINDOW = 365


class RehearsedValues(NamedTuple):
    """The units that were told of, the values of each series, and what months are made of."""

    units: Mapping[str, Unit]
    series: Mapping[SeriesKey, Sequence[Observation]]
    ledger: Ledger


class Folded(NamedTuple):
    """The facts of a log, its units, since when it tells of what, its events of measures, and when the last event was
    recorded.
    """

    tally: Tally
    memory: Memory
    told: Firsts
    measures: Sequence[CloudEvent]
    last: datetime | None


def folded(events: Iterable[CloudEvent]) -> Folded:
    """A whole log."""
    memory, tally, log = Memory(), Tally(), [(event, entry_of(event)) for event in events]
    memory.fold(by_subject((event.subject, entry) for event, entry in log), tally)
    told = merged(found for event, entry in log for found in reported(event, entry.data))
    measures = [event for event, _ in log if event.type == MEASURE_UPDATED]
    return Folded(tally, memory, told, measures, max((event.time for event, _ in log), default=None))


def published(log: Folded, today: date) -> RehearsedValues:
    """Everything published on ``today``: of that day, of the days it restates, and of the days ahead."""
    trees, facts = Trees(log.memory.definitions), log.tally.facts()
    book = Book(trees, today.toordinal(), WINDOW)
    book.cover(log.told)
    _fill(book, facts)
    series: defaultdict[SeriesKey, list[Observation]] = defaultdict(list)
    units: dict[str, Unit] = {}
    book.tell()
    for some in book.changed():
        for one in some:
            units.setdefault(one.group.unit, _unit(one.group.unit, book.tree))
            for key, observation in _observations(one, today):
                series[key].append(observation)
    return RehearsedValues(units, series, Ledger(facts, trees, Coverage(log.told)))


def _fill(book: Book, facts: Sequence[Fact]) -> None:
    numbers: dict[Cell, int] = {}
    for fact in facts:
        numbers.setdefault(fact.cell, len(numbers) + 1)
    book.know((number, cell) for cell, number in numbers.items())
    book.add([(numbers[fact.cell], fact.measure, fact.day, fact.delta) for fact in facts])


def _unit(ref: str, places: Tree) -> Unit:
    return Unit(ref, places.name(ref), places.path(ref), ref in places.closed)


def _observations(one: Published, today: date) -> Iterable[tuple[SeriesKey, Observation]]:
    as_of = date.fromordinal(one.as_of)
    horizon = max(0, (as_of - today).days)
    for metric, measured in one.metrics.items():
        yield SeriesKey(one.group.unit, one.group.occupation, metric), Observation(as_of, horizon, measured)
