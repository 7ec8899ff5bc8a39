"""Somebody subtracts days, windows and unit trees from one another to find the sickness of ten people or fewer."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pytest

from services.metrics.domain.disclosure.suppression import decided
from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.facts.tally import ONE
from services.metrics.domain.sums.groups import DIMENSIONS, Group
from services.metrics.domain.sums.linked_tables import LinkedTables
from services.metrics.domain.sums.tree import Tree
from tests import builders as make
from tests.unit.metrics.attacker import FEW, Kind, Kinds, Name, Town, basis, left
from tests.unit.metrics.folding import fold, rows_by
from tests.unit.metrics.test_attack import BANDS, TODAY, Municipality, Person, municipality, shown

SEEDS = (*range(6), 9, 56)
MOVED_ON = TODAY - timedelta(days=9)
YEAR = 365
QUESTIONS = [(TODAY + timedelta(days=on), window) for on in (-21, 0, 60) for window in (1, 30, 364, 365)] + [
    *((date(2025, 5, 31), days) for days in (31, 61, 365)),
    *((date(2025, 3, 31), days) for days in (31, 90)),
]
"""As-of days and windows; of the twelve months, a month, two and a quarter there is something to be told."""


class Span(NamedTuple):
    """Days that no question tells apart: of each question all of them are in the window, or none."""

    first: date
    last: date


def days_before(on: date, window: int) -> Span:
    """The days of a window."""
    return Span(on - timedelta(window - 1), on)


def days_told(on: date, window: int) -> Span:
    """The days that a value tells of: over a window of 365, the twelve whole months that had ended."""
    if window != YEAR:
        return days_before(on, window)
    end = (on + timedelta(1)).replace(day=1)
    return Span(end.replace(year=end.year - 1), end - timedelta(1))


class Attacker:
    """Knows where everybody works on every day, and sees what is shown; wants anything of ten people or fewer."""

    def __init__(self, found: Municipality, moved: Mapping[str, str]) -> None:
        """``moved`` is the unit above each from MOVED_ON on."""
        self.found, self.moved = found, moved
        self.kinds = sorted({_kind(p) for p in found.people})
        asked = [days(*question) for question in QUESTIONS for days in (days_before, days_told)]
        edges = sorted({edge for one in asked for edge in (one.first - timedelta(1), one.last)})
        self.spans = [Span(a + timedelta(1), b) for a, b in pairwise(edges)]
        there = ((kind, span) for span in self.spans for kind in sorted(set().union(*self._towns(span))))
        self.columns = {place: n for n, place in enumerate(there)}

    def above(self, on: date) -> Mapping[str, str]:
        """The tree of a day."""
        return self.moved if on >= MOVED_ON else self.found.above

    def town(self, on: date) -> Town:
        """Who is where on a day."""
        return self.found._replace(above=dict(self.above(on))).town(on)

    def groups(self, above: Mapping[str, str]) -> dict[Name, Kinds]:
        """All that words can tell of in a tree, whoever is in it when."""
        return Town(dict.fromkeys(self.kinds, 0), above).groups()

    def learns(
        self, seen: Mapping[tuple[date, int], Iterable[Name]], days: Callable[[date, int], Span] = days_told
    ) -> list[tuple[Name, Span]]:
        """The secrets that follow from what is shown, by question, of the days that each tells of."""
        rows = []
        for (on, window), names in seen.items():
            groups = self.groups(self.above(on))
            first, last = days(on, window)
            spans = [span for span in self.spans if first <= span.first and span.last <= last]
            rows += [self._row(groups[name], spans) for name in names if name in groups]
        known = basis(np.array(rows, np.int64).reshape(-1, len(self.columns)))
        secrets = list(self._secrets())
        return [what for what, kinds in secrets if not left(known, self._row(kinds, [what[1]])).any()]

    def _secrets(self) -> Iterator[tuple[tuple[Name, Span], Kinds]]:
        """A group on days that nobody may learn of: on one of them it is of ten people or fewer."""
        groups = {kinds: name for above in (self.found.above, self.moved) for name, kinds in self.groups(above).items()}
        for span in self.spans:
            towns = self._towns(span)
            for kinds, name in groups.items():
                there = [sum(town.get(kind, 0) for kind in kinds) for town in towns if not kinds.isdisjoint(town)]
                if there and min(there) <= FEW:
                    yield (name, span), kinds

    def _towns(self, span: Span) -> list[Mapping[Kind, int]]:
        """Who was where on the days of a span, wherever anything changed."""
        days = [span.first + timedelta(n) for n in range((span.last - span.first).days + 1)]
        return [self.town(day).people for day in _turns(days, self.found.people)]

    def _row(self, kinds: Kinds, spans: Iterable[Span]) -> list[int]:
        row = [0] * len(self.columns)
        for span in spans:
            for kind in kinds:
                if (kind, span) in self.columns:
                    row[self.columns[kind, span]] = 1
        return row


def _kind(person: Person) -> tuple[str, str, str, str]:
    return person.unit, person.occupation, person.gender, BANDS[person.born]


def _turns(days: list[date], people: Iterable[Person]) -> list[date]:
    """The first day, and each on which somebody comes or has just left."""
    changes = {p.first for p in people} | {p.last + timedelta(1) for p in people if p.last}
    return [day for n, day in enumerate(days) if n == 0 or day in changes]


def reorganised(seed: int) -> tuple[Municipality, dict[str, str]]:
    """A municipality with units that grew, and the tree after one of them moved under another, or to the top."""
    made, rng = municipality(seed), random.Random(seed + 1_000)  # noqa: S311
    units = sorted({person.unit for person in made.people} | set(made.above.values()))
    grown = rng.sample(units, len(units) // 2)
    people = [
        p._replace(first=TODAY - timedelta(rng.randint(20, 300))) if p.unit in grown and rng.random() < 0.4 else p
        for p in made.people
        if p.last is None
    ]
    unit = rng.choice(units)
    fit = [None, *(u for u in units if unit not in Tree(made.above, {}, {}).path(u))]
    above = {**made.above, unit: rng.choice(fit)}
    return Municipality(made.above, people), {one: parent for one, parent in above.items() if parent}


def seen_by_anyone(attacker: Attacker) -> dict[tuple[date, int], set[Name]]:
    """What the product shows, question by question."""
    found, moved = attacker.found, attacker.moved
    changed = [unit for unit in found.above.keys() | moved.keys() if found.above.get(unit) != moved.get(unit)]
    moves = [
        make.unit_defined(u, parent=moved.get(u), effective=MOVED_ON.isoformat(), time="2025-06-30T08:00:00Z")
        for u in changed
    ]
    folded = fold(*found.events(), *moves)
    return {(on, w): shown(rows_by(folded, on.isoformat(), *DIMENSIONS, window=w)) for on, w in QUESTIONS}


def seen_by_the_old_rule(attacker: Attacker) -> dict[tuple[date, int], set[Name]]:
    """What would be shown if only the people of the as-of day were looked at, in the tree of that day."""
    found = defaultdict(set)
    for on, window in QUESTIONS:
        town, year = attacker.town(on), [on - timedelta(back) for back in range(365)]
        told = {kind for day in _turns(sorted(year), attacker.found.people) for kind in attacker.town(day).people}
        tables = LinkedTables([Cell(*kind) for kind in attacker.kinds], Tree(attacker.above(on), {}, {}))
        heads = np.array([town.people.get(kind, 0) * ONE for kind in attacker.kinds])
        hidden = decided(tables, heads, np.array([kind in told for kind in attacker.kinds]), FEW)
        names = [name for name in attacker.groups(attacker.above(on)) if not name[0].startswith("only")]
        rows = tables.rows([Group(*name) for name in names])
        found[on, window] = {name for name, row in zip(names, rows.tolist(), strict=True) if not hidden[row]}
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_found_over_time(seed: int):
    """Nothing about ten people or fewer follows from any days, windows and trees together."""
    attacker = Attacker(*reorganised(seed))
    seen = seen_by_anyone(attacker)
    assert any(seen.values())
    assert attacker.learns(seen) == []


def test_the_attacker_finds_much_where_only_the_day_counts():
    """Were only the people of the as-of day looked at, windows, growth and the move would give much away."""
    attackers = [Attacker(*reorganised(seed)) for seed in SEEDS]
    assert sum(len(one.learns(seen_by_the_old_rule(one), days_before)) for one in attackers) > 50
