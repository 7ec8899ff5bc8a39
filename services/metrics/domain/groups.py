"""Groups: what numbers are published for. A group is a unit's subtree and one occupation, or all of them."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from services.metrics.domain.cell import Cell
from services.metrics.domain.kernels import Deltas
from services.metrics.domain.tally import Fact
from services.metrics.domain.tree import Tree
from shared.contracts.metrics import ALL


class Group(NamedTuple):
    """A unit with everything below it (``*``: everything) and an occupation (``*``: every one)."""

    unit: str
    occupation: str


def groups_of(cell: Cell, tree: Tree) -> list[Group]:
    """Every group a cell counts in."""
    return [Group(node, occupation) for node in tree.path(cell.unit) for occupation in (cell.occupation, ALL)]


class Roster:
    """Numbers for cells and groups, given out as they are met, so that facts can be columns."""

    def __init__(self, tree: Tree) -> None:
        """Nothing met yet."""
        self._tree = tree
        self.cells: dict[Cell, int] = {}
        self.groups: dict[Group, int] = {}
        self.belongs: list[list[int]] = []

    def cell(self, cell: Cell) -> int:
        """The number of a cell; its groups get theirs."""
        if cell not in self.cells:
            self.cells[cell] = len(self.cells)
            self.belongs.append([self.groups.setdefault(g, len(self.groups)) for g in groups_of(cell, self._tree)])
        return self.cells[cell]

    def columns(self, facts: Iterable[Fact]) -> Deltas:
        """Facts as columns."""
        table = np.array([(self.cell(f.cell), f.measure, f.day, f.delta) for f in facts], np.int64).reshape(-1, 4)
        return Deltas(*table.T)
