"""Values of a group as they were known in the evening of each day: facts count from when they became known.

What was taken in on the ledger's first day counts as known on the day that it is about (see shared.contracts.as_known).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from services.metrics.domain.coverage.coverage import Coverage, of_groups
from services.metrics.domain.disclosure.told import untold
from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.facts.entry import Entry
from services.metrics.domain.facts.reported import Reported
from services.metrics.domain.sums import diagonals
from services.metrics.domain.sums.catalogue import FORMULAS
from services.metrics.domain.sums.diagonals import Diagonals, KnownFacts
from services.metrics.domain.sums.groups import Group
from services.metrics.domain.sums.kernels import Ints, Raw, Sums
from services.metrics.domain.sums.linked_tables import Mask
from services.metrics.domain.sums.tree import Tree, Trees
from services.metrics.domain.sums.windows import WindowLength, windows
from services.metrics.domain.values.valuation import Figures, figures, values
from shared.contracts.catalogue import Metric
from shared.contracts.metrics import ALL, RESTATED_DAYS, MetricValue

PAST = tuple(range(0, -RESTATED_DAYS - 1, -1))
"""How far the days that are restated lie from a day, itself first."""

Definitions = Mapping[str, Sequence[Entry]]


class Course(NamedTuple):
    """Days, and what the ledger knew on them of cells, units and sources, each by the day on which it was taken in.

    ``met`` is, by cell, the first day on which anything was known of it; ``loaded`` the ledger's first day.
    """

    first: int
    last: int
    loaded: int
    cells: Mapping[int, Cell]
    met: Mapping[int, int]
    definitions: Sequence[tuple[int, str, Sequence[Entry]]]
    firsts: Sequence[tuple[int, Reported, int]]

    def spans(self) -> list["KnownSpan"]:
        """All days, those together on which the same is known."""
        begun = list(self._days())
        ends = [*(one.first - 1 for one in begun[1:]), self.last]
        return [one._replace(last=end) for one, end in zip(begun, ends, strict=True)]

    def _days(self) -> Iterator["KnownSpan"]:
        told, reported, staffed = self._definitions(), self._firsts(), self._staffed()
        known = KnownSpan(0, 0, Tree({}, {}, {}), frozenset(), Coverage({}))
        definitions, trees = dict[str, Sequence[Entry]](), Trees({})
        for day in range(self.first, self.last + 1):
            if day in told:
                definitions |= told[day]
                trees = Trees(dict(definitions))
            coverage = known.coverage.joined(reported[day]) if day in reported else known.coverage
            now = KnownSpan(day, day, trees.on(day), known.staffed | staffed.get(day, frozenset()), coverage)
            if day == self.first or now[2:] != known[2:]:
                yield now
            known = now

    def _day(self, known: int) -> int:
        """The day on which something is known that was taken in on one."""
        return self.first if known <= self.loaded else max(self.first, known)

    def _definitions(self) -> Mapping[int, dict[str, Sequence[Entry]]]:
        found = defaultdict[int, dict[str, Sequence[Entry]]](dict)
        for known, unit, entries in self.definitions:
            found[self._day(known)][unit] = entries
        return found

    def _firsts(self) -> Mapping[int, dict[Reported, int]]:
        found = defaultdict[int, dict[Reported, int]](dict)
        for known, one, day in self.firsts:
            of = found[self._day(known)]
            of[one] = min(day, of.get(one, day))
        return found

    def _staffed(self) -> Mapping[int, frozenset[str]]:
        found = defaultdict[int, set[str]](set)
        for cell, day in self.met.items():
            found[max(self.first, day)].add(self.cells[cell].unit)
        return {day: frozenset(units) for day, units in found.items()}


class KnownSpan(NamedTuple):
    """What was known in the evenings of some days: units, those that had anybody, and who tells of what since when."""

    first: int
    last: int
    tree: Tree
    staffed: frozenset[str]
    coverage: Coverage


class Placed(NamedTuple):
    """A unit as it lay from a day on."""

    day: int
    unit: str
    name: str
    path: tuple[str, ...]
    closed: bool


def placed(course: Course) -> Iterator[Placed]:
    """The units that had anybody, or anybody below them, whenever one was told of first or otherwise than before."""
    met, before = set[str](), dict[str, Placed]()
    for known in course.spans():
        tree = known.tree
        met.update(*(tree.path(unit) for unit in known.staffed))
        for unit in sorted(met):
            now = Placed(known.first, unit, tree.name(unit), tree.path(unit), unit in tree.closed)
            if unit not in before or before[unit][1:] != now[1:]:
                before[unit] = now
                yield now


class AskedAsKnown(NamedTuple):
    """A metric of a group (a unit, of one occupation or all), and how many days ahead besides the days restated."""

    metric: Metric
    group: Group
    ahead: tuple[int, ...]
    window: WindowLength
    norm: float

    @property
    def offsets(self) -> tuple[int, ...]:
        """How far the days asked about lie from the day on which they are known."""
        return (*PAST, *self.ahead)

    def has(self, cell: Cell, tree: Tree) -> bool:
        """Whether a cell counts in the group."""
        return self.group.occupation in {ALL, cell.occupation} and self.group.unit in tree.path(cell.unit)


class Known(NamedTuple):
    """A value of a day as it was known from a day on."""

    day: int
    as_of: int
    value: MetricValue


class _Stretch(NamedTuple):
    """Days on which the same cells count in the group, and the same is known since when."""

    first: int
    last: int
    cells: tuple[int, ...]
    known: Ints


def ever(course: Course, asked: AskedAsKnown) -> Course:
    """The same, of the cells alone that count in the group on any day."""
    spans = course._replace(firsts=(), met={}).spans()
    cells = {n: cell for n, cell in course.cells.items() if any(asked.has(cell, one.tree) for one in spans)}
    return course._replace(cells=cells, met={n: day for n, day in course.met.items() if n in cells})


def since(course: Course, spans: Sequence[KnownSpan], asked: AskedAsKnown) -> int | None:
    """The first day on which anything was known of the group; ``spans`` are the course's."""
    for span in spans:
        met = [max(span.first, day) for n, day in course.met.items() if asked.has(course.cells[n], span.tree)]
        if met and min(met) <= span.last:
            return min(met)
    return None


