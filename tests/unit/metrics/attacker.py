"""Somebody who knows who works where, adds and subtracts all that is shown, and wants to know who is sick.

Nothing of the product is used. People are told apart by unit, occupation, gender and age band, and whether a sum
follows from others is found by elimination in whole numbers modulo a prime.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import NamedTuple

import numpy as np

PRIME = 2_147_483_647
FEW = 10

Kind = tuple[str, str, str, str]
"""Unit, occupation, gender and age band: what people are told apart by."""
Kinds = frozenset[Kind]
Name = tuple[str, str, str, str]
"""A group, ``*`` for all."""


class Town(NamedTuple):
    """The people of each kind: how many count, of those a sum can tell of; and the unit above each."""

    people: Mapping[Kind, int]
    above: Mapping[str, str]

    def of(self, kinds: Iterable[Kind]) -> int:
        """How many people there are of these kinds."""
        return sum(self.people[kind] for kind in kinds)

    def groups(self) -> dict[Name, Kinds]:
        """Everybody that words can tell of: a unit with all below it, or without, by any dimensions together."""
        found = defaultdict(set)
        for kind in self.people:
            for place in (f"only {kind[0]}", *self._path(kind[0])):
                for size in range(4):
                    for named in combinations((1, 2, 3), size):
                        found[place, *(kind[n] if n in named else "*" for n in (1, 2, 3))].add(kind)
        return {name: frozenset(kinds) for name, kinds in found.items()}

    def _path(self, unit: str) -> Iterator[str]:
        yield unit
        while unit := self.above.get(unit, ""):
            yield unit
        yield "*"


def secrets(town: Town) -> dict[Name, Kinds]:
    """The groups that nobody may learn of."""
    return {name: kinds for name, kinds in town.groups().items() if town.of(kinds) <= FEW}


def subtracted(town: Town, shown: Iterable[Name]) -> list[str]:
    """What small sums one subtraction finds: a shown group less one within it, or less all shown parts of a table."""
    groups = town.groups()
    known = {name: groups[name] for name in shown if name in groups}
    found = []
    for whole, everybody in known.items():
        for part, some in known.items():
            if some < everybody and town.of(everybody - some) <= FEW:
                found.append(f"{whole} less {part}")
        for table in _tables(town, whole, known):
            rest = everybody.difference(*(known[part] for part in table))
            if rest and town.of(rest) <= FEW:
                found.append(f"{whole} less {table}")
    return found


def _tables(town: Town, whole: Name, known: Iterable[Name]) -> Iterator[list[Name]]:
    """The shown parts of each table that a whole is broken down in: by sub-units, or by a dimension."""
    unit, *sides = whole
    yield [name for name in known if name[0] != "*" and town.above.get(name[0], "*") == unit and [*name[1:]] == sides]
    for n in (1, 2, 3):
        if whole[n] == "*":
            yield [name for name in known if name[n] != "*" and (*name[:n], "*", *name[n + 1 :]) == whole]


def computed(town: Town, shown: Iterable[Name]) -> list[Name]:
    """The secrets whose sums follow from what is shown, however it is added and subtracted."""
    groups, places = town.groups(), {kind: n for n, kind in enumerate(town.people)}
    rows = [_row(groups[name], places) for name in shown if name in groups]
    known = basis(np.array(rows, np.int64).reshape(-1, len(places)))
    return [name for name, kinds in secrets(town).items() if not left(known, _row(kinds, places)).any()]


def _row(kinds: Kinds, places: Mapping[Kind, int]) -> list[int]:
    return [kind in kinds for kind in places]


class Basis(NamedTuple):
    """Rows in reduced echelon form, modulo a prime, and each one's pivot."""

    rows: np.ndarray
    pivots: list[int]


def basis(rows: np.ndarray) -> Basis:
    """All that follows from rows by addition and multiplication."""
    rows, pivots, at = np.unique(rows, axis=0) % PRIME, [], 0
    for column in range(rows.shape[1]):
        found = at + np.flatnonzero(rows[at:, column])
        if len(found):
            rows[[at, found[0]]] = rows[[found[0], at]]
            rows[at] = rows[at] * pow(int(rows[at, column]), -1, PRIME) % PRIME
            others = np.flatnonzero(rows[:, column])
            others = others[others != at]
            rows[others] = (rows[others] - rows[others, column][:, np.newaxis] * rows[at]) % PRIME
            pivots.append(column)
            at += 1
    return Basis(rows[:at], pivots)


def left(known: Basis, row: Iterable[int]) -> np.ndarray:
    """What is left of a row once every known one is taken away as often as it is in it; zeros if it follows."""
    rest = np.array(row, np.int64)
    for pivot, one in zip(known.pivots, known.rows, strict=True):
        if rest[pivot]:
            rest = (rest - rest[pivot] * one) % PRIME
    return rest


def unnoticed(known: Basis, columns: int) -> np.ndarray:
    """A change of the parts, drawn at random, that no known sum notices: what it does not change follows from these."""
    change = np.random.default_rng(0).integers(1, PRIME, columns)
    change[known.pivots] = 0
    for pivot, row in zip(known.pivots, known.rows, strict=True):
        change[pivot] = -(row * change * (np.arange(columns) != pivot) % PRIME).sum() % PRIME
    return change
