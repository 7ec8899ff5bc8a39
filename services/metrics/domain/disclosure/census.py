"""A census: how many are in each group on one day."""

from typing import NamedTuple

import numpy as np

from services.metrics.domain.facts.tally import ONE
from services.metrics.domain.sums.kernels import Floats, Ints
from services.metrics.domain.sums.linked_tables import LinkedTables, Mask


class Census(NamedTuple):
    """By number of a group: its permanent staff in millionths, and whether anybody is there to be told of.

    ``cells`` tells the same of cells. ``rank`` orders groups by size and then by name. Groups of the same people have
    the same ``mark``. A group of at most ``limit`` people is small.
    """

    heads: Ints
    there: Mask
    cells: Mask
    rank: Ints
    mark: Floats
    limit: int

    @property
    def small(self) -> Mask:
        """Groups too small to be spoken of."""
        return self.heads <= self.limit * ONE


def census(tables: LinkedTables, heads: Ints, cells: Mask, limit: int) -> Census:
    """From each cell's permanent staff in millionths, and whether anybody is in it."""
    marks = np.random.default_rng(0).random(len(cells)) * cells
    counted = (tables.members @ heads).astype(np.int64)
    rank = np.empty(len(counted), np.int64)
    rank[np.argsort(counted, kind="stable")] = np.arange(len(counted))
    return Census(counted, tables.members @ cells > 0, cells, rank, tables.members @ marks, limit)
