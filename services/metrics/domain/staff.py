"""Who is there on some days, cell by cell: what decides whether a group is large enough to be spoken of."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.metrics.domain.cell import Cell
from services.metrics.domain.kernels import (
    DAYS,
    LAG,
    LAGGED,
    LEVEL,
    WITHIN,
    Deltas,
    Held,
    Ints,
    Kernel,
    Raw,
    Window,
    accumulate,
    total,
    weights,
)
from services.metrics.domain.measures import Measure

HEADS: Kernel = (Measure.headcount, LEVEL)
TRACES: tuple[Kernel, ...] = (
    (Measure.scheduled_fte, DAYS),
    (Measure.scheduled_fte, LAGGED),
    (Measure.sick_spells, WITHIN),
)
"""What everybody leaves behind whose health a sum can tell of, also who has left or is no permanent staff."""

MOST = 10**15
"""Millionths of people that one cell can have: a billion, so that all cells together fit 64 bits."""

KERNELS = frozenset({HEADS, *TRACES})
MEASURES = frozenset(measure for measure, _ in KERNELS)


class Staff(NamedTuple):
    """By cell and day: permanent staff in millionths, and whether anybody is there whose health could be told of."""

    cells: tuple[Cell, ...]
    heads: Ints
    there: NDArray[np.bool_]


def memory(window: Window) -> Window:
    """How many days back traces are looked for: a year at least, so that all shorter windows decide alike."""
    return np.maximum(window, LAG)


def staff(cells: Sequence[Cell], facts: Deltas, as_of: Ints, window: Window) -> Staff:
    """From facts that carry their cells' places among ``cells``."""
    alone = [[cell] for cell in range(len(cells))]
    sums = total(_ours(facts), alone, len(cells), as_of, memory(window))
    return _staff(cells, sums.raw, len(as_of))


def staff_on(cells: Sequence[Cell], facts: Deltas, as_of: int, window: int) -> Staff:
    """Of one day, from very many facts in any order: each is weighed once. Sums are exact up to 2**53."""
    raw = {}
    for measure, kernel in KERNELS:
        ours = (facts.measures == measure) & (facts.days <= as_of)
        weighed = weights(facts.days[ours], np.array([as_of]), memory(window))[:, 0, kernel] * facts.deltas[ours]
        counted = np.bincount(facts.cells[ours], weighed, len(cells))
        raw[measure, kernel] = np.clip(counted, -MOST, MOST).astype(np.int64)[:, np.newaxis]
    return _staff(cells, raw, 1)


class Count:
    """The staff of some days, kept up to date by adding facts as they come.

    ``news`` tells that the staff may be other than when it was last asked for.
    """

    def __init__(self, as_of: Ints, window: Window) -> None:
        """Nobody yet."""
        self._as_of, self._window = as_of, memory(window)
        self._held = Held(len(as_of), KERNELS)
        self._alone: list[list[int]] = []
        self.news = True

    def add(self, facts: Deltas, cells: int) -> None:
        """Add facts of cells, of which there are so many by now."""
        self._alone += ([cell] for cell in range(len(self._alone), cells))
        for part in accumulate(_ours(facts), self._alone, self._as_of, self._window):
            self._held.add(part)
            self.news = True

    def turn(self, fresh: "Count", days: Ints) -> None:
        """Go over to other days: ``days`` numbers those counted, then those of ``fresh``."""
        self._held.turn(fresh._held, len(self._alone), days)
        self._as_of = np.concatenate((self._as_of, fresh._as_of))[days]
        self.news = True

    def staff(self, cells: Sequence[Cell]) -> Staff:
        """The staff by now."""
        self.news = False
        return _staff(cells, self._held.of(np.arange(len(cells))), len(self._as_of))


def _ours(facts: Deltas) -> Deltas:
    ours = np.isin(facts.measures, list(MEASURES))
    return Deltas(*(column[ours] for column in facts))


def _staff(cells: Sequence[Cell], raw: Raw, days: int) -> Staff:
    none = np.zeros((len(cells), days), np.int64)
    heads = np.clip(raw.get(HEADS, none), -MOST, MOST).astype(np.int64)
    traces = (raw.get(kernel, none) != 0 for kernel in TRACES)
    return Staff(tuple(cells), heads, np.logical_or.reduce([heads > 0, *traces]))
