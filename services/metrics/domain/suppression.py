"""Who may be spoken of: no health number of ten people or fewer leaves the service, nor any that gives one away.

What is hidden on a day is decided among all groups that can be asked for, from that day's people alone. So it is the
same whoever asks, for whatever group and metric, and in every channel.
"""

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b

import numpy as np

from services.metrics.domain.audit import giveaways
from services.metrics.domain.cell import Cell
from services.metrics.domain.census import census
from services.metrics.domain.complement import complemented
from services.metrics.domain.groups import Group
from services.metrics.domain.kernels import Ints
from services.metrics.domain.linked_tables import LinkedTables, Mask
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
"""Verdicts kept, so that what is asked for again costs nothing: of each day the groups that are shown."""


def hidden(groups: Sequence[Group], staff: Staff, tree: Tree, limit: int = SMALL_GROUP) -> Mask:
    """Where (groups × days) health may not be spoken of; a limit of 0 hides nothing."""
    if not limit:
        return np.zeros((len(groups), staff.heads.shape[1]), bool)
    verdicts = _verdicts(staff.cells, tuple(sorted(tree.parents.items())))
    days = [verdicts.of(*day, limit) for day in zip(staff.heads.T, staff.there.T, strict=True)]
    return np.stack(days, axis=1)[verdicts.tables.rows(groups)]


class Verdicts:
    """What is hidden of the groups of some cells: each kind of day is thought through once."""

    def __init__(self, tables: LinkedTables) -> None:
        """Nothing decided yet."""
        self.tables = tables
        self._shown: dict[bytes, Ints] = {}

    def of(self, heads: Ints, there: Mask, limit: int) -> Mask:
        """What is hidden by group, given each cell's permanent staff (in millionths) and whether anybody is there."""
        key = blake2b(heads.tobytes() + there.tobytes() + str(limit).encode()).digest()
        if key not in self._shown:
            if len(self._shown) >= DAYS_KEPT:
                del self._shown[next(iter(self._shown))]
            self._shown[key] = np.flatnonzero(~decided(self.tables, heads, there, limit))
        hidden = np.ones(len(self.tables.askable), bool)
        hidden[self._shown[key]] = False
        return hidden


@lru_cache(maxsize=3)
def _verdicts(cells: tuple[Cell, ...], parents: tuple[tuple[str, str], ...]) -> Verdicts:
    return Verdicts(LinkedTables(cells, Tree(dict(parents), {}, {})))


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
