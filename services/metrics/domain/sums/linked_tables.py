"""The linked tables of a municipality: every group there is, and how groups add up to one another.

A table breaks a unit down by its sub-units, or by occupation, gender or age band. Tables share their margins, so what
one of them hides another may give away. Beside the groups that can be asked for there are those that nobody publishes
and that can still be told of: a unit's people by several dimensions, and those who work in a unit and in none below it.
"""

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.sums.groups import DIMENSIONS, Group
from services.metrics.domain.sums.kernels import Ints
from services.metrics.domain.sums.tree import Tree
from shared.contracts.metrics import ALL

Mask = NDArray[np.bool_]

NOBODY = 0
"""The number of the group that no cell is in; its place is nowhere."""

SIDES = np.array(list(product((0, 1), repeat=len(DIMENSIONS))))
"""By which dimensions a group can be narrowed, each 0 or 1: by none, by one, by several."""


class Bits:
    """A mask that is kept: a bit for each group."""

    def __init__(self, mask: Mask) -> None:
        """Of a mask by group."""
        self._bytes = np.packbits(mask)

    def of(self, rows: Ints) -> Mask:
        """What the mask says of some groups."""
        return np.asarray(self._bytes[rows >> 3] >> (7 - (rows & 7)) & 1, bool)


class Relations(NamedTuple):
    """Wholes and their parts: the parts of ``wholes[n]`` are the run of ``parts`` that begins at ``starts[n]``."""

    wholes: Ints
    parts: Ints
    starts: Ints

    def among(self, groups: Mask) -> "Relations":
        """The relations whose wholes are among these groups."""
        kept = groups[self.wholes]
        lengths = np.diff(self.starts, append=len(self.parts))
        starts = np.cumsum(lengths[kept]) - lengths[kept]
        return Relations(self.wholes[kept], self.parts[np.repeat(kept, lengths)], starts)


class Places(NamedTuple):
    """Where people are counted: units, and of each unit with others below it those who work in none of these.

    ``parents`` gives the place above each, 0 above the last; ``paths`` (levels × cells) the places of each cell from
    its own up to everything, zeros first.
    """

    units: dict[str, int]
    parents: Ints
    paths: Ints


def places(cells: Sequence[Cell], tree: Tree) -> Places:
    """The places of cells, numbered by name."""
    above = {unit: tree.path(unit) for unit in {cell.unit for cell in cells}}
    units = {unit: n for n, unit in enumerate(sorted({ALL}.union(*above.values())), 1)}
    inner = {unit for path in above.values() for unit in path[1:]}
    own = {unit: n for n, unit in enumerate(sorted(inner & above.keys()), len(units) + 1)}
    numbered = {u: [*([own[u]] if u in own else ()), *(units[v] for v in path)] for u, path in above.items()}
    parents = np.zeros(1 + len(units) + len(own), np.int64)
    for path in numbered.values():
        parents[path[:-1]] = path[1:]
    levels = max(map(len, numbered.values()), default=1)
    padded = {unit: [0] * (levels - len(path)) + path for unit, path in numbered.items()}
    return Places(units, parents, np.array([padded[cell.unit] for cell in cells], np.int64).reshape(-1, levels).T)


