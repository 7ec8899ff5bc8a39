"""Somebody keeps what was told, and subtracts it from what is told after late events, to find the sickness of a few."""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pytest

from services.metrics.domain.disclosure.monthly import Monthly, Where
from services.metrics.domain.disclosure.remembered import Remembered
from services.metrics.domain.disclosure.told import KERNELS_OF
from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.sums.groups import groups_of
from services.metrics.domain.sums.kernels import DAYS, Ints
from services.metrics.domain.sums.periods import Month, month_of
from services.metrics.domain.sums.tree import Tree
from shared.contracts.catalogue.disclosure import ByMonth
from tests.unit.metrics.attacker import FEW, PRIME, Kinds, Name, Town, basis, left, unnoticed
from tests.unit.metrics.knowledge import Deliveries, Known, Time, cells, less, named, share, times
from tests.unit.metrics.remembering import Memory
from tests.unit.metrics.test_attack import TODAY, municipality

SEEDS = (0, 1, 2, 5, 10)
DAY = TODAY.toordinal()
MONTHS = [month_of(date(2025, month, 1).toordinal()) for month in (4, 5)]
KERNELS = KERNELS_OF[ByMonth.HEALTH]
SICK = KERNELS.index((Measure.sick_fte, DAYS))

Value = tuple[int, ...]
Told = tuple[Name, Kinds, Value]
"""A group that is told of, who may be in it, and the sums."""


class Teller:
    """Tells of what is known after each delivery; with no memory, as if nothing had been told before."""

    def __init__(self, known: list[Known], *, remembers: bool, seed: int) -> None:
        """Nothing told yet."""
        self._known, self._remembers, self._rng = known, remembers, random.Random(seed)  # noqa: S311
        self._numbers, self._memory = cells(known), Memory()
        self._health = Monthly(DAY, Remembered())

    def told(self) -> Iterator[dict[Month, list[Told]]]:
        """Telling by telling, the groups that are told of, and the sums."""
        for n, one in enumerate(self._known):
            where = self.where(n, one)
            self._hear(n)
            telling = self._health.tell(where)
            if self._remembers:
                self._memory.remember(telling)
            where = where._replace(trees=where.trees.renewed)
            yield {month: list(self._told_of(where, month)) for month in MONTHS}

    def trees(self, where: Where, month: Month) -> list[Tree]:
        """Those that a month can be asked for in."""
        return [where.trees.early(month.first), where.trees.on(month.last), where.trees.on(DAY)]

    def where(self, n: int, one: Known) -> Where:
        """All cells by then; the tree of a month stays the one it was told of in, and others are new until told in."""
        seen = {kind for some in self._known[: n + 1] for kind in some.kinds}
        if not n or not self._remembers:
            return Where(named(self._numbers, seen), one.trees())
        told = [(MONTHS[-1].last, self._known[0].trees())]
        return Where(named(self._numbers, seen), one.trees(told, self._known[n - 1].trees()))

    def _hear(self, n: int) -> None:
        """What was delivered; now and then another process hears it, that has what is remembered."""
        if not n or not self._remembers:
            self._health = Monthly(DAY, Remembered())
            self._health.hear(self._known[n].facts(self._numbers))
            return
        before, now = (one.facts(self._numbers) for one in self._known[n - 1 : n + 1])
        if self._rng.random() < 0.3:
            self._health = Monthly(DAY, self._memory.remembered)
            self._health.rest_on(before)
        self._health.hear(less(now, before))

    def _told_of(self, where: Where, month: Month) -> Iterator[Told]:
        for placed in self.trees(where, month):
            members = defaultdict(list)
            for number, cell in where.cells.items():
                for group in groups_of(cell, placed):
                    members[group].append(number)
            sums, column = self._health.sums(list(members.values())), self._health.months.index(month)
            standing = self._health.standing(where, list(members), placed, month)
            for n, (group, own) in enumerate(members.items()):
                if not standing.hidden[n]:
                    now = tuple(int(sums[kernel][n, column]) for kernel in KERNELS)
                    yield tuple(group), frozenset(tuple(where.cells[one]) for one in own), standing.kept.get(n, now)


class Finding(NamedTuple):
    """A group of few whose health follows, and by how much of knowledge."""

    month: Month
    name: Name
    what: str
    people: int


