"""Who may be spoken of: no health number of ten people or fewer leaves the service, nor any that gives one away.

What is hidden on a day is decided among all groups that can be asked for, from that day's people alone. So it is the
same whoever asks, for whatever group and metric, and in every channel.
"""

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np

from services.metrics.domain.audit import giveaways
from services.metrics.domain.cell import Cell
from services.metrics.domain.census import census
from services.metrics.domain.complement import complemented
from services.metrics.domain.groups import Group
from services.metrics.domain.kernels import Ints
from services.metrics.domain.linked_tables import Bits, LinkedTables, Mask
from services.metrics.domain.measures import Measure
from services.metrics.domain.remainder import remainders
from services.metrics.domain.staff import Staff
from services.metrics.domain.tree import Tree

SMALL_GROUP = 10
"""The statute forbids figures on groups of at most ten employees (SFS 2002:1065)."""

HEALTH_MEASURES = frozenset(
    {
        Measure.sick_fte,
        Measure.scheduled_fte,
        Measure.sick_day60_fte,
        Measure.sick_spells,
        Measure.short_spells,
        Measure.first59_fte_days,
        Measure.first59_fte_days_year_before,
    }
)

DAYS_KEPT = 400
"""Verdicts kept, so that what is asked for again costs nothing: a bit for each group."""


def hidden(groups: Sequence[Group], staff: Staff, tree: Tree, limit: int = SMALL_GROUP) -> Mask:
    """Where (groups × days) health may not be spoken of; a limit of 0 hides nothing."""
    if not limit:
        return np.zeros((len(groups), staff.heads.shape[1]), bool)
    return Verdicts(staff.cells, tree).hidden(groups, staff, limit)


class Verdicts:
    """What is hidden of the groups of some cells: each kind of day is thought through once. Of one thread alone."""

    def __init__(self, cells: Sequence[Cell], tree: Tree) -> None:
        """Nothing decided yet."""
        self.cells = cells
        self._tables = LinkedTables(cells, tree)
        self._hidden: dict[bytes, Bits] = {}

    def hidden(self, groups: Sequence[Group], staff: Staff, limit: int = SMALL_GROUP) -> Mask:
        """Where (groups × days) health may not be spoken of; ``staff`` are those of the cells."""
        rows = self._tables.rows(groups)
        days = zip(staff.heads.T, staff.there.T, strict=True)
        return np.stack([self._of(*day, limit).of(rows) for day in days], axis=1)

    def _of(self, heads: Ints, there: Mask, limit: int) -> Bits:
        """What is hidden by group, given each cell's permanent staff (in millionths) and whether anybody is there."""
        key = blake2b(heads.tobytes() + there.tobytes() + str(limit).encode()).digest()
        if key not in self._hidden:
            if len(self._hidden) >= DAYS_KEPT:
                del self._hidden[next(iter(self._hidden))]
            self._hidden[key] = Bits(decided(self._tables, heads, there, limit))
        return self._hidden[key]


def decided(tables: LinkedTables, heads: Ints, there: Mask, limit: int) -> Mask:
    """What is hidden on a day: what is small, what complements it, and what would give away either all the same."""
    counted = census(tables, heads, there, limit)
    hidden = ~tables.askable | counted.small
    while True:
        hidden = complemented(tables, counted, hidden)
        more = remainders(tables, counted, hidden)
        if not len(more) and not len(more := giveaways(tables, counted, hidden)):
            return hidden
        hidden[more] = True


def shows(measure: int, *, is_hidden: bool) -> bool:
    """Whether a measure of a group may be shown; the health metrics' components fall with them."""
    return not (is_hidden and measure in HEALTH_MEASURES)
