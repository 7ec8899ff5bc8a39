"""Rows: sums of the groups that have any. Most bins of pay hold people of few groups, so the others take no space.

A sum never wraps around. Rows take 32 bits a number for as long as these hold all of them, as of bins and most sums of
single cells, then 64; what those cannot hold goes over to Python's own integers, which are slower.
"""

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
ROOM = 2**62
"""What sums of 64 bits may come to: twice as much still fits."""
NARROW = 2**31
"""What 32 bits cannot hold any more."""
Column = TypeVar("Column", NDArray[np.int64], NDArray[np.int32], NDArray[Any])


class Rows:
    """Sums by group number, each of so many days; they only ever grow by addition."""

    def __init__(self, days: int) -> None:
        """No group has any; place 0 belongs to all of those."""
        self._places: NDArray[np.int32] = np.zeros(0, np.int32)
        self._sums: NDArray[Any] = np.zeros((1, days), np.int32)
        self._next = 1

    def add(self, groups: Ints, sums: Ints) -> None:
        """Add to some groups, each named once."""
        some = (sums != 0).any(axis=1)
        groups, sums = groups[some], sums[some]
        self._places = _grown(self._places, int(groups.max(initial=-1)) + 1)
        fresh = groups[self._places[groups] == 0]
        self._places[fresh] = np.arange(self._next, self._next + len(fresh))
        self._next += len(fresh)
        self._sums = _grown(self._sums, self._next)
        together = added(self._at(self._places[groups]), sums)
        if self._sums.dtype != np.int32 or not _is_narrow(together):
            self._sums = self._sums.astype(together.dtype, copy=False)
        self._sums[self._places[groups]] = together

    def trim(self) -> None:
        """Give back the space that is kept for groups to come."""
        self._sums = self._sums[: self._next].copy()

    def held(self) -> tuple[Ints, Ints]:
        """The groups that have any, and a copy of their sums, as ``add`` takes them."""
        groups = np.flatnonzero(self._places)
        return groups, self._at(self._places[groups])

    def of(self, groups: Ints) -> Ints | None:
        """A copy of some groups' sums; None when they have none."""
        places = self._of(groups)
        return self._at(places) if places.any() else None

    def all_of(self, groups: Ints) -> Ints:
        """A copy of some groups' sums, zeros for those that have none."""
        return narrowed(self._at(self._of(groups)))

    def _at(self, places: NDArray[np.int32]) -> Ints:
        found = self._sums[places]
        return found.astype(np.int64) if found.dtype == np.int32 else found

    def _of(self, groups: Ints) -> NDArray[np.int32]:
        places = np.zeros(len(groups), np.int32)
        known = groups < len(self._places)
        places[known] = self._places[groups[known]]
        return places


def added(one: Ints, other: Ints) -> Ints:
    """Their sum, in Python's own integers where 64 bits cannot hold it."""
    if one.dtype == other.dtype == np.int64:
        together: Ints = one + other
        if not ((one ^ together) & (other ^ together) < 0).any():
            return together
    return np.asarray(_wide(one) + _wide(other))


def accumulated(sums: Ints) -> Ints:
    """Running sums along the first axis, in Python's own integers where 64 bits may not hold them."""
    highest = np.abs(sums.astype(np.float64)).sum(axis=0).max(initial=0)
    return np.cumsum(sums if highest < ROOM else _wide(sums), axis=0)


def narrowed(sums: Ints) -> Ints:
    """The same in 64 bits, if they can hold it."""
    return sums.astype(np.int64) if sums.dtype == object and (abs(sums) < ROOM).all() else sums


def _is_narrow(sums: Ints) -> bool:
    return sums.dtype == np.int64 and bool(sums.min(initial=0) >= -NARROW and sums.max(initial=0) < NARROW)


def _wide(sums: NDArray[Any]) -> NDArray[Any]:
    return sums.astype(object)


def _grown(column: Column, size: int) -> Column:
    """At least so many rows, new ones of zeros; more than are needed now, so that growing is rare."""
    if size <= len(column):
        return column
    more = np.zeros((max(size, len(column) * 3 // 2) - len(column), *column.shape[1:]), column.dtype)
    return np.concatenate((column, more))
