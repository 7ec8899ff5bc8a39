"""Groups: what numbers are given for. A unit's subtree by one dimension at most, the whole municipality by two.

These are all the groups that can be asked for, in every channel: what is hidden of one is decided among all of them.
"""

from collections.abc import Container, Iterable
from itertools import combinations
from typing import NamedTuple

import numpy as np

from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.facts.tally import Fact
from services.metrics.domain.sums.kernels import Deltas
from services.metrics.domain.sums.shard import WHOLE, Shard
from services.metrics.domain.sums.tree import Tree
from shared.contracts.metrics import ALL


class Group(NamedTuple):
    """A unit with everything below it, and who of it: an occupation, a gender, an age band; ``*`` is all of them."""

    unit: str
    occupation: str = ALL
    gender: str = ALL
    age: str = ALL

    @property
    def is_within_unit(self) -> bool:
        """Whether the group is described more closely than by its unit."""
        return not self.is_by(())

    def is_by(self, dimensions: Container[str]) -> bool:
        """Whether the group is narrowed by none but these dimensions."""
        return all(value == ALL or name in dimensions for name, value in zip(DIMENSIONS, self[1:], strict=True))


DIMENSIONS = Group._fields[1:]


def groups_of(cell: Cell, tree: Tree) -> list[Group]:
    """Every group a cell counts in."""
    sides = [{name: value} for name, value in zip(DIMENSIONS, cell[1:], strict=True)]
    single = [Group(node, **side) for node in tree.path(cell.unit) for side in ({}, *sides)]
    return single + [Group(ALL, **one, **other) for one, other in combinations(sides, 2)]


class Roster:
    """Numbers for cells and groups, given out as they are met, so that facts can be columns."""

    def __init__(self, tree: Tree, by: Container[str] = (), shard: Shard = WHOLE) -> None:
        """Nothing met yet; ``by`` are the dimensions whose groups are wanted besides the units themselves.

        Of units that are not in the ``shard`` no group is wanted.
        """
        self._tree, self._by, self._shard = tree, by, shard
        self.cells: dict[Cell, int] = {}
        self.groups: dict[Group, int] = {}
        self.belongs: list[list[int]] = []

    def cell(self, cell: Cell) -> int:
        """The number of a cell; its groups get theirs."""
        if cell not in self.cells:
            self.cells[cell] = len(self.cells)
            wanted = (g for g in groups_of(cell, self._tree) if g.is_by(self._by) and self._shard.has(g.unit))
            self.belongs.append([self.groups.setdefault(g, len(self.groups)) for g in wanted])
        return self.cells[cell]

    def replace(self, tree: Tree) -> None:
        """Go over to a tree that places all units met so far alike."""
        self._tree = tree

    def columns(self, facts: Iterable[Fact]) -> Deltas:
        """Facts as columns, without those of cells that no table can be made of."""
        rows = [(self.cell(f.cell), f.measure, f.day, f.delta) for f in facts if f.cell.is_sound]
        return Deltas(*np.array(rows, np.int64).reshape(-1, 4).T)
