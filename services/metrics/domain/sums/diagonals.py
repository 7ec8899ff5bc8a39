"""Sums along diagonals: of the day that lies so far before or after each day, as far as was known on that day.

A fact that is known from day r on counts on day k of the diagonal ``offset`` as in any sum (see kernels) of the day
k + offset, once k has come to r. So along a diagonal it is a ramp that begins on the later of two days: when it was
known, and when it lay within reach.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from services.metrics.domain.facts.measures import family
from services.metrics.domain.sums.kernels import DAYS, LAG, LAGGED, LEVEL, WITHIN, Ints, Kernel
from services.metrics.domain.sums.rows import ROOM


class KnownFacts(NamedTuple):
    """Facts of rows as columns: the row, the measure, since when it is known, the day, and the delta of each."""

    rows: Ints
    measures: Ints
    known: Ints
    days: Ints
    deltas: Ints

    def of(self, measure: int) -> "KnownFacts":
        """Those of one measure."""
        ours = self.measures == measure
        return KnownFacts(*(column[ours] for column in self))


class Diagonals(NamedTuple):
    """The days ``first`` to ``last`` on which things are known, how far from them the days lie, and how many rows."""

    first: int
    last: int
    offsets: Sequence[int]
    rows: int

    @property
    def length(self) -> int:
        """Days of a diagonal."""
        return self.last - self.first + 1

    @property
    def as_of(self) -> Ints:
        """The day of each column: one diagonal after the other."""
        days = np.arange(self.first, self.last + 1)
        return np.concatenate([days + offset for offset in self.offsets])


def sums(facts: KnownFacts, on: Diagonals, kernels: Iterable[Kernel], window: int) -> dict[Kernel, Ints]:
    """By kernel (bins as the first of their kind) the sums of rows, shape (rows, columns); what is missing is zero."""
    wanted: dict[int, list[int]] = {}
    for measure, kind in kernels:
        wanted.setdefault(measure, []).append(kind)
    found = {}
    for measure in np.unique(facts.measures).tolist():
        ours = _merged(_exact(facts.of(measure), window))
        for kind in wanted.get(family(measure), ()):
            found[measure, kind] = np.concatenate([_along(ours, on, offset, kind, window) for offset in on.offsets], 1)
    return found


class Alike(NamedTuple):
    """Columns (``first`` of those alike), and by column which of these it is like."""

    first: Ints
    like: Ints


def alike(facts: KnownFacts, on: Diagonals, window: int) -> Alike:
    """Columns in which the same facts of one row count, whatever their measures, in all kernels but DAYS."""
    known = np.searchsorted(np.unique(facts.known), np.arange(on.first, on.last + 1), side="right")
    days, key = np.unique(facts.days), np.tile(known, len(on.offsets))
    for back in (0, LAG, window):
        key = key * (len(days) + 1) + np.searchsorted(days, on.as_of - back, side="right")
    _, first, like = np.unique(key, return_index=True, return_inverse=True)
    return Alike(first, like)


def _exact(facts: KnownFacts, window: int) -> KnownFacts:
    """The same, with deltas that no sum of wraps around: as Python's own integers what may not fit 64 bits.

    What wraps around on the way there wraps back again.
    """
    wide = np.abs(facts.deltas.astype(np.float64)).sum() * max(2, window) >= ROOM
    return facts._replace(deltas=facts.deltas.astype(object)) if wide else facts


def _merged(facts: KnownFacts) -> KnownFacts:
    """Of one measure, what begins in a row on the same day, known since the same, as one."""
    rows, known, days = (column - column.min(initial=0) for column in (facts.rows, facts.known, facts.days))
    key = (rows * (known.max(initial=0) + 1) + known) * (days.max(initial=0) + 1) + days
    _, first, place = np.unique(key, return_index=True, return_inverse=True)
    deltas = np.zeros(len(first), facts.deltas.dtype)
    np.add.at(deltas, place, facts.deltas)
    return KnownFacts(*(column[first] for column in facts))._replace(deltas=deltas)


def _along(facts: KnownFacts, on: Diagonals, offset: int, kind: int, window: int) -> Ints:
    """One diagonal: A(t), A(t − 365), A(t) − A(t − W) or B(t) − B(t − W), as in kernels."""
    if kind == LEVEL:
        return _level(facts, on, offset)
    if kind == LAGGED:
        return _level(facts, on, offset - LAG)
    if kind == WITHIN:
        return _level(facts, on, offset) - _level(facts, on, offset - window)
    assert kind == DAYS  # noqa: S101  (there is no other kernel)
    return _ramp(facts, on, offset) - _ramp(facts, on, offset - window)


def _level(facts: KnownFacts, on: Diagonals, offset: int) -> Ints:
    """The sum of all deltas that have begun."""
    return _begun(facts, on, offset, facts.deltas)


def _ramp(facts: KnownFacts, on: Diagonals, offset: int) -> Ints:
    """The sum of the level over all days until then: each delta times the days since its own, that included."""
    until = np.arange(on.length) + offset + 1
    since = facts.days - on.first
    return until * _begun(facts, on, offset, facts.deltas) - _begun(facts, on, offset, facts.deltas * since)


def _begun(facts: KnownFacts, on: Diagonals, offset: int, amounts: Ints) -> Ints:
    """The running sum of amounts, each from the day on which it is known and has begun."""
    since = np.maximum(np.maximum(facts.known, facts.days - offset) - on.first, 0)
    here = since < on.length
    found = np.zeros((on.rows, on.length), amounts.dtype)
    np.add.at(found, (facts.rows[here], since[here]), amounts[here])
    return np.cumsum(found, axis=1)
