"""Kernels: every metric is made of sums of facts weighted by nothing but their age.

With age = as-of day − day of the fact, every weight is made of ramps: clip(age + 1 − lag, 0, cap). A level is
ramp(0, 1), the level 365 days before is ramp(365, 1), a window's days are ramp(0, W), and what happened within the
window is ramp(0, 1) − ramp(W, 1).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.metrics.domain.facts.measures import NORM, family, is_flow, is_spread
from services.metrics.domain.facts.tally import ONE
from services.metrics.domain.sums.pay import Spread
from services.metrics.domain.sums.rows import ROOM, Rows
from services.metrics.domain.sums.running import running

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
"""The sums of groups by kernel: shape (groups, as-of days), in millionths; what is missing is zero.

Where 64 bits cannot hold them they are Python's own integers (dtype object)."""


class Sums:
    """Level, level 365 days before, flow and mean of every measure, for a list of groups and as-of days.

    Every amount has the shape (groups, days).
    """

    def __init__(self, raw: Raw, groups: int, as_of: Ints, window: Window, norm: float = NORM) -> None:
        """Wrap what was summed; ``norm`` is how many case points are a normal load at full time."""
        self.raw, self.as_of, self.window, self.norm = raw, as_of, window, norm
        self.none: Floats = np.zeros((groups, len(as_of)))
        self._spreads: dict[int, Spread] = {}

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

    def norm_where(self, measure: int) -> Floats:
        """The norm, where there is any of the measure that it is the norm of."""
        return np.where(self.level(measure) > 0, self.norm, 0.0)

    def pay(self, first: int) -> Spread:
        """How pay is spread, from all bins of the kind whose first this is: of who is there, or of who joined."""
        if first not in self._spreads:
            kernel = WITHIN if is_flow(first) else LEVEL
            bins = {m - first: _units(raw) for (m, k), raw in self.raw.items() if k == kernel and family(m) == first}
            self._spreads[first] = Spread(bins, self.none)
        return self._spreads[first]

    def weighed(self, measure: int, kernel: int) -> Floats:
        """One kernel's sums."""
        found = self.raw.get((measure, kernel))
        return self.none if found is None else _units(found)

    def amounts(self, measure: int) -> dict[str, Floats]:
        """The four amounts of a measure; a flow has no level, a stock no flow."""
        none = self.none
        if is_flow(measure) or is_spread(measure):
            return {"level": none, "lag": none, "flow": self.flow(measure), "mean": none}
        return {"level": self.level(measure), "lag": self.lag(measure), "flow": none, "mean": self.mean(measure)}


def _units(millionths: Ints) -> Floats:
    return np.asarray(millionths / ONE, np.float64)


class Deltas(NamedTuple):
    """Facts as columns: the index of the cell, the measure, the day and the delta of each."""

    cells: Ints
    measures: Ints
    days: Ints
    deltas: Ints

    def of(self, measures: Collection[int]) -> "Deltas":
        """Those of some measures."""
        ours = np.isin(self.measures, list(measures))
        return Deltas(*(column[ours] for column in self))


class KernelSums(NamedTuple):
    """What facts add to one kernel: the groups they touch, and each one's sums by day."""

    kernel: Kernel
    groups: Ints
    sums: Ints


def accumulate(facts: Deltas, belongs: Sequence[Sequence[int]], as_of: Ints, window: Window) -> Iterator[KernelSums]:
    """Sum facts into groups, one kernel at a time; ``belongs`` lists, for each cell, the groups it counts in.

    Each fact is read once, whatever the number of days.
    """
    order = np.lexsort((facts.days, facts.cells, facts.measures))
    for cells, measures, days, deltas in _exact(Deltas(*(column[order] for column in facts)), window):
        fresh = _fresh(cells, measures)
        yield from _parts(cells[fresh], measures[fresh], _run(fresh, days, deltas, as_of, window), belongs)


def _exact(facts: Deltas, window: Window) -> Iterator[Deltas]:
    """Facts in order, so that no sum of them wraps around: what may not fit 64 bits as Python's own integers."""
    if not len(facts.cells):
        return
    fresh = _fresh(facts.cells, facts.measures)
    highest = _highest(fresh, facts.deltas.astype(np.float64)) * max(2, int(np.max(window)))
    measures, rows = np.unique(facts.measures[fresh], return_inverse=True)
    wide = np.isin(facts.measures, measures[np.bincount(rows, highest) >= ROOM])
    for some, kind in ((~wide, np.int64), (wide, object)):
        if some.any():
            columns = Deltas(*(column[some] for column in facts))
            yield columns._replace(deltas=columns.deltas.astype(kind))


