"""The book: every group's sums on every published day, kept up to date by adding facts as they come.

Published days are today, each of the last four weeks (late data restates them) and what is known of the next three
months. Facts only ever add, so the book after any number of additions equals one made anew. What changed is told by
comparing the groups that facts touched, and those that are hidden from now on or no longer, with how they stood before:
its cost follows the change.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain

import numpy as np
from numpy.typing import ArrayLike

from services.metrics.domain.coverage.kinds import KINDS
from services.metrics.domain.disclosure.monthly import HEARD
from services.metrics.domain.disclosure.monthly_of_groups import MonthlyOfGroups
from services.metrics.domain.disclosure.remembered import Remembered, Telling
from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.facts.measures import NORM
from services.metrics.domain.facts.reported import Firsts
from services.metrics.domain.facts.tally import ONE
from services.metrics.domain.sums.copied import Part
from services.metrics.domain.sums.groups import Group
from services.metrics.domain.sums.kernels import LEVEL, Deltas, Floats, Ints, KernelSums, Raw, Sums
from services.metrics.domain.sums.linked_tables import Mask
from services.metrics.domain.sums.shard import WHOLE, Shard
from services.metrics.domain.sums.tree import Tree, Trees
from services.metrics.domain.sums.windows import WindowLength, windows
from services.metrics.domain.values.closed import PEOPLE, in_closed_units
from services.metrics.domain.values.covering import Covering
from services.metrics.domain.values.days_told import DaysTold
from services.metrics.domain.values.membership import Membership
from services.metrics.domain.values.moved import Summed, moved
from services.metrics.domain.values.sheet import HELD, Published, Sheet, published_days
from services.metrics.domain.values.stood import Before, Past, placed, places, together
from services.metrics.domain.values.valuation import figures
from shared.contracts.catalogue import METRICS
from shared.contracts.catalogue.disclosure import ByMonth
from shared.contracts.metrics import ALL

SUMMED = frozenset(measure for measure, _ in HELD)


class Book:
    """Sums of all groups, and how those touched since values were last taken stood then."""

    def __init__(
        self,
        trees: Trees,
        today: int,
        window: WindowLength,
        norm: float = NORM,
        remembered: Remembered | None = None,
        shard: Shard = WHOLE,
    ) -> None:
        """Empty, for today's tree; another makes a new book, which follows this one.

        ``remembered`` is what was told by month before, which ``rest_on`` is to be given the facts of. There are groups
        of the units of the ``shard`` alone; what is told by month is decided among all, so all cells have to be met.
        """
        self._shard = shard
        self.tree, self.today, self.window, self.norm = trees.on(today), today, window, norm
        self._trees, self._news = trees, True
        self._sheet = Sheet(published_days(today), window)
        self._monthly = MonthlyOfGroups(self.days, today, remembered or Remembered())
        self._membership = Membership(self.tree, shard)
        self._roster = self._membership.roster
        self._hidden: Mask = np.zeros((0, len(self.days), len(ByMonth)), bool)
        self._covering = Covering()
        self._known: Ints = np.zeros((0, len(KINDS)), np.int64)
        self._begun: Mask = np.zeros(len(self.days), bool)
        self._before: Iterable[Before] = []
        self._touched: set[int] = set()
        self._taken = 0
        self._owed: set[int] = set()
        self._told = self.tree

    @property
    def empty(self) -> list[Group]:
        """The groups of the books before that nobody belongs to in this tree."""
        return self._membership.empty

    @property
    def days(self) -> Ints:
        """The days values are published for, today first."""
        return self._sheet.days

    @property
    def reach(self) -> int:
        """The day before which facts may be summed as if they fell on it."""
        return self._sheet.reach

    def know(self, cells: Iterable[tuple[int, Cell]]) -> None:
        """Learn the cells behind the numbers that facts carry; those that never have any make no group."""
        self._membership.know(cells)

    def meet(self, numbers: Iterable[int]) -> None:
        """Learn which of these cells have facts, of which only those of ``counted`` are to come."""
        self._membership.meet(numbers)

    @property
    def counted(self) -> list[int]:
        """The cells met that count in any group."""
        return self._membership.counted

    def cover(self, firsts: Firsts) -> None:
        """Learn since when sources tell of what; before anything is learnt, all is known, always."""
        self._covering.learn(firsts)

    @property
    def unsound(self) -> list[Cell]:
        """Cells whose facts are in no sum."""
        return self._membership.unsound

    @property
    def in_closed_units(self) -> int:
        """How many people are today in a unit that is closed."""
        return in_closed_units(self.tree, self._roster.groups, self._people()) if self.tree.closed else 0

    def _people(self) -> Floats:
        """By group, those that are there today."""
        every = np.arange(len(self._roster.groups))
        levels = [self._sheet.held.of_kernel((measure, LEVEL), every)[:, 0] for measure in PEOPLE]
        return np.asarray(sum(levels) / ONE, np.float64)

    def add(self, facts: ArrayLike) -> None:
        """Add facts, a row for each: cell number, measure, day, delta."""
        self.sum(facts)
        self.hear(facts)

    def sum(self, facts: ArrayLike) -> None:
        """Add facts to all but what is told by month; those before ``reach`` may be given as of it."""
        for columns in map(self._membership.own, self._membership.columns(facts, SUMMED)):
            self._touch(np.unique(columns.cells))
            self._sheet.add(columns, self._roster)

    def trim(self) -> None:
        """Give back the space that is kept for more: all facts there are were added, and few come from now on."""
        self._sheet.held.trim()
        self._monthly.trim()

    def hear(self, facts: ArrayLike) -> None:
        """Take in facts that matter to what is told by month, of which nothing is before ``tell``."""
        for columns in self._membership.columns(facts, HEARD):
            self._monthly.hear(columns)

    def rest_on(self, facts: ArrayLike) -> None:
        """Take in facts that what was told by month rests on."""
        for columns in self._membership.columns(facts, HEARD):
            self._monthly.rest_on(columns, self._summed_by_month(columns))

    def _summed_by_month(self, facts: Deltas) -> Deltas:
        """What has to stay as it was told may be of any group, and is summed up where it is decided."""
        return facts if self._shard.is_first else self._membership.own(facts)

    def follow_telling(self, facts: Iterable[ArrayLike], remembered: Remembered, trees: Trees) -> None:
        """Go over to what another has told: the facts that were told of since, what stays, the trees told in."""
        came = [columns for some in facts for columns in self._membership.columns(some, HEARD)]
        for columns in came:
            self._touch(np.unique(columns.cells))
        for columns in came:
            self._monthly.rest_on(columns, self._summed_by_month(columns))
        self._monthly.follow_telling(came, remembered)
        self._trees, self._news = trees, True

    def tell(self) -> Telling:
        """Go over to what was heard of past months, and say what has to be remembered before values are given out."""
        self._news = self._news or self._monthly.has_news or self._trees.has_news
        self._touch(self._monthly.cells_heard_of)
        telling = self._monthly.tell(dict(enumerate(self._roster.cells)), self._trees)
        self._trees = self._trees.renewed
        return telling

    def was_told(self, facts: ArrayLike) -> None:
        """Take in facts that somebody else has told of by month since this book was copied."""
        for columns in self._membership.columns(facts, HEARD):
            self._touch(np.unique(columns.cells))
            self._monthly.rest_on(columns)
            self._news = True

    @property
    def is_taken(self) -> bool:
        """Whether everything was taken as it stands, and nothing is held back: only then may it be copied."""
        return not (self._touched or self._news or self._begun.any() or self._taken < len(self._roster.groups))

    def copied(self) -> Iterator[Part]:
        """All of it, part by part, as ``put_back`` takes them in this order."""
        parents, names, found, closed = self.tree
        yield Part("tree", said=[dict(parents), dict(names), dict(found), sorted(closed)])
        yield from self._membership.copied()
        yield Part("standing", (self._hidden, self._known))
        for (measure, kernel), groups, sums in self._sheet.held.parts():
            yield Part(f"sums {measure} {kernel}", (groups, sums))
        yield from self._monthly.copied()

    def put_back(self, part: Part) -> None:
        """Take in a part of the copy of a book of the same day, before anything else but its cells."""
        what = part.name.split()
        if part.name == "tree":
            parents, names, found, closed = part.said
            self.tree = self._told = Tree(parents, names, found, frozenset(closed))
            self._roster.replace(self.tree)
        elif part.name in {"groups", "cells"}:
            self._membership.put_back(part)
        elif part.name == "standing":
            self._hidden, self._known = part.arrays
            self._taken, self._news = len(self._hidden), False
        elif what[0] == "sums":
            self._sheet.held.add(KernelSums((int(what[1]), int(what[2])), *part.arrays))
        else:
            self._monthly.put_back(part)

    def owe(self, groups: Iterable[int]) -> None:
        """Tell all of these groups, by number, once more: it is not known how they were told of last."""
        self._owed |= {group for group in groups if group < self._taken}
        self._touched |= self._owed

    def shown(self) -> Iterator[list[Published]]:
        """The values of today of all groups, and of the days ahead of units as a whole, as they were taken."""
        groups = list(self._roster.groups)
        units = np.array([n for n, group in enumerate(groups[: self._taken]) if group.occupation == ALL], np.int64)
        for some, where in ((np.arange(self._taken), self.days == self.today), (units, self.days > self.today)):
            days = np.flatnonzero(where)
            for rows in together(some, len(days)):
                before = Before(rows, {}, {}, self._hidden[rows], self._known[rows])
                yield self._differing(before, days, groups, known=False)

    @property
    def numbers(self) -> Mapping[Group, int]:
        """The number of each group, which it keeps."""
        return self._roster.groups

    @property
    def waits_for_tree(self) -> bool:
        """Whether another unit tree is to be taken into account from the next telling on."""
        return self._trees.has_news

    def ahead(self, today: int) -> Sheet:
        """An empty sheet of the days that will be published on a later day and are not yet."""
        days = published_days(today)
        return Sheet(days[~np.isin(days, self.days)], self.window)

    def prepare(self, sheet: Sheet, facts: ArrayLike) -> None:
        """Add facts to a sheet of days ahead; they are those that the book has, or will have by when it turns."""
        for columns in map(self._membership.own, self._membership.columns(facts, SUMMED)):
            sheet.add(columns, self._roster)

    def turn(self, today: int, fresh: Sheet) -> None:
        """A later day of the month begins: what is known of days already published stays, that of ``fresh`` is new."""
        days = published_days(today)
        among = places(days, self.days)
        self._begun = np.append(self._begun, True)[among]
        self._monthly.turn(days, today)
        self._hidden, self._before = placed(self._hidden, among), [block.on(among) for block in self._before]
        self._sheet.turn(fresh, places(days, np.concatenate((self.days, fresh.days))), len(self._roster.groups))
        self.today, self._news = today, True

    def places_alike(self, tree: Tree) -> bool:
        """Whether another tree places all units that have facts as this one does."""
        return all(tree.path(unit) == self.tree.path(unit) for unit in {cell.unit for cell in self._roster.cells})

    def rename(self, trees: Trees, today: int) -> None:
        """Go over to trees that place all units alike today; whose name is another one is published anew."""
        self._trees, self.tree, self._news = trees, trees.on(today), True
        self._roster.replace(self.tree)

    def follow(self, old: "Book") -> None:
        """Take the place of a book with another tree, before any facts: what was published then is not again.

        Groups keep their numbers, also those that nobody is in any more: they are told of once more, as empty.
        """
        among = places(self.days, old.days)
        self._membership.follow(old._membership)
        self._taken, self._touched = old._taken, set(range(old._taken))
        self._owed = set(old._owed)
        self._before, self._hidden = Past(old.stood, among), placed(old._hidden, among)
        self._covering.follow(old._covering)
        self._known = old._known
        self._begun = np.append(old._begun, True)[among] | self._monthly.tells_otherwise(old._monthly, among)
        self._told = old._told

    def stood(self) -> Iterable[Before]:
        """How all groups stood that were taken, when they last were."""
        untouched = np.setdiff1d(np.arange(self._taken), np.array(sorted(self._touched), np.int64))
        return chain(self._before, map(self._standing, together(untouched, len(self.days))))

    def _touch(self, cells: Ints) -> None:
        """Remember how groups stand that are about to change; one never taken has nothing to be compared with."""
        if self._taken:
            groups = self._membership.groups_of(cells) - self._touched
            if rows := sorted(group for group in groups if group < self._taken):
                self._remember(np.array(rows, np.int64))

    def _remember(self, rows: Ints) -> None:
        self._touched.update(rows.tolist())
        self._before = [*self._before, self._standing(rows)]

    def _standing(self, rows: Ints) -> Before:
        held, told = self._sheet.held.of(rows), self._told_of(rows)
        return Before(rows, held, told, self._hidden[rows], self._known[rows])

    def _told_of(self, rows: Ints) -> Raw:
        return self._monthly.sums(rows, self._membership.members(rows))

    def changed(self, held: Collection[str] = ()) -> Iterator[list[Published]]:
        """Groups and days with values that differ from what was last taken: a group's days together, today last.

        Whoever hears of a group's today has heard of all its other days: a breach is judged from its first day. What is
        told by month is as last told.
        Everything counts as taken once the last has been given, but the groups of the units ``held``: they stay as they
        were last taken, and differ from that when they are held no longer.
        """
        groups = list(self._roster.groups)
        self._decide(groups)
        every = np.ones(len(self.days), bool)
        renamed = self._renamed(groups)
        kept = self._held(groups, held)
        self._owe(kept, renamed, len(groups))
        waits, owed = np.isin(np.arange(len(groups)), kept), np.array(sorted(self._owed), np.int64)
        fresh = np.union1d(np.arange(self._taken, len(groups)), owed)
        known = np.setdiff1d(np.arange(self._taken), owed)
        new, old, named = (
            [Before(rows, {}, {}, self._hidden[rows], self._known[rows]) for rows in together(some[~waits[some]], days)]
            for some, days in (
                (fresh, len(self.days)),
                (known, int(self._begun.sum())),
                (np.setdiff1d(renamed, owed), 1),
            )
        )
        today = self.days == self.today
        before, later = self._before, []
        if len(kept):
            parts = list(before)
            before = [part.only(~waits[part.rows]) for part in parts]
            later = [part for one in parts if len((part := one.only(waits[one.rows])).rows)]
        for columns in self._passes():
            for some, is_known, among in (
                (before, True, ~self._begun),
                (old, False, self._begun),
                (named, False, today & ~self._begun),
                (new, False, every),
            ):
                days = columns[among[columns]]
                for block in some if len(days) else ():
                    if len(block.rows) and (found := self._differing(block, days, groups, known=is_known)):
                        yield found
        self._owed &= set(kept.tolist())
        self._touched = {int(row) for one in later for row in one.rows} | self._owed
        self._before, self._taken = later, len(groups)
        self._begun, self._told = ~every, self.tree

    def _held(self, groups: list[Group], held: Collection[str]) -> Ints:
        """The groups of units that are held back."""
        return np.array([n for n, group in enumerate(groups) if group.unit in held] if held else [], np.int64)

    def _owe(self, kept: Ints, renamed: Ints, count: int) -> None:
        """Held groups of which more than differences is to be told, once they are not held: all of it then."""
        all_of_them = self._begun.any()
        owed = {row for row in kept.tolist() if all_of_them or self._taken <= row < count}
        self._owed |= owed | (set(kept.tolist()) & set(renamed.tolist()))
        if self._owed:
            out = np.array(sorted(self._owed), np.int64)
            self._before = [one.only(~np.isin(one.rows, out)) for one in self._before]
            self._touched |= self._owed

    def _passes(self) -> list[Ints]:
        """All days at once, but today's after all others where some have just begun, which are told of apart."""
        days = np.arange(len(self.days))
        return [days[1:], days[:1]] if self._begun.any() else [days]

    @property
    def units(self) -> set[str]:
        """The units of all groups."""
        return {group.unit for group in self._roster.groups}

    @property
    def everywhere(self) -> set[str]:
        """The units of all groups, in whatever shard; of those that nobody is in any more, the ones of this shard."""
        if self._shard.is_whole:
            return self.units
        placed = {cell.unit for cell in self._roster.cells}
        return self.units.union(*(self.tree.path(unit) for unit in placed))

    def again(self, moved: Mapping[str, frozenset[str]]) -> Iterator[list[Published]]:
        """Some metrics of some units as they were last taken, a group's days together, today last."""
        groups, days = list(self._roster.groups), np.arange(len(self.days))
        rows = np.array([n for n, group in enumerate(groups) if group.unit in moved], np.int64)
        for some in together(rows, len(days)):
            before = Before(some, {}, {}, self._hidden[some], self._known[some])
            yield [_only(one, moved[one.group.unit]) for one in self._differing(before, days, groups, known=False)]

    def _renamed(self, groups: list[Group]) -> Ints:
        """The groups whose unit has another name or path than when values were last taken: told of today, once."""
        if self.tree is self._told:
            return np.zeros(0, np.int64)
        units = {group.unit for group in groups[: self._taken]}
        renamed = {u for u in units if _label(self.tree, u) != _label(self._told, u)}
        return np.array([n for n, group in enumerate(groups[: self._taken]) if group.unit in renamed], np.int64)

    def _decide(self, groups: list[Group]) -> None:
        """Decide who is hidden and what is known, and remember how those stood of whom it is said otherwise now."""
        anew = self._news or len(groups) != len(self._hidden)
        if not (anew or self._covering.has_news):
            return
        hidden = self._hidden_of(groups) if anew else self._hidden
        known = self._covering.of(groups, self._roster, self.tree)
        self._news = False
        differs = (hidden[: self._taken] != self._hidden)[:, ~self._begun].any(axis=(1, 2))
        turned = np.flatnonzero(differs | (known[: self._taken] != self._known).any(axis=1))
        for rows in together(turned[~np.isin(turned, list(self._touched))], len(self.days)):
            self._remember(rows)
        self._hidden, self._known = hidden, known

    def _hidden_of(self, groups: list[Group]) -> Mask:
        return self._monthly.hidden(dict(enumerate(self._roster.cells)), self._trees, groups, self.tree)

    def _differing(self, before: Before, columns: Ints, groups: list[Group], *, known: bool) -> list[Published]:
        days, now = self.days[columns], self._sheet.held.of(before.rows)
        is_told = self._monthly.told(self._told_of(before.rows), columns, self._hidden[before.rows])
        new, covered = self._sums_on(now, columns, len(before.rows)), self._known[before.rows]
        told = DaysTold(len(before.rows), len(columns))
        if not known:
            for one in figures(new, is_told, METRICS, covered):
                told.add(one, np.ones_like(one.hidden))
        else:
            old = self._sums_on(before.raw, columns, len(before.rows))
            was_told = self._monthly.told(before.told, columns, before.hidden)
            alike = np.array_equal(before.known, covered)
            metrics = moved(Summed(old, was_told), Summed(new, is_told)) if alike else METRICS
            then = figures(old, was_told, metrics, before.known)
            for was, one in zip(then, figures(new, is_told, metrics, covered), strict=True):
                told.add(one, one.differ(was))
        return [Published(groups[before.rows[row]], int(days[at]), found) for row, at, found in told.latest_first()]

    def _sums_on(self, raw: Raw, columns: Ints, groups: int) -> Sums:
        days = self.days[columns]
        some = {kernel: sums[:, columns] for kernel, sums in raw.items()}
        return Sums(some, groups, days, windows(self.window, days), self.norm)


def _only(one: Published, metrics: frozenset[str]) -> Published:
    return one._replace(metrics={name: value for name, value in one.metrics.items() if name in metrics})


def _label(tree: Tree, unit: str) -> tuple[str, ...]:
    """What is told of a unit beside its values."""
    return tree.name(unit), *tree.path(unit), *(["closed"] if unit in tree.closed else [])
