"""What is known since when, as a value says it: complete, incomplete until a day, or not reported at all."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from services.metrics.domain.coverage.coverage import NEVER
from services.metrics.domain.coverage.kinds import KINDS, Kind, needs
from services.metrics.domain.sums.kernels import Ints, Sums
from services.metrics.domain.sums.linked_tables import Mask
from services.metrics.domain.sums.periods import Month, month_of
from shared.contracts.catalogue import Metric

PLACE = {kind: n for n, kind in enumerate(KINDS)}


class Completeness(NamedTuple):
    """Of one metric, shape (groups, days): where a value reaches back before what is known, and the first that does
    not; shape (groups): the day since which everything it is made of is known, NEVER where nobody tells of something.
    """

    missing: Mask
    complete_from: Ints
    known_from: Ints

    def rows(self, some: slice) -> "Completeness":
        """Those of some groups."""
        return Completeness(self.missing[some], self.complete_from[some], self.known_from[some])

    def differs(self, other: "Completeness") -> Mask:
        """Where it is said otherwise."""
        since = (self.known_from != other.known_from)[:, np.newaxis] | (self.complete_from != other.complete_from)
        return np.asarray((self.missing != other.missing) | (self.missing & since), bool)


def completeness(metric: Metric, known: Ints, sums: Sums) -> Completeness:
    """``known`` is the day of each kind by group; ``sums`` tell which days values are of, and over which windows.

    What is told by month is complete from the first whole month on that is known.
    """
    shape = sums.none.shape
    days, window = (np.broadcast_to(np.asarray(one), shape) for one in (sums.as_of, sums.window))
    complete, since = np.zeros(shape, np.int64), np.zeros(len(known), np.int64)
    for need in needs(metric.name):
        day = known[:, PLACE[need.kind]]
        day = _first_whole_month(day) if metric.by_month else day
        since = np.maximum(since, day)
        complete = np.maximum(complete, day[:, np.newaxis] + need.days + (window - 1 if need.windowed else 0))
    return Completeness((complete > days) & (days > 0), complete, since)


def _first_whole_month(days: Ints) -> Ints:
    found, where = np.unique(days, return_inverse=True)
    months = [(day, month_of(day)) if day < NEVER else (day, Month(day, day)) for day in found.tolist()]
    return np.array([day if day == month.first else month.last + 1 for day, month in months], np.int64)[where]


def known_from(known: Ints, kinds: Iterable[Kind]) -> Ints:
    """By group, the day since which all these kinds are known."""
    return np.asarray(known[:, [PLACE[kind] for kind in kinds]].max(axis=1), np.int64)


def is_reported(known_from: int) -> bool:
    """Whether anybody tells of it."""
    return known_from < NEVER
