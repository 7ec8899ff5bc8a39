"""A municipality that comes to be known bit by bit: who was where, as known after each delivery, and in which units.

Late deliveries are random: people hired, gone, moved, back again, new units with and without their definition, units
that turn out to lie elsewhere.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from itertools import count, pairwise
from typing import NamedTuple

import numpy as np

from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.facts.tally import ONE
from services.metrics.domain.sums.kernels import Deltas
from services.metrics.domain.sums.periods import Month
from services.metrics.domain.sums.tree import Trees
from tests import builders as make
from tests.unit.metrics.attacker import Kind
from tests.unit.metrics.folding import fold
from tests.unit.metrics.test_attack import BANDS, Municipality

START = date(2025, 3, 1).toordinal()
TURNS = [START, *(date(2025, month, on).toordinal() for month, on in ((4, 1), (5, 1), (5, 16)))]
"""Days from which something turns out to have been otherwise."""
FOREVER = date(2199, 1, 1).toordinal()
COUNTS = (1, 1, 2, 5, 10, 11, 12, 15, 30)


class Stay(NamedTuple):
    """Somebody's time in one place, and whether as permanent staff."""

    kind: Kind
    counts: bool
    first: int
    last: int = FOREVER

    def within(self, first: int, last: int) -> bool:
        """Whether it covers these days."""
        return self.first <= first and last <= self.last


Stays = tuple[Stay, ...]
People = dict[int, Stays]
"""Where everybody is known to have been, by a number; somebody who was nowhere has no stays."""


class Known(NamedTuple):
    """What is known after a delivery: of people, and the definitions of units."""

    people: People
    units: list[make.Event]

    def trees(self, told: Iterable[tuple[int, Trees]] = (), last: Trees | None = None) -> Trees:
        """The unit trees; ``told`` are those that months were told of in, ``last`` those of the last telling."""
        return Trees(fold(*self.units).memory.definitions, list(told), last)

    @property
    def kinds(self) -> set[Kind]:
        """Where anybody is known to have been."""
        return {stay.kind for stays in self.people.values() for stay in stays}

    def facts(self, numbers: Mapping[Kind, int]) -> Deltas:
        """Who is there; everybody is sick for a share of every day, each for another."""
        rows = [row for who, stays in self.people.items() for stay in stays for row in _rows(who, stay, numbers)]
        return Deltas(*np.array(rows, np.int64).reshape(-1, 4).T)


def share(who: int) -> int:
    """How sick somebody is, in millionths: no sums of these are the same by chance."""
    return random.Random(who).randint(1, ONE)  # noqa: S311


def _rows(who: int, stay: Stay, numbers: Mapping[Kind, int]) -> Iterator[tuple[int, int, int, int]]:
    levels = {Measure.headcount: stay.counts * ONE, Measure.scheduled_fte: ONE, Measure.sick_fte: share(who)}
    for measure, level in levels.items():
        yield numbers[stay.kind], measure, stay.first, level
        yield numbers[stay.kind], measure, stay.last + 1, -level


def at_first(found: Municipality) -> Known:
    """All of a municipality, its people from START on."""
    people: People = {}
    for n, p in enumerate(found.people):
        kind = (p.unit, p.occupation, p.gender, BANDS[p.born])
        last = p.last.toordinal() if p.last else FOREVER
        if last > START:
            people[n] = (Stay(kind, p.form == "permanent", max(START, p.first.toordinal()), last),)
    units = {p.unit for p in found.people} | set(found.above.values())
    return Known(people, [make.unit_defined(unit, parent=found.above.get(unit)) for unit in sorted(units)])


