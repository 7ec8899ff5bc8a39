"""What would give a small group away, and what is suppressed besides so that nothing does.

*Complementary suppression* sees to it that no small group is a whole minus all other parts. *Remainders* are what is
left of a whole once all that is known of it is taken away, however deep in it that lies: a unit is shown, and one of
its sub-units is not; of that sub-unit the women are; then the whole minus these women is known as well, though
neither is a part of the other's table. The *audit* finds what is given away by any additions and subtractions at all:
a sum over people follows from shown sums exactly when it stays the same under every change of the people's numbers
that leaves the shown sums as they are. So a change is drawn at random among all that no shown sum notices: a group
whose sum does not change either is given away, every other is not.
"""

from typing import NamedTuple

import numpy as np
from scipy.sparse import csc_array, csr_array, identity
from scipy.sparse.linalg import splu

from services.metrics.domain.facts.tally import ONE
from services.metrics.domain.sums.kernels import Floats, Ints
from services.metrics.domain.sums.linked_tables import NOBODY, LinkedTables, Mask, Relations


class Census(NamedTuple):
    """By number of a group: its permanent staff in millionths, and whether anybody is there to be told of.

    ``cells`` tells the same of cells. ``rank`` orders groups by size and then by name, ``ranked`` are their numbers in
    that order. Groups of the same people have the same ``mark``. A group of at most ``limit`` people is small.
    """

    heads: Ints
    there: Mask
    cells: Mask
    rank: Ints
    ranked: Ints
    mark: Floats
    limit: int

    @property
    def small(self) -> Mask:
        """Groups so small that they are hidden."""
        return self.heads <= self.limit * ONE


def census(tables: LinkedTables, heads: Ints, cells: Mask, limit: int) -> Census:
    """From each cell's permanent staff in millionths, and whether anybody is in it."""
    marks = np.random.default_rng(0).random(len(cells)) * cells
    counted = (tables.members @ heads).astype(np.int64)
    ranked = np.argsort(counted, kind="stable")
    rank = np.empty(len(counted), np.int64)
    rank[ranked] = np.arange(len(counted))
    return Census(counted, tables.members @ cells > 0, cells, rank, ranked, tables.members @ marks, limit)


UNCHANGED = 1e-7
"""A sum that changes less does not: rounding leaves some 1e-12, and what is free to change does so by some 1e-2."""
EXACT = 1e-9
SOFTENING = 1e-6
"""Keeps equations solvable that follow from each other; what it leaves out is made good round by round."""
ROUNDS = 100
SYMMETRIC = {"SymmetricMode": True}
"""Groups in the order from the bottom of the tree upwards are eliminated as they come: little is filled in."""

DRAWN = 2
"""Changes drawn, so that none is missed for being small by chance."""
AT_ONCE = 50
"""Groups given away that are dealt with together; what is then hidden helps the others, too."""


class Parting(NamedTuple):
    """Numbers by cell (rows) as a combination of shown sums, and what is left that no shown sum notices."""

    combination: Floats
    unnoticed: Floats


class KnownSums:
    """What shown sums tell together."""

    def __init__(self, tables: LinkedTables, cells: Mask, shown: Mask) -> None:
        """``cells`` are those that anybody is in. Of each shown group only what lies in no smaller one is needed."""
        at = np.concatenate((_lowest(tables.chains, shown), np.where(shown[tables.pairs], tables.pairs, NOBODY)))
        _, columns = needed = np.nonzero((at != NOBODY) & cells)
        self.groups = tables.upwards[np.isin(tables.upwards, at[needed])]
        rows = np.zeros(len(tables.place), np.int64)
        rows[self.groups] = np.arange(len(self.groups))
        self._sums = csr_array((np.ones(len(columns)), (rows[at[needed]], columns)), (len(self.groups), len(cells)))
        softened = (self._sums @ self._sums.T + SOFTENING * identity(len(self.groups))).tocsc()
        self._solve = splu(softened, permc_spec="NATURAL", diag_pivot_thresh=0, options=SYMMETRIC).solve

    def part(self, numbers: Floats) -> Parting:
        """Part numbers into what is known of them and what is not; raises ArithmeticError if rounding prevents it."""
        combination, unnoticed = np.zeros((len(self.groups), numbers.shape[1])), numbers
        for _ in range(ROUNDS):
            noticed = self._sums @ unnoticed
            if np.abs(noticed).max() < EXACT:
                return Parting(combination, unnoticed)
            combination += self._solve(noticed)
            unnoticed = numbers - self._sums.T @ combination
        raise ArithmeticError("what shown sums tell together cannot be computed")


def giveaways(tables: LinkedTables, census: Census, hidden: Mask, secrets: csc_array) -> Ints:
    """Shown groups without which secrets (by cells) would be given away: the smallest that each follows from."""
    if hidden[tables.askable & census.there].all():
        return np.zeros(0, np.int64)
    known = KnownSums(tables, census.cells, ~hidden)
    drawn = np.random.default_rng(0).standard_normal((len(census.cells), DRAWN)) * census.cells[:, np.newaxis]
    changes = np.abs(secrets @ known.part(drawn).unnoticed).max(axis=1)
    given = np.flatnonzero(changes < UNCHANGED)[:AT_ONCE]
    if not len(given):
        return given
    combination = known.part(secrets[given].toarray().T).combination
    return _smallest(tables, census, known.groups, combination, ~hidden)