class Attacker:
    """Knows of everybody when they came to be known, and keeps what was told of a month."""

    def __init__(self, known: list[Known], month: Month) -> None:
        """Nothing was told yet."""
        self._known, self._month, some = known, month, times(known, month)
        self._columns = {was: n for n, was in enumerate(sorted({t.was for t in some}, key=repr))}
        self._sick, self._heads = self._sums(some)
        self._rows: dict[Value, Ints] = {}

    def hear(self, telling: int, told: Iterable[Told]) -> None:
        """What is told is about those known by now, or about those that it was told of before."""
        for name, kinds, value in told:
            row = self._row(kinds, telling)
            if value[SICK] == row @ self._sick:
                self._rows[value] = row
            else:
                assert value in self._rows, f"{name} was never told so"

    def learns(self) -> Iterator[Finding]:
        """The secrets that follow."""
        known = basis(np.array(list(self._rows.values()), np.int64).reshape(-1, len(self._columns)))
        change = unnoticed(known, len(self._columns))
        for row, (name, what) in self._secrets().items():
            if not (np.array(row) * change % PRIME).sum() % PRIME:
                assert not left(known, np.array(row) % PRIME).any()
                yield Finding(self._month, name, what, self._fewest(row))

    def _secrets(self) -> dict[tuple[int, ...], tuple[Name, str]]:
        """Groups and differences that nobody may learn of: on some day they are of ten people or fewer."""
        described = {tuple(row.tolist()): (name, what) for name, what, row in self._described() if row.any()}
        return {row: said for row, said in described.items() if self._fewest(row) <= FEW}

    def _described(self) -> Iterator[tuple[Name, str, Ints]]:
        """All that words can tell of: who was in a group as known once, who came to it or went, and who moved."""
        for kinds, name in self._groups().items():
            rows = [self._row(kinds, n) for n in range(len(self._known))]
            yield from ((name, f"as known at {n}", row) for n, row in enumerate(rows))
            for (n, before), (m, then) in combinations(enumerate(rows), 2):
                yield name, f"came from {n} to {m}", then & ~before & 1
                yield name, f"went from {n} to {m}", before & ~then & 1
                yield name, f"difference from {n} to {m}", then - before
        for was, n in self._columns.items():
            yield ("*", "*", "*", "*"), f"known as {was}", np.eye(len(self._columns), dtype=np.int64)[n]

    def _groups(self) -> dict[Kinds, Name]:
        """By who is in them; in every unit tree."""
        kinds = dict.fromkeys(sorted({kind for one in self._known for kind in one.kinds}), 0)
        trees = [one.trees().on(day) for one in self._known for day in (self._month.first, self._month.last, DAY)]
        towns = [Town(kinds, tree.parents) for tree in trees]
        return {some: name for town in towns for name, some in town.groups().items()}

    def _row(self, kinds: Kinds, telling: int) -> Ints:
        return np.array([was[telling] in kinds for was in self._columns], np.int64)

    def _fewest(self, row: Iterable[int]) -> int:
        """The permanent staff of the day with the fewest."""
        return int(self._heads[np.array(row) != 0].sum(axis=0).min())

    def _sums(self, some: list[Time]) -> tuple[Ints, Ints]:
        """By column: days of sickness, and staff by day wherever anything changes."""
        days = sorted(
            {self._month.first, *(t.first for t in some)} | {t.last + 1 for t in some} - {self._month.last + 1}
        )
        sick, heads = np.zeros(len(self._columns), np.int64), np.zeros((len(self._columns), len(days)), np.int64)
        for time in some:
            sick[self._columns[time.was]] += share(time.who) * (time.last + 1 - time.first)
            heads[self._columns[time.was]] += [time.counts and time.first <= day <= time.last for day in days]
        return sick, heads


def found(seed: int, *, remembers: bool) -> list[Finding]:
    """What somebody finds in a random municipality."""
    known = Deliveries(municipality(seed), seed).known()
    attackers = {month: Attacker(known, month) for month in MONTHS}
    for n, told in enumerate(Teller(known, remembers=remembers, seed=seed).told()):
        for month, attacker in attackers.items():
            attacker.hear(n, told[month])
    return [finding for attacker in attackers.values() for finding in attacker.learns()]


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_found_in_what_was_told_before(seed: int):
    """Neither about those of whom it turns out that they were there, or elsewhere, or not, nor about anybody else."""
    assert found(seed, remembers=True) == []


def test_the_attacker_finds_much_where_nothing_is_remembered():
    """Were each telling decided afresh, late events would give much away."""
    assert sum(len(found(seed, remembers=False)) for seed in SEEDS[:3]) > 50
