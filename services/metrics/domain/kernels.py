"""Kernels: every metric is made of sums of facts weighted by nothing but their age.

With age = as-of day − day of the fact, every weight is made of ramps: clip(age + 1 − lag, 0, cap). A level is
ramp(0, 1), the level 365 days before is ramp(365, 1), a window's days are ramp(0, W), and what happened within the
window is ramp(0, 1) − ramp(W, 1).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.metrics.domain.measures import is_flow, is_spread
from services.metrics.domain.tally import ONE

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

LAG = 365
LEVEL, LAGGED, WITHIN, DAYS = KERNELS = range(4)
"""Level, level @−365, what happened within the window, and level-days of the window."""

Kernel = tuple[int, int]
"""A measure and how it is weighed."""


Window = int | Ints
"""Days of the window: one for all as-of days, or one for each."""


def weights(days: Ints, as_of: Ints, window: Window) -> Ints:
    """How much each fact counts: shape (facts, as-of days, 4), in the order of the kernels."""
    age = as_of[np.newaxis, :] - days[:, np.newaxis] + 1
    now = np.clip(age, 0, 1)
    return np.stack(
        (now, np.clip(age - LAG, 0, 1), now - np.clip(age - window, 0, 1), np.clip(age, 0, window)), axis=-1
    )


def reach(as_of: int | Ints, window: Window) -> int:
    """A day before which facts all count alike, so that they may be summed as if they fell on it."""
    return int(np.min(as_of - np.maximum(window, LAG)))


Raw = Mapping[Kernel, Ints]
"""The sums of groups by kernel: shape (groups, as-of days), in millionths; what is missing is zero."""


class Sums:
    """Level, level 365 days before, flow and mean of every measure, for a list of groups and as-of days.

    Every amount has the shape (groups, days).
    """

    def __init__(self, raw: Raw, groups: int, as_of: Ints, window: Window) -> None:
        """Wrap what was summed."""
        self.raw, self.as_of, self.window = raw, as_of, window
        self.none: Floats = np.zeros((groups, len(as_of)))

    def level(self, measure: int) -> Floats:
        """All facts up to the as-of day."""
        return self.weighed(measure, LEVEL)

    def lag(self, measure: int) -> Floats:
        """The level 365 days earlier."""
        return self.weighed(measure, LAGGED)

    def mean(self, measure: int) -> Floats:
        """The average level over the window."""
        return self.weighed(measure, DAYS) / self.window

    def flow(self, *measures: int) -> Floats:
        """What happened within the window; of an amount a day, the sum of the days."""
        return sum((self.weighed(m, DAYS if is_spread(m) else WITHIN) for m in measures), self.none)

    def weighed(self, measure: int, kernel: int) -> Floats:
        """One kernel's sums."""
        found = self.raw.get((measure, kernel))
        return self.none if found is None else found / ONE

    def amounts(self, measure: int) -> dict[str, Floats]:
        """The four amounts of a measure; a flow has no level, a stock no flow."""
        none = self.none
        if is_flow(measure) or is_spread(measure):
            return {"level": none, "lag": none, "flow": self.flow(measure), "mean": none}
        return {"level": self.level(measure), "lag": self.lag(measure), "flow": none, "mean": self.mean(measure)}


class Deltas(NamedTuple):
    """Facts as columns: the index of the cell, the measure, the day and the delta of each."""

    cells: Ints
    measures: Ints
    days: Ints
    deltas: Ints


class Part(NamedTuple):
    """What facts add to one kernel: the groups they touch, and each one's sums by day."""

    kernel: Kernel
    groups: Ints
    sums: Ints


def accumulate(facts: Deltas, belongs: Sequence[Sequence[int]], as_of: Ints, window: Window) -> Iterator[Part]:
    """Sum facts into groups, one kernel at a time; ``belongs`` lists, for each cell, the groups it counts in."""
    order = np.lexsort((facts.cells, facts.measures))
    cells, measures, days, deltas = (column[order] for column in facts)
    if not len(cells):
        return
    fresh = np.flatnonzero((np.diff(cells, prepend=-1) != 0) | (np.diff(measures, prepend=-1) != 0))
    own = np.add.reduceat(weights(days, as_of, window) * deltas[:, np.newaxis, np.newaxis], fresh, axis=0)
    kinds, starts = np.unique(measures[fresh], return_index=True)
    for kind, some, amounts in zip(kinds, np.split(cells[fresh], starts[1:]), np.split(own, starts[1:]), strict=True):
        targets = [belongs[cell] for cell in some]
        groups, rows = np.unique([g for each in targets for g in each], return_inverse=True)
        sums = np.zeros((len(groups), *own.shape[1:]), np.int64)
        np.add.at(sums, rows, np.repeat(amounts, [len(each) for each in targets], axis=0))
        for kernel in KERNELS:
            yield Part((int(kind), kernel), groups, sums[..., kernel])


class Held:
    """Sums of all groups met so far, kernel by kernel; they only ever grow by addition."""

    def __init__(self, days: int, only: frozenset[Kernel] | None = None) -> None:
        """No groups yet, and so many days; ``only`` these kernels are held, all of them when None."""
        self._days, self._only = days, only
        self.raw: dict[Kernel, Ints] = {}

    def add(self, part: Part, groups: int) -> None:
        """Add one part; there are ``groups`` groups by now."""
        if self._only is not None and part.kernel not in self._only:
            return
        held = self.raw.get(part.kernel)
        if held is None or len(held) < groups:
            grown = np.zeros((groups, self._days), np.int64)
            grown[: 0 if held is None else len(held)] = 0 if held is None else held
            held = self.raw[part.kernel] = grown
        held[part.groups] += part.sums

    def of(self, rows: Ints) -> dict[Kernel, Ints]:
        """A copy of some groups' sums; those not met by a kernel have none of it."""
        found = {}
        for kernel, held in self.raw.items():
            taken = np.zeros((len(rows), self._days), np.int64)
            met = rows < len(held)
            taken[met] = held[rows[met]]
            found[kernel] = taken
        return found


def total(facts: Deltas, belongs: Sequence[Sequence[int]], groups: int, as_of: Ints, window: Window) -> Sums:
    """All kernels of all facts at once."""
    held = Held(len(as_of))
    for part in accumulate(facts, belongs, as_of, window):
        held.add(part, groups)
    return Sums(held.raw, groups, as_of, window)