def _highest(fresh: Ints, deltas: Floats) -> Floats:
    """How high the level of each cell's measure goes, above zero or below."""
    upto = np.cumsum(deltas)
    before = np.repeat(upto[fresh] - deltas[fresh], np.diff(fresh, append=len(deltas)))
    return np.asarray(np.maximum.reduceat(np.abs(upto - before), fresh))


def _fresh(cells: Ints, measures: Ints) -> Ints:
    """Where the facts of another cell or measure begin."""
    return np.flatnonzero((np.diff(cells, prepend=-1) != 0) | (np.diff(measures, prepend=-1) != 0))


def _parts(cells: Ints, measures: Ints, own: Ints, belongs: Sequence[Sequence[int]]) -> Iterator[KernelSums]:
    """What cells hold of measures (in their order), added up in their groups; ``own`` is (rows, as-of days, 4)."""
    kinds, starts = np.unique(measures, return_index=True)
    for kind, some, amounts in zip(kinds, np.split(cells, starts[1:]), np.split(own, starts[1:]), strict=True):
        targets = [belongs[cell] for cell in some]
        groups, rows = np.unique([g for each in targets for g in each], return_inverse=True)
        sums = np.zeros((len(groups), *own.shape[1:]), own.dtype)
        np.add.at(sums, rows, np.repeat(amounts, [len(each) for each in targets], axis=0))
        for kernel in KERNELS:
            yield KernelSums((int(kind), kernel), groups, sums[..., kernel])


class GroupSums:
    """Sums of all groups met so far, kernel by kernel; they only ever grow by addition."""

    def __init__(self, days: int, only: frozenset[Kernel] | None = None) -> None:
        """Nothing yet, on so many days; ``only`` these kernels are held (bins as the first of their kind), or all."""
        self._days, self._only = days, only
        self._rows: dict[Kernel, Rows] = {}

    def add(self, part: KernelSums) -> None:
        """Add one part."""
        measure, kernel = part.kernel
        if self._only is None or (family(measure), kernel) in self._only:
            self._rows.setdefault(part.kernel, Rows(self._days)).add(part.groups, part.sums)

    def of(self, groups: Ints) -> dict[Kernel, Ints]:
        """A copy of some groups' sums, of the kernels they have anything of."""
        found = {kernel: rows.of(groups) for kernel, rows in self._rows.items()}
        return {kernel: sums for kernel, sums in found.items() if sums is not None}

    def of_kernel(self, kernel: Kernel, groups: Ints) -> Ints:
        """A copy of some groups' sums of one kernel, zeros for those that have none."""
        return (
            self._rows[kernel].all_of(groups) if kernel in self._rows else np.zeros((len(groups), self._days), np.int64)
        )

    def trim(self) -> None:
        """Give back the space that is kept for groups to come."""
        for rows in self._rows.values():
            rows.trim()

    def parts(self) -> Iterator[KernelSums]:
        """A copy of everything, one kernel at a time, as ``add`` takes it."""
        for kernel, rows in self._rows.items():
            yield KernelSums(kernel, *rows.held())

    def turn(self, fresh: "GroupSums", groups: int, days: Ints) -> None:
        """Go over to other days: ``days`` numbers those held, then those of ``fresh``; one kernel at a time, for space.

        There are ``groups`` groups by now; what ``fresh`` holds is moved here.
        """
        everyone = np.arange(groups)
        for kernel in self._rows.keys() | fresh._rows.keys():
            both = [held._rows.pop(kernel, Rows(held._days)) for held in (self, fresh)]
            sums = np.concatenate([rows.all_of(everyone) for rows in both], axis=1)[:, days]
            self._rows[kernel] = Rows(len(days))
            self._rows[kernel].add(everyone, sums)
        self._days = len(days)


def total(
    facts: Deltas, belongs: Sequence[Sequence[int]], groups: int, as_of: Ints, window: Window, norm: float = NORM
) -> Sums:
    """All kernels of all facts at once."""
    held = GroupSums(len(as_of))
    for part in accumulate(facts, belongs, as_of, window):
        held.add(part)
    return Sums(held.of(np.arange(groups)), groups, as_of, window, norm)


def _run(fresh: Ints, days: Ints, deltas: Ints, as_of: Ints, window: Window) -> Ints:
    """What ``weights`` come to, by running sums A and B: A(t), A(t − 365), A(t) − A(t − W), B(t) − B(t − W)."""
    a, b = running(fresh, days, deltas, np.concatenate((as_of, as_of - LAG, as_of - window)))
    (now, year_ago, before), (all_days, _, days_before) = np.split(a, 3, axis=1), np.split(b, 3, axis=1)
    return np.stack((now, year_ago, now - before, all_days - days_before), axis=-1)
