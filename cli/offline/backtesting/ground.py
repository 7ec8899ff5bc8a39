"""Where everything lay on each day: cells in groups, units in the tree, and since when what was known of them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from cli.offline.backtesting.recorded import NOTHING, Definitions, Recorded, RecordedDay
from services.alerts.domain.plan.plan import Unit
from services.metrics.domain.coverage.coverage import Coverage, of_groups
from services.metrics.domain.disclosure.monthly import HEARD
from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.facts.entry import Entry
from services.metrics.domain.facts.measures import family
from services.metrics.domain.sums.groups import Group, groups_of
from services.metrics.domain.sums.kernels import Ints
from services.metrics.domain.sums.periods import month_of
from services.metrics.domain.sums.tree import Tree, Trees, above
from services.metrics.domain.values.book import SUMMED
from services.metrics.domain.values.membership import PUBLISHED_BY

KEPT = SUMMED | HEARD
"""The measures that groups are made by, bins of pay as the first of their kind."""


class Stretch(NamedTuple):
    """Days on which all units lie alike. ``belongs`` lists, for each cell met by its last day, the groups it is in."""

    first: int
    last: int
    belongs: Mapping[int, Sequence[int]]


class Knowing(NamedTuple):
    """Days on which the same is known since when, by group and kind."""

    first: int
    last: int
    known: Ints


class DayOnGround(NamedTuple):
    """What a day brought: its facts (known, cell, measure, day, delta), the tree, and the trees of all months."""

    day: int
    facts: Ints
    tree: Tree
    trees: Trees


class Ground(NamedTuple):
    """All of it. ``facts`` are those of all days, by measure; ``since`` is, by group, the first day on which anything
    was told of it; ``moved`` by day the units that were told of first, or otherwise than before.
    """

    first: int
    last: int
    cells: Mapping[Cell, int]
    groups: Mapping[Group, int]
    facts: Mapping[int, Ints]
    since: Sequence[int]
    stretches: Sequence[Stretch]
    knowing: Sequence[Knowing]
    moved: Mapping[int, Sequence[Unit]]
    days: Sequence[DayOnGround]


def ground(log: Recorded) -> Ground:
    """Go through a log once, day by day."""
    walk = _Walk(*_kept(log))
    for day in range(log.first, log.last + 1):
        walk.go(day, log.days.get(day, NOTHING))
    return walk.over(log)


def _kept(log: Recorded) -> tuple[dict[Cell, int], Ints]:
    """The cells that groups are made of, in the order in which they were met, and their facts."""
    sound = np.array([cell.is_sound for cell in log.cells], bool)
    kept = [measure for measure in np.unique(log.facts[:, 2]).tolist() if family(measure) in KEPT]
    facts = log.facts[sound[log.facts[:, 1]] & np.isin(log.facts[:, 2], kept)]
    numbers, first, where = np.unique(facts[:, 1], return_index=True, return_inverse=True)
    met = np.argsort(first)
    place = np.empty_like(met)
    place[met] = np.arange(len(met))
    facts[:, 1] = place[where]
    return {log.cells[number]: n for n, number in enumerate(numbers[met].tolist())}, facts


class _Walk:
    """The walk's accumulator."""

    def __init__(self, cells: dict[Cell, int], facts: Ints) -> None:
        self._cells, self._facts = cells, facts
        self._named = list(cells)
        self._met = 0
        self._staffed = set[str]()
        self._groups: dict[Group, int] = {}
        self._since: list[int] = []
        self._belongs: dict[int, list[int]] = {}
        self._stretches: list[tuple[int, dict[int, list[int]]]] = []
        self._knowing: list[tuple[int, Ints]] = []
        self._coverage = Coverage({})
        self._units: dict[str, Unit] = {}
        self._moved: dict[int, list[Unit]] = {}
        self._days: list[DayOnGround] = []
        self._trees, self._tree = TreesTold(), Tree({}, {}, {})

    def go(self, day: int, came: RecordedDay) -> None:
        """One day more."""
        if came.definitions is not None:
            self._trees.define(came.definitions)
        trees = self._trees.now
        tree = trees.on(day)
        met = self._met
        facts = self._came(day)
        if not self._stretches or tree.parents != self._tree.parents:
            self._belongs = {}
            self._stretches.append((day, self._belongs))
            met = 0
        self._place(met, tree, day)
        self._know(day, came, tree, moved=tree.parents != self._tree.parents)
        self._tell_units(day, tree)
        self._tree = tree
        self._days.append(DayOnGround(day, facts, tree, trees))
        self._trees.tell(day, frozenset(self._staffed))

    def _came(self, day: int) -> Ints:
        """The facts that became known on a day; their cells are met."""
        begin, end = np.searchsorted(self._facts[:, 0], (day, day + 1))
        self._met = max(self._met, int(self._facts[begin:end, 1].max(initial=-1)) + 1)
        return self._facts[begin:end]

    def _place(self, first: int, tree: Tree, day: int) -> None:
        """The cells that were met, from one on, in their groups."""
        for number, cell in enumerate(self._named[first : self._met], first):
            self._staffed.add(cell.unit)
            ours = [group for group in groups_of(cell, tree) if group.is_by(PUBLISHED_BY)]
            self._belongs[number] = [self._groups.setdefault(group, len(self._groups)) for group in ours]
        self._since += [day] * (len(self._groups) - len(self._since))

    def _know(self, day: int, came: RecordedDay, tree: Tree, *, moved: bool) -> None:
        before = self._knowing[-1][1] if self._knowing else np.zeros((0, 0), np.int64)
        coverage = self._coverage.joined(came.firsts)
        if self._knowing and coverage is self._coverage and not moved and len(before) == len(self._groups):
            return
        self._coverage = coverage
        known = of_groups(self._coverage.of_subtrees(self._staffed, tree), self._groups)
        if np.array_equal(known[: len(before)], before):
            self._knowing[-1] = self._knowing[-1][0], known
        else:
            self._knowing.append((day, known))

    def _tell_units(self, day: int, tree: Tree) -> None:
        if tree is self._tree and len(self._since) and self._since[-1] < day:
            return
        for name in {group.unit for group in self._groups}:
            unit = Unit(name, tree.name(name), tree.path(name), name in tree.closed)
            if self._units.get(name) != unit:
                self._units[name] = unit
                self._moved.setdefault(day, []).append(unit)

    def over(self, log: Recorded) -> Ground:
        """What was met on the way."""
        return Ground(
            log.first,
            log.last,
            self._cells,
            self._groups,
            _by_measure(self._facts),
            self._since,
            [
                Stretch(*days, b)
                for days, (_, b) in zip(_until(self._stretches, log.last), self._stretches, strict=True)
            ],
            [Knowing(*days, k) for days, (_, k) in zip(_until(self._knowing, log.last), self._knowing, strict=True)],
            self._moved,
            self._days,
        )