class Deliveries:
    """Random ones, as a seed has it."""

    def __init__(self, found: Municipality, seed: int) -> None:
        """Nothing is delivered yet."""
        self._rng, self._first = random.Random(seed), at_first(found)  # noqa: S311
        self._numbers, self._times = count(100_000), count(1)

    def known(self) -> list[Known]:
        """What is known at first, which may be without some, and after each of one to four deliveries."""
        known = [self._without_some() if self._rng.random() < 0.4 else self._first]
        for _ in range(self._rng.randint(1, 4)):
            latest = Known(dict(known[-1].people), [*known[-1].units])
            for change in self._rng.choices(self._changes(), k=self._rng.randint(1, 3)):
                change(latest)
            known.append(latest)
        return known

    def _changes(self) -> list[Callable[[Known], None]]:
        hired = [self._hired] * 3
        return [*hired, self._opened, self._gone, self._gone, self._moved, self._moved, self._back, self._placed]

    def _without_some(self) -> Known:
        share = self._rng.choice((0.1, 0.5))
        left = {who: stays for who, stays in self._first.people.items() if self._rng.random() > share}
        return Known(left or self._first.people, self._first.units)

    def _some(self, known: Known) -> list[int]:
        """A few who were somewhere, mostly of one unit or one kind."""
        there = sorted(who for who, stays in known.people.items() if stays)
        if not there:
            return []
        like, wide = known.people[self._rng.choice(there)][0].kind, self._rng.choice((1, 1, 2, 4))
        alike = [who for who in there if known.people[who][0].kind[:wide] == like[:wide]]
        return self._rng.sample(alike, min(len(alike), self._rng.choice(COUNTS)))

    def _hired(self, known: Known) -> None:
        """More like some, or like one of them."""
        if some := self._some(known):
            since, one = self._rng.choice(TURNS), self._rng.random() < 0.5
            for _ in range(self._rng.choice(COUNTS)):
                like = known.people[some[0] if one else self._rng.choice(some)][0]
                known.people[next(self._numbers)] = (like._replace(first=since, last=FOREVER),)

    def _opened(self, known: Known) -> None:
        """A unit nobody had heard of."""
        unit, since = f"new{next(self._times)}", self._rng.choice(TURNS)
        kinds = sorted(known.kinds)
        for _ in range(self._rng.choice((1, 3, 11, 25))):
            kind = (unit, *self._rng.choice(kinds)[1:])
            known.people[next(self._numbers)] = (Stay(kind, self._rng.random() < 0.9, since),)
        if self._rng.random() < 0.7:
            self._define(known, unit)

    def _gone(self, known: Known) -> None:
        """Some left early, or were never there."""
        day = self._rng.choice(TURNS)
        for who in self._some(known):
            known.people[who] = _until(known.people[who], day)

    def _moved(self, known: Known) -> None:
        """Some were elsewhere from a day on."""
        day, to, wide = self._rng.choice(TURNS), self._rng.choice(sorted(known.kinds)), self._rng.choice((1, 2))
        for who in self._some(known):
            stay = known.people[who][-1]
            if stay.last > day:
                kind = (*to[:wide], *stay.kind[wide:]) if self._rng.random() < 0.8 else (stay.kind[0], *to[1:])
                there = stay._replace(kind=kind, first=max(day, stay.first))
                known.people[who] = (*_until(known.people[who], day), there)

    def _back(self, known: Known) -> None:
        """What was said of some was wrong."""
        changed = [who for who, stays in self._first.people.items() if known.people.get(who) != stays]
        for who in self._rng.sample(changed, min(len(changed), self._rng.choice(COUNTS))):
            known.people[who] = self._first.people[who]

    def _placed(self, known: Known) -> None:
        """A unit lies elsewhere."""
        self._define(known, self._rng.choice(sorted({kind[0] for kind in known.kinds})))

    def _define(self, known: Known, unit: str) -> None:
        above = self._rng.choice([None, *sorted({kind[0] for kind in known.kinds})])
        since = date.fromordinal(self._rng.choice((START - 400, *TURNS))).isoformat()
        time = f"2025-06-01T08:00:{next(self._times):02}Z"
        known.units.append(make.unit_defined(unit, parent=above, effective=since, time=time))


def _until(stays: Stays, day: int) -> Stays:
    """Stays that end before a day."""
    return tuple(stay._replace(last=min(stay.last, day - 1)) for stay in stays if stay.first < day)


Trajectory = tuple[Kind | None, ...]
"""Where somebody was on some days, as known after each delivery."""


class Time(NamedTuple):
    """Days of somebody's that no delivery tells apart."""

    who: int
    counts: bool
    first: int
    last: int
    was: Trajectory


def times(known: list[Known], month: Month) -> list[Time]:
    """All people's days in a month."""
    stays: defaultdict[int, list[Stays]] = defaultdict(lambda: [() for _ in known])
    for n, one in enumerate(known):
        for who, some in one.people.items():
            stays[who][n] = some
    return [time for who, some in stays.items() for time in _times_of(who, some, month)]


def _times_of(who: int, stays: list[Stays], month: Month) -> Iterator[Time]:
    every = [stay for some in stays for stay in some]
    edges = {month.first, month.last + 1, *(s.first for s in every), *(s.last + 1 for s in every)}
    inside = sorted(edge for edge in edges if month.first <= edge <= month.last + 1)
    for first, then in pairwise(inside):
        was = tuple(next((s.kind for s in some if s.within(first, then - 1)), None) for some in stays)
        if any(was):
            yield Time(who, every[0].counts, first, then - 1, was)


def cells(known: list[Known]) -> dict[Kind, int]:
    """All places anybody was ever known to be in, numbered as they came to be known."""
    found: dict[Kind, int] = {}
    for one in known:
        for kind in sorted(one.kinds):
            found.setdefault(kind, len(found))
    return found


def named(numbers: Mapping[Kind, int], known: Iterable[Kind]) -> dict[int, Cell]:
    """Cells by number."""
    return {numbers[kind]: Cell(*kind) for kind in known}


def less(facts: Deltas, earlier: Deltas) -> Deltas:
    """What was delivered between two times."""
    together = Deltas(*map(np.concatenate, zip(facts, earlier._replace(deltas=-earlier.deltas), strict=True)))
    places, at = np.unique(np.array(together[:3]), axis=1, return_inverse=True)
    sums = np.zeros(places.shape[1], np.int64)
    np.add.at(sums, at.ravel(), together.deltas)
    return Deltas(*places[:, sums != 0], sums[sums != 0])
