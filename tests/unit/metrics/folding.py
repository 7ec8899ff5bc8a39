"""Events folded in memory, and facts in the form a person checks them: dates and whole amounts."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from cli.offline.computing.log import Computed, Counts, RecordedSpan
from cli.offline.computing.rows import GroupRow, Question, report
from services.metrics.domain.disclosure.suppression import SMALL_GROUP
from services.metrics.domain.facts import measures
from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.facts.entry import ReadEntry, entry_of
from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.facts.tally import ONE, Fact, Tally, millionths
from services.metrics.domain.record.memory import Memory, by_subject
from services.metrics.domain.record.record import SIZE, Section, Stored
from services.metrics.domain.record.working import sized
from services.metrics.domain.sums.tree import Tree, Trees, tree
from services.metrics.domain.sums.windows import WindowLength
from shared.contracts import envelope
from shared.contracts.catalogue import METRICS
from shared.contracts.subjects import PERSON_PREFIX
from tests import builders as make

LATEST = date(2200, 1, 1).toordinal()


class Folded(NamedTuple):
    """What a log came to: facts by place, anomalies by kind, and what the store holds."""

    facts: dict[tuple[Cell, int, int], int]
    anomalies: dict[str, int]
    memory: Memory

    @property
    def tree(self) -> Tree:
        """The unit tree of all definitions, whatever their day."""
        return tree(self.memory.definitions, LATEST)

    @property
    def rows(self) -> list[Fact]:
        """The facts as rows."""
        return [Fact(*place, delta) for place, delta in self.facts.items()]


class Standing(Trees):
    """The same tree on all days."""

    def __init__(self, always: Tree) -> None:
        """``always`` is the tree."""
        super().__init__({})
        self._always = always

    def on(self, _: int) -> Tree:
        """It is."""
        return self._always

    early = on


def received(event: make.Event) -> tuple[str, ReadEntry]:
    """An event as the service takes it from Kafka, with its subject."""
    decoded = envelope.decode(make.encoded(event))
    return decoded.subject, entry_of(decoded)


def fold_batches(batches: Iterable[Sequence[make.Event]]) -> Folded:
    """Fold batch after batch."""
    memory, tally = Memory(), Tally()
    for batch in batches:
        memory.fold(by_subject(map(received, batch)), tally)
    facts = {place: delta for place, delta in tally.deltas.items() if delta}
    return Folded(facts, {kind: count for kind, count in tally.anomalies.items() if count}, memory)


def miscounted(memory: Memory) -> list[str]:
    """The people whose records say that they hold more or fewer events or absences than they do."""
    people = [(name, rows) for name, rows in memory.rows.items() if name.startswith(PERSON_PREFIX) and rows]
    return [name for name, rows in people if rows[SIZE] != _counted(rows.values())]


def _counted(rows: Iterable[Stored]) -> Stored:
    events, absences = sum(row.is_event for row in rows), sum(row.section == Section.absence for row in rows)
    return sized(events, absences)


def fold(*events: make.Event) -> Folded:
    """Fold all events as one batch."""
    return fold_batches([events])


def changes(folded: Folded, measure: int, unit: str | None = None) -> dict[str, float]:
    """By date, how a measure changes then: of one unit, or of all together."""
    found: dict[str, int] = {}
    for (cell, m, day), delta in sorted(folded.facts.items(), key=lambda fact: fact[0][2]):
        if m == measure and unit in (None, cell.unit):
            on = date.fromordinal(day).isoformat()
            found[on] = found.get(on, 0) + delta
    return {on: delta / ONE for on, delta in found.items() if delta}


def level(folded: Folded, measure: int, on: str, unit: str | None = None) -> float:
    """The level of a measure on a date."""
    return sum(delta for day, delta in changes(folded, measure, unit).items() if day <= on)


def cells(folded: Folded, measure: int) -> set[Cell]:
    """Where a measure has facts."""
    return {cell for cell, m, _ in folded.facts if m == measure}


def named(folded: Folded) -> set[str]:
    """The names of all measures that have facts."""
    return {measures.name(m) for _, m, _ in folded.facts}


def asked(
    folded: Folded, as_of: str, window: WindowLength = 365, small: int = 10, *, with_measures: bool = False
) -> dict[tuple[str, str], GroupRow]:
    """The rows of every group on a date, by unit and occupation."""
    question = Question(
        date.fromisoformat(as_of), window, METRICS, small, by=("occupation",), with_measures=with_measures
    )
    return {(row.unit, row.occupation): row for row in _rows(folded, question)}


def rows_by(
    folded: Folded, as_of: str, *by: str, window: int = 365, small: int = SMALL_GROUP
) -> dict[tuple[str | None, ...], GroupRow]:
    """The rows on a date as somebody gets them who asks for these dimensions."""
    question = Question(date.fromisoformat(as_of), window, METRICS, small, by, with_measures=False)
    return {(row.unit, row.occupation, row.gender, row.age): row for row in _rows(folded, question)}


def _rows(folded: Folded, question: Question) -> list[GroupRow]:
    tally = Tally()
    tally.deltas.update(folded.facts)
    return report(Computed(tally, folded.memory, Counts(), [], RecordedSpan()), question).rows


def placed(**amounts: float) -> Folded:
    """Facts as if the amounts had been so in unit ``u`` since 2020, and flows had happened on 2024-06-01."""
    facts = {}
    for name, amount in amounts.items():
        measure = Measure[name]
        day = date(2024, 6, 1) if measures.is_flow(measure) else date(2020, 1, 1)
        facts[Cell("u", "o"), int(measure), day.toordinal()] = millionths(amount)
    return Folded(facts, {}, Memory())
