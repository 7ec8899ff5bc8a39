"""What was told by month, as of health, on each day: decided day by day as a book does, and kept as it was told."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from cli.offline.backtesting.ground import DayOnGround, Ground
from services.metrics.domain.disclosure.basis import BASES
from services.metrics.domain.disclosure.monthly import HEARD
from services.metrics.domain.disclosure.monthly_of_groups import MonthlyOfGroups
from services.metrics.domain.disclosure.remembered import Kept, Remembered
from services.metrics.domain.disclosure.told import KERNELS_OF, ends, lengths
from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.sums.groups import Group
from services.metrics.domain.sums.kernels import Deltas, GroupSums, Ints, KernelSums, Raw, accumulate
from services.metrics.domain.sums.linked_tables import Mask
from services.metrics.domain.sums.merging import merged
from services.metrics.domain.sums.periods import Month, Months, month_of
from services.metrics.domain.sums.tree import Tree
from services.metrics.domain.values.membership import Membership
from services.metrics.domain.values.sheet import published_days
from shared.contracts.catalogue.disclosure import ByMonth

LOOKED_BACK = 460
"""Days before the first that some month told of may begin: a year of whole months, as of four weeks earlier."""


class ToldOn(NamedTuple):
    """What is told on a day of the groups wanted: their sums and who is hidden, by period.

    ``places`` is the period of each published day (sheet.published_days), or NOTHING where nothing is told.
    """

    periods: Sequence[Months]
    places: Ints
    raw: Raw
    hidden: Mask

    def of(self, rows: Ints) -> "ToldOn":
        """Of some of the groups."""
        return self._replace(raw={k: sums[rows] for k, sums in self.raw.items()}, hidden=self.hidden[rows])


class Told(NamedTuple):
    """What is told of groups, each in a row, by day."""

    rows: Mapping[Group, int]
    days: Mapping[int, ToldOn]

    def of(self, groups: Sequence[Group]) -> Mapping[int, ToldOn]:
        """Of some of the groups, in that order."""
        rows = np.array([self.rows[group] for group in groups], np.int64)
        return {day: told.of(rows) for day, told in self.days.items()}


NOTHING = -1
NONE = np.zeros((0, 4), np.int64)
AT_ONCE = 500_000
"""Facts that are summed at once where a month begins."""


class MonthlyWalk:
    """Goes through the days of a ground, as the metrics service does with one telling each evening."""

    def __init__(self, ground: Ground, wanted: Sequence[Group], kinds: Collection[ByMonth]) -> None:
        """Nothing told yet. ``wanted`` are the groups, ``kinds`` what to tell of them."""
        self._wanted, self._kinds = wanted, kinds
        self._heard = [m for kind in kinds for m in (*BASES[kind].measures, *(m for m, _ in KERNELS_OF[kind]))]
        self._kernels = [kernel for kind in kinds for kernel in KERNELS_OF[kind]]
        self._every = np.arange(len(wanted))
        self._reach = month_of(ground.first - LOOKED_BACK).first
        self._numbered: list[tuple[int, Cell]] = [(number, cell) for cell, number in ground.cells.items()]
        self._kept: dict[ByMonth, dict[Month, dict[Group, Kept]]] = {kind: {} for kind in ByMonth}
        self._until, self._today = 0, 1
        self._facts: list[Ints] = []
        self._tree: Tree | None = None
        self._told: ToldOn | None = None
        self._monthly: MonthlyOfGroups

    def go(self, day: DayOnGround) -> ToldOn:
        """One day more."""
        days, facts = published_days(day.day), day.facts[np.isin(day.facts[:, 2], self._heard), 1:]
        facts[:, 2] = np.maximum(facts[:, 2], self._reach)  # of the months before nothing is told
        begun = month_of(day.day) != month_of(self._today) or self._begins(day)
        if begun:
            self._begin(days, day)
        else:
            self._monthly.turn(days, day.day)
            self._membership.roster.replace(day.tree)
        self._tree, self._today = day.tree, day.day
        over = month_of(day.day).first - 1
        late = facts[facts[:, 2] <= over]  # what lies in no month that is over changes nothing that is told
        told = self._told if self._told and not begun and not len(late) else self._tell(late, day)
        self._facts.append(facts)
        places = [told.periods.index(some) if some else NOTHING for some in self._monthly.periods]
        self._told = told._replace(places=np.array(places, np.int64))
        return self._told

    def _begins(self, day: DayOnGround) -> bool:
        """Whether units lie otherwise than the day before."""
        return self._tree is None or day.tree.parents != self._tree.parents or day.trees.has_news

    def _begin(self, days: Ints, day: DayOnGround) -> None:
        """Anew, for another month or another tree."""
        before = None if self._begins(day) else self._monthly
        if self._tree is None or day.tree.parents != self._tree.parents:
            self._membership = Membership(day.tree)
            self._membership.know(self._numbered)
        self._membership.roster.replace(day.tree)
        self._monthly = MonthlyOfGroups(days, day.day, Remembered(self._until, self._kept), self._kinds)
        if before:
            self._monthly.keep_decided(before)
        self._facts = [_merged(np.concatenate(self._facts))] if self._facts else []
        for columns in self._membership.columns(np.concatenate([NONE, *self._facts]), HEARD, AT_ONCE):
            self._monthly.rest_on(columns)
        self._sums = GroupSums(len(self._monthly.months), frozenset(self._kernels))
        for kernel, sums in self._monthly.by_month([self._members(group) for group in self._wanted]).items():
            self._sums.add(KernelSums(kernel, self._every, sums))

    def _tell(self, late: Ints, day: DayOnGround) -> ToldOn:
        for columns in self._membership.columns(late, HEARD):
            self._monthly.hear(columns)
            self._add(columns)
        telling = self._monthly.tell(dict(enumerate(self._membership.roster.cells)), day.trees)
        self._until = telling.until
        for one in telling.keeping:
            self._kept[one.kind].setdefault(one.month, {})[one.group] = one.kept
        return self._now(day)

    def _now(self, day: DayOnGround) -> ToldOn:
        roster = self._membership.roster
        hidden = self._monthly.hidden(dict(enumerate(roster.cells)), day.trees.renewed, self._wanted, day.tree)
        by_month = {kernel: self._sums.of_kernel(kernel, self._every) for kernel in self._kernels}
        raw = self._monthly.as_told(self._every, by_month)
        periods = [some for some in dict.fromkeys(self._monthly.periods) if some]
        columns = [self._monthly.periods.index(some) for some in periods]
        sums = {kernel: amounts[:, columns] for kernel, amounts in raw.items()}
        return ToldOn(periods, np.zeros(0, np.int64), sums, hidden[:, columns])

    def _add(self, late: Deltas) -> None:
        """Facts came; some count in the sums of the groups wanted."""
        late = late.of({measure for measure, _ in self._kernels})
        months, roster = self._monthly.months, self._membership.roster
        numbers = {roster.groups[group]: row for row, group in enumerate(self._wanted) if group in roster.groups}
        cells, at = np.unique(late.cells, return_inverse=True)
        belongs = [[numbers[one] for one in roster.belongs[cell] if one in numbers] for cell in cells.tolist()]
        for part in accumulate(late._replace(cells=at), belongs, ends(months), lengths(months)):
            self._sums.add(part)

    def _members(self, group: Group) -> Sequence[int]:
        """The places of the cells of a group; of one that nobody was met of, none."""
        number = self._membership.roster.groups.get(group)
        return [] if number is None else self._membership.members(np.array([number]))[0]


def _merged(facts: Ints) -> Ints:
    """Facts (cell, measure, day, delta), those that meet merged."""
    return np.stack(merged(Deltas(*facts.T)), axis=1)


def walked(ground: Ground, wanted: Sequence[Group], kinds: Collection[ByMonth]) -> Told:
    """What is told of groups, of these kinds."""
    walk = MonthlyWalk(ground, wanted, kinds)
    days = {day.day: walk.go(day) for day in ground.days} if kinds else {}
    return Told({group: row for row, group in enumerate(wanted)}, days)