def _by_measure(facts: Ints) -> dict[int, Ints]:
    """Facts by their measure, each in the order they had."""
    ordered = facts[np.argsort(facts[:, 2], kind="stable")]
    measures, first = np.unique(ordered[:, 2], return_index=True)
    edges = np.append(first, len(ordered)).tolist()
    return {m: ordered[begin:end] for m, begin, end in zip(measures.tolist(), edges[:-1], edges[1:], strict=True)}


def _until(begun: Sequence[tuple[int, object]], last: int) -> list[tuple[int, int]]:
    """The first and last day of each, from the first days of all."""
    first = [day for day, _ in begun]
    return list(zip(first, [*(day - 1 for day in first[1:]), last], strict=True))


class _AsTold(NamedTuple):
    """What was known of units when something was told: their definitions, and which had anybody."""

    definitions: Definitions
    staffed: frozenset[str]

    @property
    def known(self) -> dict[str, Sequence[Entry]]:
        """The definitions of all units heard of; of one that was only staffed, or named as above another, none."""
        heard = (*self.staffed, *above(self.definitions.values()))
        return {**dict.fromkeys(heard, ()), **self.definitions}


class TreesTold:
    """The trees that months are decided in, as the ledger of the metrics service keeps them (telling.trees)."""

    def __init__(self) -> None:
        """No unit is defined, nothing was told."""
        self.now = Trees({})
        self._definitions: Definitions = {}
        self._told: dict[int, _AsTold] = {}
        self._last: _AsTold | None = None

    def define(self, definitions: Definitions) -> None:
        """Units are defined otherwise from now on."""
        self._definitions = definitions
        told = [(until, Trees({**definitions, **then.known})) for until, then in sorted(self._told.items())]
        self.now = Trees(definitions, told, Trees(self._last.known) if self._last else None)

    def tell(self, day: int, staffed: frozenset[str]) -> None:
        """A day is told of: what is known of units by then is what its months are told in."""
        self.now = self.now.renewed
        self._last = _AsTold(self._definitions, staffed)
        self._told.setdefault(month_of(day).first - 1, self._last)
