"""How groups stood when values were last taken, so that only what differs is published."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeVar

import numpy as np

from services.metrics.domain.sums.kernels import Ints, Raw
from services.metrics.domain.sums.linked_tables import Mask

TOGETHER = 2_048
"""Groups and days dealt with at once, each with some fifty values: enough to be quick, and what is made stays small."""

Columns = TypeVar("Columns", Ints, Mask)


class Before(NamedTuple):
    """How some groups (by row) stood, by group and day: sums, those told by month, and where (and what) not.

    ``known`` is since when each kind of events was known of each group.
    """

    rows: Ints
    raw: Raw
    told: Raw
    hidden: Mask
    known: Ints

    def only(self, rows: Mask) -> "Before":
        """Some of them."""
        raw, told = ({k: sums[rows] for k, sums in some.items()} for some in (self.raw, self.told))
        return Before(self.rows[rows], raw, told, self.hidden[rows], self.known[rows])

    def on(self, places: Ints) -> "Before":
        """By other days, each given by its place among those so far; one past the last is a day not known."""
        raw, told = ({k: placed(sums, places) for k, sums in some.items()} for some in (self.raw, self.told))
        return Before(self.rows, raw, told, placed(self.hidden, places), self.known)


def placed(columns: Columns, places: Ints) -> Columns:
    """Columns by other days; zeros for one past the last."""
    return np.concatenate((columns, np.zeros((len(columns), 1, *columns.shape[2:]), columns.dtype)), axis=1)[:, places]


def places(days: Ints, among: Ints) -> Ints:
    """Where each day is among others; one past the last for one that is not."""
    known = {day: n for n, day in enumerate(among.tolist())}
    return np.array([known.get(day, len(among)) for day in days.tolist()], np.int64)


def together(rows: Ints, days: int) -> Iterable[Ints]:
    """Rows of so many days each, as many at once as are dealt with."""
    size = max(1, TOGETHER // max(1, days))
    return [rows[n : n + size] for n in range(0, len(rows), size)]


class Past:
    """How all groups stood on an earlier book, by the days of a later one; read as it is gone through, for space."""

    def __init__(self, blocks: Callable[[], Iterable[Before]], days: Ints) -> None:
        """``days`` are the places of the later book's days among those of the blocks."""
        self._blocks, self._days = blocks, days

    def __iter__(self) -> Iterator[Before]:
        """Group by group."""
        return (block.on(self._days) for block in self._blocks())
