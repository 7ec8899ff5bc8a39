"""Who is hidden, decided month by month and remembered: over several months, who is in any of them.

A month is decided among all groups of the unit tree that it begins with. In another tree a group is shown when
it is the same people as one that may be in the month's own. So whatever is added and subtracted, of whatever
months and trees, all that can be learnt of a month follows from what it lets be told.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from services.metrics.domain.disclosure.basis import BASES, Basis
from services.metrics.domain.disclosure.remembered import Kept
from services.metrics.domain.disclosure.staff import Staff
from services.metrics.domain.disclosure.suppression import SMALL_GROUP, decided
from services.metrics.domain.disclosure.told import of_kinds
from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.sums.groups import Group, Roster
from services.metrics.domain.sums.kernels import Deltas, Floats, Ints
from services.metrics.domain.sums.linked_tables import Bits, LinkedTables, Mask
from services.metrics.domain.sums.periods import Month, Months
from services.metrics.domain.sums.tree import Tree, Trees
from shared.contracts.catalogue.disclosure import ByMonth

KEPT = 400
"""Months of thirty years, and some to spare."""
NOTHING_KEPT: Mapping[Group, Kept] = MappingProxyType({})
TABLES_KEPT = 12
"""Tables are large, and new cells make new ones."""


class People(NamedTuple):
    """All cells by number, all facts that tell who is counted (Basis), and the trees the months begin with."""

    cells: Mapping[int, Cell]
    facts: Deltas
    trees: Trees


class MonthStanding(NamedTuple):
    """Which groups are hidden in a month, and the sums of those that are told as they were."""

    hidden: Mask
    kept: dict[int, tuple[int, ...]]


class Sound(NamedTuple):
    """The people whose cells tables can be made of, and their facts, which carry the places of these cells."""

    people: People
    cells: tuple[Cell, ...]
    facts: Deltas


class Decision(NamedTuple):
    """What is hidden of the groups of the month's own tree that anybody was in, decided from the staff of its cells."""

    trees: Trees
    own: Tree
    tables: LinkedTables
    staff: Staff
    hidden: Bits

    def is_of(self, staff: Staff) -> bool:
        """Whether the same staff would be decided on."""
        return np.array_equal(self.staff.heads, staff.heads) and np.array_equal(self.staff.there, staff.there)


class Decisions:
    """The decisions on some people's months. Of one thread at a time."""

    def __init__(self, basis: Basis = BASES[ByMonth.HEALTH]) -> None:
        """Nothing decided; a limit of 0 hides nothing."""
        self._limit, self._counted = basis.limit, basis.counted
        self._sound: Sound | None = None
        self._tables: list[tuple[Tree, LinkedTables]] = []
        self._made: dict[Month, Decision] = {}
        self._forgotten: dict[Month, Decision] = {}

    def __len__(self) -> int:
        """How many months are remembered."""
        return len(self._made)

    def forget(self, first: int) -> None:
        """People changed from a day on; where the staff of a month is still the same, so is its decision."""
        changed = {month: decision for month, decision in self._made.items() if month.last >= first}
        usable = [(month, one) for month, one in (self._forgotten | changed).items() if self._is_at_hand(one.tables)]
        self._forgotten = dict(usable[-KEPT:])
        self._made = {month: decision for month, decision in self._made.items() if month.last < first}

    def knows(self, month: Month) -> bool:
        """Whether a month was decided."""
        return month in self._made

    def hidden(self, people: People, groups: Sequence[Group], placed: Tree, periods: Sequence[Months]) -> Mask:
        """Who (groups × periods) is hidden; ``placed`` is the tree of the groups."""
        months = sorted(set[Month]().union(*periods))
        found = {month: self.standing(people, groups, placed, month).hidden for month in months}
        return combined(found, periods, len(groups))

    def standing(
        self,
        people: People,
        groups: Sequence[Group],
        placed: Tree,
        month: Month,
        kept: Mapping[Group, Kept] = NOTHING_KEPT,
    ) -> MonthStanding:
        """How groups, in the tree ``placed``, stand in a month of which something is ``kept`` as it was told."""
        if not self._limit:
            return MonthStanding(np.zeros(len(groups), bool), {})
        decision = self.decision(people, month)
        if decision.own.parents == placed.parents:
            return _kept_by_name(decision.hidden.of(decision.tables.rows(groups)), groups, kept)
        tables = self._linked(decision.tables.cells, placed)
        return _by_people(decision, tables, tables.rows(groups), kept)

    def decision(self, people: People, month: Month) -> Decision:
        """What is decided of a month."""
        made = self._made.get(month)
        if made is None or (made.trees is not people.trees and not made.trees.alike(people.trees, month.first)):
            made = self._decide(people, month)
        self._made[month] = made if made.trees is people.trees else made._replace(trees=people.trees)
        for oldest in list(self._made)[:-KEPT]:
            del self._made[oldest]
        return self._made[month]

    def _decide(self, people: People, month: Month) -> Decision:
        _, cells, facts = self._sound_of(people)
        own = people.trees.early(month.first)
        tables, staff = self._linked(cells, own), self._counted(len(cells), facts, month, facts)
        before = self._forgotten.pop(month, None)
        made = [*self._made.values(), *([before] if before else [])]
        alike = (one for one in made if one.tables is tables and one.is_of(staff))
        if (found := next(alike, None)) and found.trees is people.trees:
            return found
        others = [self._linked(cells, tree) for tree in people.trees.latest]
        unlike = [one for one in others if one is not tables]
        hidden = decided(tables, *staff, self._limit, unlike) & (tables.members @ staff.there > 0)
        return Decision(people.trees, own, tables, staff, Bits(hidden))

    def _sound_of(self, people: People) -> Sound:
        """Tables are made of cells that have facts of people: of the others there is nothing to hide."""
        known = self._sound
        if known and known.people.cells is people.cells and known.people.facts is people.facts:
            return known
        numbers, places = np.unique(people.facts.cells, return_inverse=True)
        sound = np.array([number in people.cells for number in numbers.tolist()], bool)
        named = tuple(people.cells[number] for number in numbers[sound].tolist())
        cells = known.cells if known and known.cells == named else named
        ours, at = sound[places], (np.cumsum(sound) - 1)[places]
        self._sound = Sound(people, cells, Deltas(at[ours], *(column[ours] for column in people.facts[1:])))
        return self._sound

    def _is_at_hand(self, asked: LinkedTables) -> bool:
        """Whether decisions of these tables can still be the same as new ones."""
        return any(tables is asked for _, tables in self._tables)

    def _linked(self, cells: tuple[Cell, ...], placed: Tree) -> LinkedTables:
        for tree, tables in self._tables:
            if tables.cells is cells and tree.parents == placed.parents:
                return tables
        self._tables = [*self._tables[1 - TABLES_KEPT :], (placed, LinkedTables(cells, placed))]
        return self._tables[-1][1]


