"""The audit: whether what is shown gives away, by any additions and subtractions, what must stay hidden.

A sum over people follows from shown sums exactly when it stays the same under every change of the people's numbers
that leaves the shown sums as they are. So a change is drawn at random among all that no shown sum notices: a group
whose sum does not change either is given away, every other is not.
"""

from typing import NamedTuple

import numpy as np
from scipy.sparse import csc_array, csr_array, identity
from scipy.sparse.linalg import splu

from services.metrics.domain.disclosure.census import Census
from services.metrics.domain.sums.kernels import Floats, Ints
from services.metrics.domain.sums.linked_tables import NOBODY, LinkedTables, Mask

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


class Known:
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
    known = Known(tables, census.cells, ~hidden)
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
