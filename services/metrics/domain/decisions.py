"""Decisions on whose health may not be spoken of, remembered: a day is decided once, and anew when its people change.

What is hidden on a day depends on all who are there, so deciding takes time; what was decided is there at once.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from services.metrics.domain.cell import Cell
from services.metrics.domain.groups import Group
from services.metrics.domain.kernels import Deltas, Ints, Window
from services.metrics.domain.linked_tables import Bits, LinkedTables, Mask
from services.metrics.domain.staff import memory, staff_on
from services.metrics.domain.suppression import SMALL_GROUP, decided
from services.metrics.domain.tree import Tree

DAYS_KEPT = 1_000
"""Ten years of months and two years of days."""
TABLES_KEPT = 3
"""Tables are large, and new cells make new ones; decisions on days when nobody was in those remain."""


class Decision(NamedTuple):
    """What is hidden of the groups of some linked tables."""

    tables: LinkedTables
    hidden: Bits


class Decisions:
    """Decisions on the groups of one unit tree."""

    def __init__(self, placed: Tree) -> None:
        """Nothing decided."""
        self._placed = placed
        self._cells = 0
        self._tables: LinkedTables | None = None
        self._made: dict[tuple[int, int], Decision] = {}

    def forget(self, first: int) -> None:
        """People changed from a day on."""
        self._made = {key: decision for key, decision in self._made.items() if key[0] < first}

    def hidden(
        self, cells: Mapping[int, Cell], facts: Deltas, groups: Sequence[Group], days: Ints, window: Window
    ) -> Mask:
        """Where (groups × days) health may not be spoken of.

        ``cells`` are all there are, by number; ``facts`` are all that tell who is there (staff.MEASURES).
        """
        traced = np.broadcast_to(memory(window), days.shape)
        keys = list(zip(days.tolist(), traced.tolist(), strict=True))
        if missing := [key for key in dict.fromkeys(keys) if key not in self._made]:
            self._decide(cells, facts, missing)
        decisions = [self._made[key] for key in keys]
        rows = {id(tables): tables.rows(groups) for tables, _ in decisions}
        self._keep_few()
        return np.stack([decision.hidden.of(rows[id(decision.tables)]) for decision in decisions], axis=1)

    def _decide(self, cells: Mapping[int, Cell], facts: Deltas, missing: Sequence[tuple[int, int]]) -> None:
        numbers = list(cells)
        named = [cells[number] for number in numbers]
        if self._tables is None or len(named) != self._cells:
            self._tables, self._cells = LinkedTables(named, self._placed), len(named)
        places = np.zeros(max(numbers, default=0) + 1, np.int64)
        places[numbers] = np.arange(len(numbers))
        placed = facts._replace(cells=places[facts.cells])
        for day, window in missing:
            there = staff_on(named, placed, day, window)
            hidden = decided(self._tables, there.heads[:, 0], there.there[:, 0], SMALL_GROUP)
            self._made[day, window] = Decision(self._tables, Bits(hidden))

    def _keep_few(self) -> None:
        kept = list(self._made.items())[-DAYS_KEPT:]
        recent = list(dict.fromkeys(id(tables) for _, (tables, _) in reversed(kept)))[:TABLES_KEPT]
        self._made = {key: decision for key, decision in kept if id(decision.tables) in recent}
