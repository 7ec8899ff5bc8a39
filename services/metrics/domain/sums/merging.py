"""Facts kept while others come: their number follows what differs from day to day, not how often it was told."""

from collections.abc import Sequence

import numpy as np

from services.metrics.domain.sums.kernels import Deltas
from services.metrics.domain.sums.rows import ROOM

UNMERGED = 20_000
"""Facts that may lie beside those merged, or as many as a quarter of these: what is merged is gone through again."""


class Merging:
    """Facts, those that meet merged from time to time."""

    def __init__(self) -> None:
        """None."""
        self.facts = Deltas(*np.zeros((4, 0), np.int64))
        self._merged = 0

    def add(self, portions: Sequence[Deltas]) -> None:
        """Facts came; what was given out before stays as it is."""
        self.facts = Deltas(*map(np.concatenate, zip(self.facts, *portions, strict=True)))
        if len(self.facts.cells) - self._merged > max(UNMERGED, self._merged // 4):
            self.facts = merged(self.facts)
            self._merged = len(self.facts.cells)


def merged(facts: Deltas) -> Deltas:
    """The same facts, one for each cell, measure and day; what cancels is none."""
    if np.abs(facts.deltas.astype(np.float64)).sum() >= ROOM:
        return facts
    order = np.lexsort((facts.days, facts.measures, facts.cells))
    cells, measures, days, deltas = (column[order] for column in facts)
    differs = [np.diff(column, prepend=-1) != 0 for column in (cells, measures, days)]
    fresh = np.flatnonzero(np.logical_or.reduce(differs))
    sums = np.add.reduceat(deltas, fresh) if len(fresh) else deltas
    left = fresh[sums != 0]
    return Deltas(cells[left], measures[left], days[left], sums[sums != 0])