def known_values(course: Course, spans: Sequence[KnownSpan], facts: KnownFacts, asked: AskedAsKnown) -> Iterator[Known]:
    """From facts (rows are numbers of cells): each value when it is first known, and when it becomes another."""
    loaded = facts.known <= course.loaded
    told = facts._replace(known=np.where(loaded, np.minimum(facts.days, course.loaded), facts.known))
    for stretch in _stretches(course, spans, asked):
        found = _figures(stretch, told, asked)
        (columns,) = np.nonzero(_fresh(found, stretch, asked).reshape(-1))
        place, day = np.divmod(columns, stretch.last - stretch.first + 1)
        days = (day + stretch.first).tolist()
        ahead = [asked.offsets[n] for n in place.tolist()]
        shown = values(found, np.zeros(len(columns), np.int64), columns)
        yield from (Known(on, on + n, value) for on, n, value in zip(days, ahead, shown, strict=True))


def _stretches(course: Course, spans: Sequence[KnownSpan], asked: AskedAsKnown) -> list[_Stretch]:
    found: list[_Stretch] = []
    for span in spans:
        cells = tuple(n for n, cell in course.cells.items() if asked.has(cell, span.tree))
        known = _known(span, asked.group)
        if found and found[-1].cells == cells and np.array_equal(found[-1].known, known):
            found[-1] = found[-1]._replace(last=span.last)
        else:
            found.append(_Stretch(span.first, span.last, cells, known))
    return found


def _known(span: KnownSpan, group: Group) -> Ints:
    ours = [unit for unit in span.staffed if group.unit in span.tree.path(unit)]
    return of_groups(span.coverage.of_subtrees(ours, span.tree), [group])


def _figures(stretch: _Stretch, facts: KnownFacts, asked: AskedAsKnown) -> Figures:
    on = Diagonals(stretch.first, stretch.last, asked.offsets, 1)
    ours = np.isin(facts.rows, stretch.cells)
    mine = KnownFacts(*(column[ours] for column in facts))._replace(rows=np.zeros(ours.sum(), np.int64))
    lengths = np.broadcast_to(np.asarray(windows(asked.window, on.as_of)), on.as_of.shape)
    sums = Sums(_raw(mine, on, asked.metric, lengths), 1, on.as_of, lengths, asked.norm)
    [found] = figures(sums, untold(sums), [asked.metric], stretch.known)
    return found


def _raw(facts: KnownFacts, on: Diagonals, metric: Metric, lengths: Ints) -> Raw:
    """Sums over windows of as many lengths as there are: a year has one of two."""
    found: dict[tuple[int, int], Ints] = {}
    for length in np.unique(lengths).tolist():
        for kernel, amounts in diagonals.sums(facts, on, FORMULAS[metric.name].reads, length).items():
            found[kernel] = np.where(lengths == length, amounts, found.get(kernel, amounts))
    return found


def _fresh(found: Figures, stretch: _Stretch, asked: AskedAsKnown) -> Mask:
    """By offset and day of a stretch, what is to be told: what was told the day before is not, unless it is another."""
    shape = len(asked.offsets), stretch.last - stretch.first + 1
    column = np.arange(shape[0] * shape[1]).reshape(shape)
    now, before = column[1 : len(PAST), 1:].reshape(-1), column[: len(PAST) - 1, :-1].reshape(-1)
    fresh = np.ones(shape, bool)
    fresh[1 : len(PAST), 1:] = _at(found, now).differ(_at(found, before)).reshape(len(PAST) - 1, -1)
    return fresh


def _at(found: Figures, columns: Ints) -> Figures:
    top, bottom, scale = (one[:, columns] for one in (found.top, found.bottom, found.scale))
    covered = found.covered and found.covered._replace(
        missing=found.covered.missing[:, columns], complete_from=found.covered.complete_from[:, columns]
    )
    hidden = found.hidden[:, columns]
    return found._replace(top=top, bottom=bottom, scale=scale, hidden=hidden, covered=covered)
