"""Somebody keeps the pulses that were told, and subtracts them from those told after late answers, to find a few."""

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
from services.metrics.domain.facts.cell import UNKNOWN, Cell
from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.facts.tally import ONE
from services.metrics.domain.sums.groups import groups_of
from services.metrics.domain.sums.kernels import WITHIN, Deltas
from services.metrics.domain.sums.periods import Month, month_of
from services.metrics.domain.sums.tree import Trees
from shared.contracts.catalogue.disclosure import ByMonth
from tests.unit.metrics.attacker import PRIME, basis, left, unnoticed
from tests.unit.metrics.folding import fold
from tests.unit.metrics.knowledge import less
from tests.unit.metrics.pulses import FEW, Pulse, fewest, town
from tests.unit.metrics.remembering import Memory

SEEDS = range(10)
TELLINGS = 4
TODAY = date(2024, 9, 15).toordinal()
MONTHS = [month_of(date(2024, month, 1).toordinal()) for month in (6, 7, 8)]
KERNELS = KERNELS_OF[ByMonth.PULSE]
SCORE = KERNELS.index((Measure.pulse_score, WITHIN))

Row = tuple[int, ...]


class Answers(NamedTuple):
    """Some answers of a report that come to be known together: how many, their score, and in which tellings."""

    of: Pulse
    count: int
    score: int
    known: tuple[bool, ...]


def answers(seed: int) -> list[Answers]:
    """Of a random town: reports come late, are corrected upwards or taken back."""
    rng, found = random.Random(seed), list[Answers]()  # noqa: S311
    for pulse in town(seed).pulses:
        first = rng.choice((0, 0, 0, 1, 2, 3))
        last = rng.choice((first, TELLINGS - 1)) if rng.random() < 0.2 else TELLINGS - 1
        more = [(rng.choice((1, 3, 6, 7, 12)), rng.randint(first, last)) for _ in range(rng.choice((0, 0, 0, 1, 2)))]
        for count, since in [(pulse.answers, first), *more]:
            known = tuple(since <= n <= last for n in range(TELLINGS))
            found.append(Answers(pulse, count, rng.randrange(1, 10**9), known))
    return found


class Teller:
    """Tells of what is known after each delivery; with no memory, as if nothing had been told before."""

    def __init__(self, seed: int, *, remembers: bool) -> None:
        """Nothing told yet."""
        self.town, self.answers, self._remembers = town(seed), answers(seed), remembers
        self._numbers = {unit: n for n, unit in enumerate(self.town.above)}
        self._rng, self._memory = random.Random(seed), Memory()  # noqa: S311
        self._monthly = Monthly(TODAY, Remembered(), ByMonth.PULSE)

    def told(self) -> Iterator[dict[Month, list[tuple[str, tuple[int, ...]]]]]:
        """Telling by telling, the units that are told of, and the sums."""
        trees = Trees(fold(*self.town.units).memory.definitions)
        where = Where({n: Cell(unit, UNKNOWN) for unit, n in self._numbers.items()}, trees)
        for n in range(TELLINGS):
            self._hear(n)
            telling = self._monthly.tell(where)
            if self._remembers:
                self._memory.remember(telling)
            yield {month: list(self._told_of(where, month)) for month in MONTHS}

    def _hear(self, n: int) -> None:
        """What was delivered; now and then another process hears it, that has what is remembered."""
        if not n or not self._remembers:
            self._monthly = Monthly(TODAY, Remembered(), ByMonth.PULSE)
            self._monthly.hear(self._facts(n))
            return
        if self._rng.random() < 0.3:
            self._monthly = Monthly(TODAY, self._memory.remembered, ByMonth.PULSE)
            self._monthly.rest_on(self._facts(n - 1))
        self._monthly.hear(less(self._facts(n), self._facts(n - 1)))

    def _facts(self, n: int) -> Deltas:
        rows = list[tuple[int, int, int, int]]()
        for one in (one for one in self.answers if one.known[n]):
            at = self._numbers[one.of.unit], one.of.day.toordinal()
            for measure, amount in ((Measure.pulse_answers, one.count * ONE), (Measure.pulse_score, one.score)):
                rows.append((at[0], measure, at[1], amount))
        for pulse in {one.of for one in self.answers if one.known[n]}:
            rows.append((self._numbers[pulse.unit], Measure.pulses, pulse.day.toordinal(), ONE))
        return Deltas(*np.array(rows, np.int64).reshape(-1, 4).T)

    def _told_of(self, where: Where, month: Month) -> Iterator[tuple[str, tuple[int, ...]]]:
        placed, members = where.trees.on(TODAY), defaultdict(list)
        for number, cell in where.cells.items():
            for group in groups_of(cell, placed):
                members[group].append(number)
        sums, column = self._monthly.sums(list(members.values())), self._monthly.months.index(month)
        standing = self._monthly.standing(where, list(members), placed, month)
        for n, group in enumerate(members):
            if not standing.hidden[n]:
                now = tuple(int(sums[kernel][n, column]) for kernel in KERNELS)
                yield group.unit, standing.kept.get(n, now)