class LinkedTables:
    """All groups of some cells, by number.

    ``askable`` tells those that can be asked for. ``members`` (groups × cells) tells who is in which. ``chains`` are
    each cell's groups by at most one dimension, upwards (sides × levels × cells), ``pairs`` those of everything by two
    (sides × cells). ``place`` is where a group is, ``above`` the same group of the place above. ``relations`` are those
    of groups that can be asked for, ``finer`` those of all. ``upwards`` are the groups from the lowest places to
    everything, those by two dimensions last.
    """

    def __init__(self, cells: Sequence[Cell], tree: Tree) -> None:
        """Number every group that one of these cells is in."""
        self.cells = tuple(cells)
        self._asked: tuple[Sequence[Group], Ints] = (), np.zeros(0, np.int64)
        self._places = places(cells, tree)
        columns = [[cell[n] for cell in cells] for n, _ in enumerate(DIMENSIONS, 1)]
        self._values = [{v: n for n, v in enumerate([ALL, *sorted(set(column))])} for column in columns]
        self._shape = len(self._places.parents), *map(len, self._values)
        sides = np.array([[number[v] for v in c] for number, c in zip(self._values, columns, strict=True)], np.int64)
        codes = self._codes(self._places.paths, *np.moveaxis(SIDES[:, :, None, None] * sides[:, None], 1, 0))
        self._known = np.unique(np.append(codes, NOBODY))
        numbers = self._numbers(codes)
        self.chains, self.pairs = numbers[SIDES.sum(axis=1) <= 1], numbers[SIDES.sum(axis=1) == 2, -1]
        self.members = _members(numbers, len(self._known))
        self._relate()

    def rows(self, groups: Sequence[Group]) -> Ints:
        """The number of each group; that of nobody where no cell is in it. Asked for one tuple again, it knows them."""
        asked, rows = self._asked
        if asked is groups:
            return rows
        rows = self._found(groups)
        if isinstance(groups, tuple):
            self._asked = groups, rows
        return rows

    def _found(self, groups: Sequence[Group]) -> Ints:
        known = [self._places.units, *self._values]
        named = np.array([[of.get(v, -1) for of, v in zip(known, g, strict=True)] for g in groups], np.int64)
        place, *sides = np.where((named := named.reshape(-1, len(known)).T).min(axis=0) < 0, NOBODY, named)
        return self._numbers(self._codes(place, *sides))

    def named(self, rows: Ints) -> list[Group]:
        """Groups that can be asked for, by their numbers."""
        names = [{n: name for name, n in of.items()} for of in (self._places.units, *self._values)]
        columns = np.unravel_index(self._known[rows], self._shape)
        return [Group(*(of[n] for of, n in zip(names, row, strict=True))) for row in np.transpose(columns).tolist()]

    def _codes(self, place: Ints, *sides: Ints) -> Ints:
        return np.where(place > 0, np.ravel_multi_index(np.broadcast_arrays(place, *sides), self._shape), NOBODY)

    def _numbers(self, codes: Ints) -> Ints:
        found = np.minimum(np.searchsorted(self._known, codes), len(self._known) - 1)
        return np.where(self._known[found] == codes, found, NOBODY)

    def _relate(self) -> None:
        self.place, *sides = np.unravel_index(self._known, self._shape)
        units, by = self._places.units, sum(side > 0 for side in sides)
        most = np.where(self.place == units[ALL], 2, 1)
        self.askable = (self.place > 0) & (self.place <= len(units)) & (by <= most)
        self.above = self._numbers(self._codes(self._places.parents[self.place], *sides))
        wholes = [self.above]
        for n, side in enumerate(sides):
            whole = self._numbers(self._codes(self.place, *(s * (n != m) for m, s in enumerate(sides))))
            wholes.append(np.where(side > 0, whole, NOBODY))
        self.finer = _relations(np.array(wholes))
        level = np.zeros(len(self._places.parents), np.int64)
        level[self._places.paths] = np.arange(len(self._places.paths))[:, np.newaxis]
        self.upwards = np.lexsort((self.place, level[self.place], np.isin(np.arange(len(self.place)), self.pairs)))
        self.relations = _relations(np.where(np.array([by <= 1] + [self.askable] * len(sides)), wholes, NOBODY))


def _relations(wholes: Ints) -> Relations:
    """From each group's whole in each kind of table (kinds × groups)."""
    kinds, parts = np.nonzero(wholes)
    order = np.lexsort((parts, wholes[kinds, parts], kinds))
    kinds, parts = kinds[order], parts[order]
    of = wholes[kinds, parts]
    starts = np.flatnonzero((np.diff(of, prepend=-1) != 0) | (np.diff(kinds, prepend=-1) != 0))
    return Relations(of[starts], parts, starts)


def _members(numbers: Ints, groups: int) -> csc_array:
    *sides, cells = numbers.shape
    of_cells = np.moveaxis(numbers, -1, 0).ravel()
    ends = np.arange(cells + 1) * np.prod(sides)
    return csc_array(((of_cells != NOBODY).astype(np.float64), of_cells, ends), shape=(groups, cells))
