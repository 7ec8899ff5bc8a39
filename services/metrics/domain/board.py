"""The board: every group's sums on every published day, kept up to date by adding facts as they come.

Published days are today, each of the last four weeks (late data restates them) and what is known of the next three
months. Facts only ever add, so the board after any number of additions equals one made anew.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from services.metrics.domain.catalogue import MEASURES
from services.metrics.domain.cell import Cell
from services.metrics.domain.groups import Group, Roster
from services.metrics.domain.kernels import Deltas, Ints, Raw, Sums, accumulate, reach
from services.metrics.domain.tree import Tree
from services.metrics.domain.valuation import Figures, figures, values
from shared.contracts.metrics import MetricValue

RESTATED = 28
AHEAD = (30, 60, 90)
PORTION = 4_000
"""Facts weighed at once; their weights take 32 bytes for each published day."""


def published_days(today: int) -> Ints:
    """The days values are published for, today first."""
    return np.array([today, *(today - n for n in range(1, RESTATED + 1)), *(today + n for n in AHEAD)], np.int64)


class Published(NamedTuple):
    """The values of one group on one day that differ from what was last published."""

    group: Group
    as_of: int
    metrics: dict[str, MetricValue]


class Board:
    """Sums of all groups; what was last taken for publication is remembered to tell what changed since."""

    def __init__(self, tree: Tree, today: int, window: int) -> None:
        """Empty, for one day and one tree; a new day or tree makes a new board."""
        self.tree, self.today, self.window = tree, today, window
        self.days = published_days(today)
        self._roster = Roster(tree)
        self._raw: Raw = {}
        self._taken: dict[str, Figures] = {}
        self._cells: dict[int, int] = {}

    @property
    def reach(self) -> int:
        """The day before which facts may be summed as if they fell on it."""
        return reach(int(self.days.min()), self.window)

    def know(self, cells: Iterable[tuple[int, Cell]]) -> None:
        """Learn the cells behind the numbers that facts carry."""
        self._cells.update((number, self._roster.cell(cell)) for number, cell in cells)

    @property
    def last_cell(self) -> int:
        """The greatest number whose cell is known."""
        return max(self._cells, default=0)

    def add(self, facts: Sequence[tuple[int, int, int, int]]) -> None:
        """Add facts as (cell number, measure, day, delta)."""
        wanted = [(self._cells[c], m, d, x) for c, m, d, x in facts if m in MEASURES]
        for start in range(0, len(wanted), PORTION):
            table = np.array(wanted[start : start + PORTION], np.int64)
            self._add(accumulate(Deltas(*table.T), self._roster.belongs, self._groups, self.days, self.window))

    @property
    def _groups(self) -> int:
        return len(self._roster.groups)

    def _add(self, raw: Raw) -> None:
        for measure, sums in raw.items():
            held = self._raw.get(measure)
            if held is not None:
                sums[: len(held)] += held
            self._raw[measure] = sums

    def changed(self) -> Iterator[list[Published]]:
        """Groups with values that differ from what was last taken, a day at a time, today first.

        Everything counts as taken once the last day has been given.
        """
        now = list(figures(self._sums()))
        where = [f.differ(_grown(self._taken.get(f.metric.name), f)) for f in now]
        groups = list(self._roster.groups)
        for column, as_of in enumerate(self.days.tolist()):
            found: dict[int, dict[str, MetricValue]] = {}
            for f, differs in zip(now, where, strict=True):
                rows = np.flatnonzero(differs[:, column])
                for row, value in zip(rows.tolist(), values(f, rows, column), strict=True):
                    found.setdefault(row, {})[f.metric.name] = value
            if found:
                yield [Published(groups[row], as_of, metrics) for row, metrics in sorted(found.items())]
        self._taken = {f.metric.name: f for f in now}

    def _sums(self) -> Sums:
        groups = self._groups
        for measure, sums in self._raw.items():
            if len(sums) < groups:
                self._raw[measure] = np.pad(sums, ((0, groups - len(sums)), (0, 0), (0, 0)))
        return Sums(self._raw, groups, self.days, self.window)


def _grown(taken: Figures | None, now: Figures) -> Figures:
    """What was taken, with rows of NaN (never published) for groups met since."""
    have = 0 if taken is None else len(taken.top)
    missing = np.full((len(now.top) - have, now.top.shape[1]), np.nan)
    if taken is None:
        return Figures(now.metric, missing, missing, missing, np.zeros_like(missing, bool))
    top, bottom, scale = (np.vstack((a, missing)) for a in (taken.top, taken.bottom, taken.scale))
    return Figures(now.metric, top, bottom, scale, np.vstack((taken.hidden, np.zeros_like(missing, bool))))
