"""The board: every group's sums on every published day, kept up to date by adding facts as they come.

Published days are today, each of the last four weeks (late data restates them) and what is known of the next three
months. Facts only ever add, so the board after any number of additions equals one made anew. What changed is told by
comparing the groups that facts touched, and those that may be spoken of no longer or again, with how they stood before:
its cost follows the change.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike

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
"""Facts summed at once: enough to be quick, and what is made of them on the way stays small."""
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


class Sheet:
    """The sums of all groups on some days, and who is there."""

    def __init__(self, days: Ints, window: int) -> None:
        """Nothing yet."""
        self.days, self._window = days, window
        self.held, self.staff = Held(len(days), READ), staff.Count(days, window)

    @property
    def reach(self) -> int:
        """The day before which facts may be summed as if they fell on it."""
        return reach(int(self.days.min()), self._window)

    def add(self, facts: Deltas, roster: Roster) -> None:
        """Add facts of the cells of a roster."""
        for part in accumulate(facts, roster.belongs, self.days, self._window):
            self.held.add(part)
        self.staff.add(facts, len(roster.cells))

    def turn(self, fresh: "Sheet", days: Ints, groups: int) -> None:
        """Go over to other days: ``days`` numbers those of this sheet, then those of ``fresh``."""
        self.held.turn(fresh.held, groups, days)
        self.staff.turn(fresh.staff, days)
        self.days = np.concatenate((self.days, fresh.days))[days]


class Board:
    """Sums of all groups, and how those touched since values were last taken stood then."""

    def __init__(self, tree: Tree, today: int, window: int, norm: float = NORM) -> None:
        """Empty, for one tree; another tree makes a new board."""
        self.tree, self.today, self.window, self.norm = tree, today, window, norm
        self._sheet = Sheet(published_days(today), window)
        self._roster = Roster(tree, PUBLISHED_BY)
        self._unspoken: Mask = np.zeros((0, len(self.days)), bool)
        self._begun: Mask = np.zeros(len(self.days), bool)
        self._before: list[Before] = []
        self._touched: set[int] = set()
        self._taken = 0
        self._cells: dict[int, int] = {}

    @property
    def days(self) -> Ints:
        """The days values are published for, today first."""
        return self._sheet.days

    @property
    def reach(self) -> int:
        """The day before which facts may be summed as if they fell on it."""
        return self._sheet.reach

    def know(self, cells: Iterable[tuple[int, Cell]]) -> None:
        """Learn the cells behind the numbers that facts carry."""
        self._cells.update((number, self._roster.cell(cell)) for number, cell in cells)

    def add(self, facts: ArrayLike) -> None:
        """Add facts, a row for each: cell number, measure, day, delta."""
        for columns in self._columns(facts):
            self._touch(columns)
            self._sheet.add(columns, self._roster)

    def ahead(self, today: int) -> Sheet:
        """An empty sheet of the days that will be published on a later day and are not yet."""
        days = published_days(today)
        return Sheet(days[~np.isin(days, self.days)], self.window)

    def prepare(self, sheet: Sheet, facts: ArrayLike) -> None:
        """Add facts to a sheet of days ahead; they are those that the board has, or will have by when it turns."""
        for columns in self._columns(facts):
            sheet.add(columns, self._roster)

    def turn(self, today: int, fresh: Sheet) -> None:
        """A later day begins: what is known of days already published stays, all values of ``fresh`` are new."""
        known = {day: n for n, day in enumerate(np.concatenate((self.days, fresh.days)).tolist())}
        days = np.array([known[day] for day in published_days(today).tolist()])
        begun = np.concatenate((self._begun, np.ones(len(fresh.days), bool)))
        self._unspoken = _widened(self._unspoken, fresh)[:, days]
        self._before = [
            Before(
                b.rows,
                {k: _widened(sums, fresh)[:, days] for k, sums in b.raw.items()},
                _widened(b.unspoken, fresh)[:, days],
            )
            for b in self._before
        ]
        self._sheet.turn(fresh, days, len(self._roster.groups))
        self._begun, self.today = begun[days], today

    def _columns(self, facts: ArrayLike) -> Iterator[Deltas]:
        """The facts that values are made of, in portions."""
        table = np.asarray(facts, np.int64).reshape(-1, 4)
        ours = [m for m in np.unique(table[:, 1]).tolist() if family(m) in MEASURES]
        cells, measures, days, deltas = table[np.isin(table[:, 1], ours)].T
        places = np.fromiter(map(self._cells.__getitem__, cells.tolist()), np.int64, len(cells))
        for n in range(0, len(cells), PORTION):
            some = slice(n, n + PORTION)
            yield Deltas(places[some], measures[some], days[some], deltas[some])

    def _touch(self, facts: Deltas) -> None:
        """Remember how groups stand that are about to change; one never taken has nothing to be compared with."""
        if self._taken:
            groups = {g for cell in np.unique(facts.cells) for g in self._roster.belongs[cell] if g < self._taken}
            if rows := sorted(groups - self._touched):
                self._remember(np.array(rows, np.int64))

    def _remember(self, rows: Ints) -> None:
        self._touched.update(rows.tolist())
        self._before.append(Before(rows, self._sheet.held.of(rows), self._unspoken[rows]))

    def changed(self) -> Iterator[list[Published]]:
        """Groups and days with values that differ from what was last taken, those of today last.

        Whoever hears of a group's today has heard of all its other days: a breach is judged from its first day.
        Everything counts as taken once the last has been given.
        """
        groups = list(self._roster.groups)
        self._decide(groups)
        every = np.ones(len(self.days), bool)
        new, old = (
            [Before(rows, {}, self._unspoken[rows]) for rows in _together(some)]
            for some in (np.arange(self._taken, len(groups)), np.arange(self._taken))
        )
        for columns in (np.arange(1, len(self.days)), np.arange(1)):
            for some, known, among in (
                (self._before, True, ~self._begun),
                (old, False, self._begun),
                (new, False, every),
            ):
                days = columns[among[columns]]
                for before in some if len(days) else ():
                    if found := self._differing(before, days, groups, known=known):
                        yield found
        self._before, self._touched, self._taken = [], set(), len(groups)
        self._begun = ~every

    def _decide(self, groups: list[Group]) -> None:
        """Decide whose health may be spoken of, and remember how those stood of whom it may no longer or again."""
        if len(groups) == len(self._unspoken) and not self._sheet.staff.news:
            return
        unspoken = hidden(groups, self._sheet.staff.staff(list(self._roster.cells)), self.tree)
        differs = (unspoken[: self._taken] != self._unspoken)[:, ~self._begun]
        turned = np.flatnonzero(differs.any(axis=1))
        for rows in _together(turned[~np.isin(turned, list(self._touched))]):
            self._remember(rows)
        self._unspoken = unspoken

    def _differing(self, before: Before, columns: Ints, groups: list[Group], *, known: bool) -> list[Published]:
        days = self.days[columns]
        old, new = (
            Sums({k: sums[:, columns] for k, sums in raw.items()}, len(before.rows), days, self.window, self.norm)
            for raw in (before.raw, self._sheet.held.of(before.rows))
        )
        unspoken = before.unspoken[:, columns], self._unspoken[before.rows][:, columns]
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


Wide = TypeVar("Wide", Ints, Mask)


def _widened(columns: Wide, fresh: Sheet) -> Wide:
    """With room for the days of another sheet."""
    return np.concatenate((columns, np.zeros((len(columns), len(fresh.days)), columns.dtype)), axis=1)


def _together(rows: Ints) -> list[Ints]:
    return [rows[n : n + TOGETHER] for n in range(0, len(rows), TOGETHER)]
