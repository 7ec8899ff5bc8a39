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


def masked(decisions: Sequence[Decision], groups: Sequence[Group]) -> Mask:
    """Where (groups × decisions) health may not be spoken of."""
    rows = {id(tables): tables.rows(groups) for tables, _ in decisions}
    return np.stack([decision.hidden.of(rows[id(decision.tables)]) for decision in decisions], axis=1)


def days_decided_on(days: Ints, window: Window) -> list[tuple[int, int]]:
    """What decides each day: the day itself, and how many days back somebody may have left a trace."""
    traced = np.broadcast_to(memory(window), days.shape)
    return list(zip(days.tolist(), traced.tolist(), strict=True))


class Decisions:
    """Decisions on the groups of one unit tree. Of one thread at a time."""

    def __init__(self, placed: Tree) -> None:
        """Nothing decided."""
        self._placed = placed
        self._cells: tuple[Cell, ...] = ()
        self._tables: LinkedTables | None = None
        self._made: dict[tuple[int, int], Decision] = {}

    def __len__(self) -> int:
        """How many days are remembered."""
        return len(self._made)

    def forget(self, first: int) -> None:
        """People changed from a day on."""
        self._made = {key: decision for key, decision in self._made.items() if key[0] < first}

    def knows(self, decided_on: tuple[int, int]) -> bool:
        """Whether a day was decided."""
        return decided_on in self._made

    def hidden(
        self, cells: Mapping[int, Cell], facts: Deltas, groups: Sequence[Group], days: Ints, window: Window
    ) -> Mask:
        """Where (groups × days) health may not be spoken of."""
        return masked([self.decision(cells, facts, *key) for key in days_decided_on(days, window)], groups)

    def decision(self, cells: Mapping[int, Cell], facts: Deltas, day: int, traced: int) -> Decision:
        """The decision on a day.

        ``cells`` are all there are, by number; ``facts`` are all that tell who is there (staff.MEASURES).
        """
        if (day, traced) not in self._made:
            self._made[day, traced] = self._decide(cells, facts, day, traced)
            self._keep_few()
        return self._made[day, traced]

    def _decide(self, cells: Mapping[int, Cell], facts: Deltas, day: int, traced: int) -> Decision:
        """Tables are made of cells that have facts of people: of the others there is nothing to hide."""
        numbers, places = np.unique(facts.cells, return_inverse=True)
        sound = np.array([number in cells for number in numbers.tolist()], bool)
        named = tuple(cells[number] for number in numbers[sound].tolist())
        if self._tables is None or named != self._cells:
            self._tables, self._cells = LinkedTables(named, self._placed), named
        ours, at = sound[places], (np.cumsum(sound) - 1)[places]
        there = staff_on(named, Deltas(at[ours], *(column[ours] for column in facts[1:])), day, traced)
        hidden = decided(self._tables, there.heads[:, 0], there.there[:, 0], SMALL_GROUP)
        return Decision(self._tables, Bits(hidden))

    def _keep_few(self) -> None:
        kept = list(self._made.items())[-DAYS_KEPT:]
        recent = list(dict.fromkeys(id(tables) for _, (tables, _) in reversed(kept)))[:TABLES_KEPT]
        self._made = {key: decision for key, decision in kept if id(decision.tables) in recent}