def combined(found: Mapping[Month, Mask], periods: Sequence[Months], groups: int) -> Mask:
    """Who (groups × periods) is hidden: those who are in any month of the period.

    Months of a period follow one another, so they are counted by how many there are up to its ends.
    """
    months = sorted(found)
    upto = np.cumsum([np.zeros(groups, bool), *(found[month] for month in months)], axis=0, dtype=np.int64)
    at = {month: n for n, month in enumerate(months)}
    ends = [(at[some[0]], at[some[-1]] + 1) if some else (0, 0) for some in periods]
    before, then = np.array(ends, np.int64).reshape(-1, 2).T
    return np.asarray(upto[then] > upto[before]).T


def hidden_of(
    roster: Roster, facts: Deltas, trees: Trees, placed: Tree, periods: Sequence[Months], limit: int = SMALL_GROUP
) -> Mask:
    """Who (groups of a roster × periods × kinds) is hidden, decided once for all.

    ``limit`` is that of health; one of 0 hides nothing of any kind.
    """
    cells, groups, masks = dict(enumerate(roster.cells)), list(roster.groups), []
    for kind, basis in BASES.items():
        of_kind = limit if kind is ByMonth.HEALTH else min(limit, 1) * basis.limit
        people = People(cells, facts.of(basis.measures), trees)
        masks.append(Decisions(basis._replace(limit=of_kind)).hidden(people, groups, placed, periods))
    return of_kinds(masks)


def _kept_by_name(hidden: Mask, groups: Sequence[Group], kept: Mapping[Group, Kept]) -> MonthStanding:
    """Groups of the month's own tree, by name: what is kept of one goes before the decision."""
    if not kept:
        return MonthStanding(hidden, {})
    found = {n: kept[group] for n, group in enumerate(groups) if group in kept}
    hidden = hidden.copy()
    hidden[list(found)] = [sums is None for sums in found.values()]
    return MonthStanding(hidden, {n: sums for n, sums in found.items() if sums is not None})


def _by_people(decision: Decision, tables: LinkedTables, rows: Ints, kept: Mapping[Group, Kept]) -> MonthStanding:
    """Groups of another tree: shown if the same people are in the month's own, or if they are the sum of such."""
    own, named = _marks(decision.tables, decision.staff.there), list(kept)
    every, marks = np.arange(len(own)), _marks(tables, decision.staff.there)
    kept_marks = own[decision.tables.rows(named)] if named else np.zeros(0)
    told = np.setdiff1d(own[decision.tables.askable & ~decision.hidden.of(every)], kept_marks)
    hidden = _without_sums(tables, (marks > 0) & ~np.isin(marks, told), np.isin(marks, kept_marks))[rows]
    sums = {mark: kept[group] for mark, group in zip(kept_marks.tolist(), named, strict=True) if mark}
    found = {n: sums.get(mark) for n, mark in enumerate(marks[rows].tolist()) if sums}
    as_they_were = {n: one for n, one in found.items() if one is not None}
    hidden[list(as_they_were)] = False
    return MonthStanding(hidden, as_they_were)


def _without_sums(tables: LinkedTables, hidden: Mask, never: Mask) -> Mask:
    """Show each whole whose parts in some table are all shown: they add up to it, so it is known."""
    wholes, parts, starts = tables.relations
    while len(starts):
        known = wholes[hidden[wholes] & ~never[wholes] & ~np.logical_or.reduceat(hidden[parts], starts)]
        if not len(known):
            break
        hidden[known] = False
    return hidden


def _marks(tables: LinkedTables, there: Mask) -> Floats:
    """By group a number that only groups of the same people have; 0 where nobody was there."""
    return np.asarray(tables.members @ (np.random.default_rng(0).random(len(there)) * there))
