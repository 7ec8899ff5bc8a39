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


class Sums:
    """Level, level 365 days before, flow and mean of every measure, for a list of groups on one day."""

    def __init__(self, raw: dict[int, Ints], as_of: int, window: int, groups: int) -> None:
        """``raw`` holds, by measure, the four ramps' sums of each group: shape (groups, 4), in millionths."""
        self.raw, self.as_of, self.window, self.none = raw, as_of, window, np.zeros(groups)

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
        return self.none if found is None else found[:, ramp] / ONE

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


def accumulate(facts: Deltas, belongs: Sequence[Sequence[int]], groups: int, as_of: int, window: int) -> Sums:
    """Sum facts into groups; ``belongs`` lists, for each cell, the groups it counts in."""
    weighted = weights(facts.days, np.array([as_of]), window)[:, 0, :] * facts.deltas[:, np.newaxis]
    raw: dict[int, Ints] = {}
    order = np.argsort(facts.measures, kind="stable")
    kinds, starts = np.unique(facts.measures[order], return_index=True)
    for kind, part in zip(kinds, np.split(order, starts[1:]), strict=False):
        own = np.zeros((len(belongs), 4), np.int64)
        np.add.at(own, facts.cells[part], weighted[part])
        raw[int(kind)] = _spread(own, belongs, groups)
    return Sums(raw, as_of, window, groups)


def _spread(own: Ints, belongs: Sequence[Sequence[int]], groups: int) -> Ints:
    total = np.zeros((groups, 4), np.int64)
    targets = np.array([g for some in belongs for g in some], np.int64)
    np.add.at(total, targets, np.repeat(own, [len(some) for some in belongs], axis=0))
    return total
