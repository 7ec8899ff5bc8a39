"""Kernels: every metric is made of sums of facts weighted by nothing but their age.

With age = as-of day − day of the fact, every weight is a ramp: clip(age + 1 − lag, 0, cap).
``level`` is ramp(0, 1), ``lag`` is ramp(365, 1), a window's days are ramp(0, W), and what left the window ramp(W, 1).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.metrics.domain.measures import is_flow, is_spread
from services.metrics.domain.tally import ONE

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

LAG = 365


def weights(days: Ints, as_of: Ints, window: int) -> Ints:
    """How much each fact counts: shape (facts, as-of days, 4) for level, level @−365, window leavers, window days."""
    age = as_of[np.newaxis, :] - days[:, np.newaxis] + 1
    ramps = (np.clip(age, 0, 1), np.clip(age - LAG, 0, 1), np.clip(age - window, 0, 1), np.clip(age, 0, window))
    return np.stack(ramps, axis=-1)


def reach(as_of: int, window: int) -> int:
    """A day before which facts all count alike, so that they may be summed as if they fell on it."""
    return as_of - max(window, LAG)


Raw = dict[int, Ints]
"""By measure, the sums of the four ramps for each group and as-of day: shape (groups, days, 4), in millionths."""


class Sums:
    """Level, level 365 days before, flow and mean of every measure, for a list of groups and as-of days.

    Every amount has the shape (groups, days).
    """

    def __init__(self, raw: Raw, groups: int, as_of: Ints, window: int) -> None:
        """Wrap what ``accumulate`` summed."""
        self.raw, self.as_of, self.window = raw, as_of, window
        self.none: Floats = np.zeros((groups, len(as_of)))

    def level(self, measure: int) -> Floats:
        """All facts up to the as-of day."""
        return self._ramp(measure, 0)

    def lag(self, measure: int) -> Floats:
        """The level 365 days earlier."""
        return self._ramp(measure, 1)

    def mean(self, measure: int) -> Floats:
        """The average level over the window."""
        return self._ramp(measure, 3) / self.window

    def flow(self, *measures: int) -> Floats:
        """What happened within the window."""
        return sum((self._flow(m) for m in measures), self.none)

    def _flow(self, measure: int) -> Floats:
        if is_spread(measure):
            return self._ramp(measure, 3)
        return self._ramp(measure, 0) - self._ramp(measure, 2)

    def _ramp(self, measure: int, ramp: int) -> Floats:
        found = self.raw.get(measure)
        return self.none if found is None else found[..., ramp] / ONE

    def amounts(self, measure: int) -> dict[str, Floats]:
        """The four amounts of a measure; a flow has no level, a stock no flow."""
        if is_flow(measure) or is_spread(measure):
            none = self.none
            return {"level": none, "lag": none, "flow": self._flow(measure), "mean": none}
        return {"level": self.level(measure), "lag": self.lag(measure), "flow": self.none, "mean": self.mean(measure)}


class Deltas(NamedTuple):
    """Facts as columns: the index of the cell, the measure, the day and the delta of each."""

    cells: Ints
    measures: Ints
    days: Ints
    deltas: Ints


def accumulate(facts: Deltas, belongs: Sequence[Sequence[int]], groups: int, as_of: Ints, window: int) -> Raw:
    """Sum facts into groups; ``belongs`` lists, for each cell, the groups it counts in."""
    order = np.lexsort((facts.cells, facts.measures))
    cells, measures, days, deltas = (column[order] for column in facts)
    if not len(cells):
        return {}
    fresh = np.flatnonzero((np.diff(cells, prepend=-1) != 0) | (np.diff(measures, prepend=-1) != 0))
    own = np.add.reduceat(weights(days, as_of, window) * deltas[:, np.newaxis, np.newaxis], fresh, axis=0)
    kinds, starts = np.unique(measures[fresh], return_index=True)
    parts = zip(kinds, np.split(cells[fresh], starts[1:]), np.split(own, starts[1:]), strict=True)
    return {int(kind): _spread(some, amounts, belongs, groups) for kind, some, amounts in parts}


def _spread(cells: Ints, own: Ints, belongs: Sequence[Sequence[int]], groups: int) -> Ints:
    total = np.zeros((groups, *own.shape[1:]), np.int64)
    targets = [belongs[cell] for cell in cells]
    np.add.at(total, [g for some in targets for g in some], np.repeat(own, [len(some) for some in targets], axis=0))
    return total