def _smallest(tables: LinkedTables, census: Census, groups: Ints, combination: Floats, shown: Mask) -> Ints:
    """The smallest group that each combination (columns) leans on, once what was left out of each is put back."""
    some = np.flatnonzero(shown)
    some = some[np.argsort(census.rank[some])]
    taken = np.full(len(shown), len(groups))
    taken[groups] = np.arange(len(groups))
    times = np.vstack((combination, np.zeros(combination.shape[1])))
    weight = np.abs(times[taken[some]] - times[taken[_next_shown(tables.above, shown)[some]]])
    return np.unique(some[(weight > weight.max(axis=0) / 2).argmax(axis=0)])


def _lowest(chains: Ints, shown: Mask) -> Ints:
    """The lowest shown group of each chain (sides × levels × cells), that of nobody where none is shown."""
    seen = shown[chains]
    lowest = np.take_along_axis(chains, seen.argmax(axis=1)[:, np.newaxis], axis=1)[:, 0]
    return np.where(seen.any(axis=1), lowest, NOBODY)


def _next_shown(above: Ints, shown: Mask) -> Ints:
    """The next shown group above each group, that of nobody where there is none."""
    found = above
    while (on := (found != NOBODY) & ~shown[found]).any():
        found = np.where(on, above[found], found)
    return found


def complemented(tables: LinkedTables, census: Census, hidden: Mask) -> Mask:
    """What is hidden, and what has to be besides.

    A whole that is shown has no hidden part, or several, or one that is never shown; one that is hidden has a hidden
    part. Where it is not so the smallest part that is shown is hidden, and where there is none the whole. Of what is
    called for in one place the largest comes first: it often serves the others.
    """
    relations = tables.relations.among(~census.small)
    hidden = hidden.copy()
    while len(ranks := np.sort(_called_for(tables, relations, census, hidden))):
        called = census.ranked[ranks][::-1]
        _, largest = np.unique(tables.place[called], return_index=True)
        hidden[called[largest]] = True
    return hidden


def _called_for(tables: LinkedTables, relations: Relations, census: Census, hidden: Mask) -> Ints:
    """For each relation of a whole to its parts that gives something away, the rank of the group to hide."""
    wholes, parts, starts = relations
    there = census.there[parts]
    covers = hidden[parts] & there
    covered = np.logical_or.reduceat(covers, starts)
    several = np.add.reduceat(covers & (census.heads[parts] > 0), starts, dtype=np.int64) > 1
    never_shown = np.logical_or.reduceat(covers & ~tables.askable[parts], starts)
    sound = np.where(hidden[wholes], covered, ~covered | several | never_shown)
    nothing = len(census.rank)
    smallest = np.minimum.reduceat(np.where(there & ~hidden[parts], census.rank[parts], nothing), starts)
    return np.where(smallest < nothing, smallest, census.rank[wholes])[~sound]


TRACE = 1
"""What a group weighs that people have been in and none is: next to nothing, in millionths of one."""


def remainders(tables: LinkedTables, census: Census, hidden: Mask) -> Ints:
    """What to hide because something small remains: the smallest group that was taken away, else the whole."""
    wholes, parts, starts = relations = tables.finer.among(~census.small)
    least = _least_shown(census, hidden)
    known = least < len(least)
    left = np.where(known, 0, np.maximum(census.heads, 0) + TRACE * census.there)
    while True:
        sums, taken = np.add.reduceat(left[parts], starts), np.minimum.reduceat(least[parts], starts)
        fewer = _fewest(relations, sums)
        fewer = fewer[sums[fewer] < left[wholes[fewer]]]
        if not len(fewer):
            break
        left[wholes[fewer]], least[wholes[fewer]] = sums[fewer], taken[fewer]
    small = known[wholes] & (sums > 0) & (sums < census.limit * ONE + ONE)
    ranks = np.where(taken < len(least), taken, least[wholes])[small]
    return np.unique(census.ranked[ranks])


def _least_shown(census: Census, hidden: Mask) -> Ints:
    """By group, the rank of the smallest shown group of the same people; one too many where there is none."""
    large = np.flatnonzero(~census.small)
    nothing = len(census.rank)
    marks, people = np.unique(census.mark[large], return_inverse=True)
    of_people = np.full(len(marks), nothing)
    np.minimum.at(of_people, people, np.where(hidden[large], nothing, census.rank[large]))
    least = np.full(nothing, nothing)
    least[large] = of_people[people]
    return least


def _fewest(relations: Relations, sums: Ints) -> Ints:
    """For each whole the relation that leaves the fewest."""
    order = np.lexsort((sums, relations.wholes))
    return np.asarray(order[np.diff(relations.wholes[order], prepend=-1) != 0])
