"""The board: every group's sums on every published day, kept up to date by adding facts as they come.

Published days are today, each of the last four weeks (late data restates them) and what is known of the next three
months. Facts only ever add, so the board after any number of additions equals one made anew. What changed is told by
comparing the groups that facts touched, and those that may be spoken of no longer or again, with how they stood before:
its cost follows the change.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from services.metrics.domain import staff
from services.metrics.domain.catalogue import READ
from services.metrics.domain.cell import Cell
from services.metrics.domain.groups import Group, Roster
from services.metrics.domain.kernels import Deltas, Held, Ints, Kernel, Sums, accumulate, reach
from services.metrics.domain.linked_tables import Mask
from services.metrics.domain.measures import NORM, family
from services.metrics.domain.suppression import hidden
from services.metrics.domain.tree import Tree
from services.metrics.domain.valuation import figures, values
from shared.contracts.metrics import MetricValue

RESTATED = 28
AHEAD = (30, 60, 90)
PORTION = 4_000
"""Facts weighed at once; their weights take 32 bytes for each published day."""
TOGETHER = 64
"""Groups valued at once; each has up to 50 values on each of 32 days."""

PUBLISHED_BY = ("occupation",)
"""What units are broken down by in what is published unasked."""

MEASURES = staff.MEASURES | {measure for measure, _ in READ}


def published_days(today: int) -> Ints:
    """The days values are published for, today first."""
    return np.array([today, *(today - n for n in range(1, RESTATED + 1)), *(today + n for n in AHEAD)], np.int64)


class Published(NamedTuple):
    """The values of one group on one day that differ from what was last published."""

    group: Group
    as_of: int
    metrics: dict[str, MetricValue]


class Before(NamedTuple):
    """How some groups stood when values were last taken."""

    rows: Ints
    raw: dict[Kernel, Ints]
    unspoken: Mask


class Board:
    """Sums of all groups, and how those touched since values were last taken stood then."""

    def __init__(self, tree: Tree, today: int, window: int, norm: float = NORM) -> None:
        """Empty, for one day and one tree; a new day or tree makes a new board."""
        self.tree, self.today, self.window, self.norm = tree, today, window, norm
        self.days = published_days(today)
        self._roster = Roster(tree, PUBLISHED_BY)
        self._held = Held(len(self.days), READ)
        self._staff = staff.Count(self.days, window)
        self._unspoken: Mask = np.zeros((0, len(self.days)), bool)
        self._before: list[Before] = []
        self._touched: set[int] = set()
        self._taken = 0
        self._cells: dict[int, int] = {}

    @property
    def reach(self) -> int:
        """The day before which facts may be summed as if they fell on it."""
        return reach(int(self.days.min()), self.window)

    def know(self, cells: Iterable[tuple[int, Cell]]) -> None:
        """Learn the cells behind the numbers that facts carry."""
        self._cells.update((number, self._roster.cell(cell)) for number, cell in cells)

    def add(self, facts: Sequence[tuple[int, int, int, int]]) -> None:
        """Add facts as (cell number, measure, day, delta)."""
        wanted = [(self._cells[c], m, d, x) for c, m, d, x in facts if family(m) in MEASURES]
        for start in range(0, len(wanted), PORTION):
            columns = Deltas(*np.array(wanted[start : start + PORTION], np.int64).T)
            self._touch(columns)
            for part in accumulate(columns, self._roster.belongs, self.days, self.window):
                self._held.add(part)
            self._staff.add(columns, len(self._roster.cells))

    def _touch(self, facts: Deltas) -> None:
        """Remember how groups stand that are about to change; one never taken has nothing to be compared with."""
        groups = {g for cell in np.unique(facts.cells) for g in self._roster.belongs[cell] if g < self._taken}
        if rows := sorted(groups - self._touched):
            self._remember(np.array(rows, np.int64))

    def _remember(self, rows: Ints) -> None:
        self._touched.update(rows.tolist())
        self._before.append(Before(rows, self._held.of(rows), self._unspoken[rows]))

    def changed(self) -> Iterator[list[Published]]:
        """Groups and days with values that differ from what was last taken, those of today last.

        Whoever hears of a group's today has heard of all its other days: a breach is judged from its first day.
        Everything counts as taken once the last has been given.
        """
        groups = list(self._roster.groups)
        unspoken = hidden(groups, self._staff.staff(list(self._roster.cells)), self.tree)
        turned = np.flatnonzero((unspoken[: self._taken] != self._unspoken).any(axis=1))
        for rows in _together(turned[~np.isin(turned, list(self._touched))]):
            self._remember(rows)
        self._unspoken = unspoken
        new = [Before(rows, {}, unspoken[rows]) for rows in _together(np.arange(self._taken, len(groups)))]
        for columns in (slice(1, None), slice(0, 1)):
            for before in (*self._before, *new):
                if found := self._differing(before, columns, groups, known=before.rows[0] < self._taken):
                    yield found
        self._before, self._touched, self._taken = [], set(), len(groups)

    def _differing(self, before: Before, columns: slice, groups: list[Group], *, known: bool) -> list[Published]:
        days = self.days[columns]
        old, new = (
            Sums({k: sums[:, columns] for k, sums in raw.items()}, len(before.rows), days, self.window, self.norm)
            for raw in (before.raw, self._held.of(before.rows))
        )
        unspoken = before.unspoken[:, columns], self._unspoken[before.rows, columns]
        found: dict[tuple[int, int], dict[str, MetricValue]] = {}
        for was, now in zip(figures(old, unspoken[0]), figures(new, unspoken[1]), strict=True):
            where = now.differ(was) if known else np.ones_like(now.hidden)
            rows, at = np.nonzero(where)
            for row, day, value in zip(rows.tolist(), at.tolist(), values(now, rows, at), strict=True):
                found.setdefault((day, row), {})[now.metric.name] = value
        return [
            Published(groups[before.rows[row]], int(days[day]), metrics)
            for (day, row), metrics in sorted(found.items())
        ]


def _together(rows: Ints) -> list[Ints]:
    return [rows[n : n + TOGETHER] for n in range(0, len(rows), TOGETHER)]
