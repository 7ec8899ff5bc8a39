"""Sums of what is told by month by cell and month, from which those of any groups are added up."""

from collections.abc import Mapping, Sequence

import numpy as np

from services.metrics.domain.disclosure.told import KERNELS, ends, lengths
from services.metrics.domain.sums.kernels import Deltas, GroupSums, Ints, Kernel, accumulate
from services.metrics.domain.sums.periods import Month, month_of, months_of
from services.metrics.domain.sums.rows import accumulated

MONTHS = 25
"""Months whose sums are at hand: two years and one to spare. What would have to stay as it was told in an older one is
told of no more."""


def latest(today: int) -> list[Month]:
    """The months at hand on a day: the last that have passed."""
    last = month_of(today).first - 1
    return months_of(last, 31 * MONTHS)[-MONTHS:]


PORTION = 4_000
"""Facts summed at once: what is made of them on the way takes some kilobytes each."""


class SumsByCell:
    """Sums by cell and month; they only ever grow by addition. Of one thread at a time."""

    def __init__(self, months: Sequence[Month], kernels: Sequence[Kernel] = KERNELS) -> None:
        """Of no facts."""
        self.months, self._kernels = list(months), kernels
        self._measures = frozenset(measure for measure, _ in kernels)
        self._held = GroupSums(len(self.months), frozenset(kernels))

    @property
    def held(self) -> GroupSums:
        """The sums, by the numbers of cells."""
        return self._held

    @property
    def reach(self) -> int:
        """A day before which facts all count alike."""
        return self.months[0].first - 1

    def add(self, facts: Deltas) -> None:
        """Facts came; those that do not matter are passed over."""
        some = facts.of(self._measures)
        order = np.argsort(some.cells, kind="stable")
        for n in range(0, len(order) if self.months else 0, PORTION):
            self._add(Deltas(*(column[order[n : n + PORTION]] for column in some)))
        if len(order) > PORTION:
            self._held.trim()

    def _add(self, facts: Deltas) -> None:
        cells, rows = np.unique(facts.cells, return_inverse=True)
        own = [[cell] for cell in cells.tolist()]
        for part in accumulate(facts._replace(cells=rows), own, ends(self.months), lengths(self.months)):
            self._held.add(part)

    def of(self, members: Sequence[Sequence[int]]) -> dict[Kernel, Ints]:
        """The sums of groups, by the numbers of their cells, in all months."""
        starts = np.cumsum([0, *map(len, members)])
        cells = np.array([cell for some in members for cell in some], np.int64)
        return {kernel: _stretches(self._held.of_kernel(kernel, cells), starts) for kernel in self._kernels}

    def by_month(
        self, of: Mapping[int, int], belongs: Sequence[Sequence[int]], groups: int, months: Sequence[Month]
    ) -> dict[Kernel, Ints]:
        """The sums of groups in some of the months, as ``told.by_month`` has them from facts.

        ``of`` gives the class of each cell, ``belongs`` lists the groups that each class counts in.
        """
        columns = [self.months.index(month) for month in months]
        cells = np.fromiter(of, np.int64, len(of))
        in_classes, classes = _ordered(np.fromiter(of.values(), np.int64, len(of)), len(belongs))
        counted = np.repeat(np.arange(len(belongs)), [len(some) for some in belongs])
        in_groups, all_groups = _ordered(np.array([g for some in belongs for g in some], np.int64), groups)
        found = {}
        for kernel in self._kernels:
            own = self._held.of_kernel(kernel, cells[in_classes])[:, columns]
            found[kernel] = _stretches(_stretches(own, classes)[counted[in_groups]], all_groups)
        return found


def _ordered(numbers: Ints, count: int) -> tuple[Ints, Ints]:
    """Places in the order of their numbers, and where each of so many numbers begins there; then the end."""
    order = np.argsort(numbers, kind="stable")
    return order, np.searchsorted(numbers[order], np.arange(count + 1))


def _stretches(sums: Ints, starts: Ints) -> Ints:
    """What the rows from each start to the next come to."""
    upto = accumulated(np.concatenate((np.zeros((1, sums.shape[1]), sums.dtype), sums)))
    return np.asarray(upto[starts[1:]] - upto[starts[:-1]])
