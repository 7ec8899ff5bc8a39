"""Whose health may be spoken of, decided month by month and remembered: of a window, what every month it touches lets.

A month is decided among all groups of the unit tree that it begins with. In another tree a group may be spoken of when
it is the same people as one that may be in the month's own. So whatever days are added and subtracted, of whatever
windows and trees, all that can be learnt of a day follows from what its month lets be told.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from services.metrics.domain.cell import Cell
from services.metrics.domain.groups import Group
from services.metrics.domain.kernels import Deltas, Floats, Ints, Window
from services.metrics.domain.linked_tables import Bits, LinkedTables, Mask
from services.metrics.domain.months import Month, touched
from services.metrics.domain.staff import Staff, staff_in
from services.metrics.domain.suppression import SMALL_GROUP, decided
from services.metrics.domain.tree import Tree
from services.metrics.domain.trees import Trees

KEPT = 400
"""Months of thirty years, and some to spare."""
TABLES_KEPT = 12
"""Tables are large, and new cells make new ones."""

Parents = frozenset[tuple[str, str]]


class People(NamedTuple):
    """All cells by number, all facts that tell who is there (staff.MEASURES), and the trees the months begin with."""

    cells: Mapping[int, Cell]
    facts: Deltas
    trees: Trees


def combined(found: Mapping[Month, Mask], windows: Sequence[Sequence[Month]], groups: int) -> Mask:
    """Where (groups × windows) health may not be spoken of: where it may not in any month that the window touches."""
    nothing = np.zeros(groups, bool)
    return np.stack([np.logical_or.reduce([nothing, *(found[month] for month in some)]) for some in windows], axis=1)


class Decision(NamedTuple):
    """What is hidden of the groups of the month's own tree that anybody was in, decided from the staff of its cells."""

    parents: Parents
    tables: LinkedTables
    staff: Staff
    hidden: Bits

    def is_of(self, staff: Staff) -> bool:
        """Whether the same staff would be decided on."""
        return np.array_equal(self.staff.heads, staff.heads) and np.array_equal(self.staff.there, staff.there)


class Decisions:
    """The decisions on some people's months. Of one thread at a time."""

    def __init__(self, limit: int = SMALL_GROUP) -> None:
        """Nothing decided; a limit of 0 hides nothing."""
        self._limit = limit
        self._cells: tuple[Cell, ...] = ()
        self._tables: dict[tuple[int, Parents], LinkedTables] = {}
        self._made: dict[Month, Decision] = {}

    def __len__(self) -> int:
        """How many months are remembered."""
        return len(self._made)

    def forget(self, first: int) -> None:
        """People changed from a day on."""
        self._made = {month: decision for month, decision in self._made.items() if month.last < first}

    def knows(self, month: Month) -> bool:
        """Whether a month was decided."""
        return month in self._made

    def hidden(self, people: People, groups: Sequence[Group], placed: Tree, days: Ints, window: Window) -> Mask:
        """Where (groups × days) health may not be spoken of; ``placed`` is the tree of the groups."""
        windows = touched(days, window)
        found = {month: self.month(people, groups, placed, month) for month in sorted(set().union(*windows))}
        return combined(found, windows, len(groups))

    def month(self, people: People, groups: Sequence[Group], placed: Tree, month: Month) -> Mask:
        """Of which groups, in the tree ``placed``, health may not be spoken of in a month."""
        if not self._limit:
            return np.zeros(len(groups), bool)
        decision, asked = self._decision(people, month), _parents(placed)
        if decision.parents == asked:
            return decision.hidden.of(decision.tables.rows(groups))
        tables = self._linked(decision.tables.cells, placed, asked)
        marks = _marks(tables, decision.staff.there)[tables.rows(groups)]
        return (marks > 0) & ~np.isin(marks, _told(decision))

    def _decision(self, people: People, month: Month) -> Decision:
        own = people.trees.early(month.first)
        parents = _parents(own)
        if month not in self._made or self._made[month].parents != parents:
            self._made[month] = self._decide(people, own, parents, month)
            for oldest in list(self._made)[:-KEPT]:
                del self._made[oldest]
        return self._made[month]

    def _decide(self, people: People, own: Tree, parents: Parents, month: Month) -> Decision:
        """Tables are made of cells that have facts of people: of the others there is nothing to hide."""
        numbers, places = np.unique(people.facts.cells, return_inverse=True)
        sound = np.array([number in people.cells for number in numbers.tolist()], bool)
        named = tuple(people.cells[number] for number in numbers[sound].tolist())
        self._cells = named if named != self._cells else self._cells
        tables = self._linked(self._cells, own, parents)
        ours, at = sound[places], (np.cumsum(sound) - 1)[places]
        staff = staff_in(len(named), Deltas(at[ours], *(column[ours] for column in people.facts[1:])), month)
        alike = (one for one in self._made.values() if one.tables is tables and one.is_of(staff))
        if found := next(alike, None):
            return found
        others = [self._linked(self._cells, tree, _parents(tree)) for tree in people.trees.latest]
        unlike = [one for one in others if one is not tables]
        hidden = decided(tables, *staff, self._limit, unlike) & (tables.members @ staff.there > 0)
        return Decision(parents, tables, staff, Bits(hidden))

    def _linked(self, cells: tuple[Cell, ...], placed: Tree, parents: Parents) -> LinkedTables:
        key = id(cells), parents
        self._tables[key] = self._tables.pop(key) if key in self._tables else LinkedTables(cells, placed)
        for oldest in list(self._tables)[:-TABLES_KEPT]:
            del self._tables[oldest]
        return self._tables[key]


def _told(decision: Decision) -> Floats:
    """The marks of the groups that may be spoken of."""
    tables, every = decision.tables, np.arange(len(decision.tables.place))
    return _marks(tables, decision.staff.there)[tables.askable & ~decision.hidden.of(every)]


def _marks(tables: LinkedTables, there: Mask) -> Floats:
    """By group a number that only groups of the same people have; 0 where nobody was there."""
    return np.asarray(tables.members @ (np.random.default_rng(0).random(len(there)) * there))


def _parents(placed: Tree) -> Parents:
    return frozenset(placed.parents.items())