class Attacker:
    """Knows when which answers came, and keeps what was told of a month."""

    def __init__(self, teller: Teller, month: Month) -> None:
        """Nothing was told yet."""
        self._town, self._rows = teller.town, dict[tuple[int, ...], Row]()
        self._answers = [one for one in teller.answers if month.first <= one.of.day.toordinal() <= month.last]

    def hear(self, telling: int, told: Iterable[tuple[str, tuple[int, ...]]]) -> None:
        """What is told is of the answers known by now, or of those that it was told of before."""
        for unit, value in told:
            row = self._row(unit, telling)
            if value[SCORE] == sum(one.score for one, is_in in zip(self._answers, row, strict=True) if is_in):
                self._rows[value] = row
            else:
                assert value in self._rows, f"{unit} was never told so"

    @property
    def heard(self) -> int:
        """How much was told."""
        return sum(map(any, self._rows.values()))

    def learns(self) -> int:
        """How many secrets follow."""
        columns = len(self._answers)
        known = basis(np.array(list(self._rows.values()), np.int64).reshape(len(self._rows), columns))
        change = unnoticed(known, columns)
        follow = [row for row in self._secrets() if not (np.array(row) * change % PRIME).sum() % PRIME]
        assert not any(left(known, np.array(row) % PRIME).any() for row in follow)
        return len(follow)

    def _secrets(self) -> set[Row]:
        """What few answered: of a place as known once, what came to it or went, and whatever came together."""
        rows = {tuple(row) for row in np.eye(len(self._answers), dtype=int).tolist()}
        for place in {place for unit in self._town.above for place in self._town.path(unit)}:
            as_known = [np.array(self._row(place, n), np.int64) for n in range(TELLINGS)]
            rows |= {tuple(row.tolist()) for row in as_known}
            for before, then in combinations(as_known, 2):
                rows |= {tuple(row.tolist()) for row in (then & ~before & 1, before & ~then & 1, then - before)}
        return {row for row in rows if any(row) and self._fewest(row) <= FEW}

    def _fewest(self, row: Row) -> int:
        return fewest((one.of, one.count) for one, is_in in zip(self._answers, row, strict=True) if is_in)

    def _row(self, place: str, telling: int) -> Row:
        return tuple(int(one.known[telling] and place in self._town.path(one.of.unit)) for one in self._answers)


def attacked(seed: int, *, remembers: bool) -> list[Attacker]:
    """Attackers who have heard all of a random town, one for each month."""
    teller = Teller(seed, remembers=remembers)
    attackers = {month: Attacker(teller, month) for month in MONTHS}
    for n, told in enumerate(teller.told()):
        for month, attacker in attackers.items():
            attacker.hear(n, told[month])
    return list(attackers.values())


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_found_in_what_was_told_before(seed: int):
    """Neither the few answers that came late or were taken back, nor anybody else's."""
    assert sum(attacker.learns() for attacker in attacked(seed, remembers=True)) == 0


def test_something_is_told():
    """Of many units, also what came late."""
    assert sum(attacker.heard for seed in SEEDS for attacker in attacked(seed, remembers=True)) > 60


def test_much_is_found_where_nothing_is_remembered():
    """Were each telling decided afresh, late answers would be what is left over."""
    assert sum(attacker.learns() for seed in SEEDS for attacker in attacked(seed, remembers=False)) > 15
