"""Whether what was measured under load is bounded: each bound is a test that can fail, with its limit beside it."""

from collections.abc import Iterable, Sequence
from math import inf, isfinite
from statistics import median
from typing import NamedTuple

import numpy as np

Point = tuple[float, float]
"""Seconds from the start, and a value."""
Span = tuple[float, float]
"""From when to when, in seconds from the start."""
MIDDLE, LAST, SECOND_HALF = (0.4, 0.55), (0.9, 1.0), (0.5, 1.0)
"""Shares of a run that are compared; a month ends between the middle and the last."""
SAME = 1.2
"""Memory is flat if the last tenth holds no more than this times what the middle held."""
CLIMB = 0.15
"""And if a straight line through the second half climbs by no more than this share of its median."""
LONGER = 1.5
"""What waits is bounded if in the last tenth it is no more than so many times what it was in the middle: what grows
steadily from nothing is twice that."""


class Bound(NamedTuple):
    """Something measured, and the most that it may be."""

    what: str
    measured: float
    most: float
    unit: str = ""

    @property
    def holds(self) -> bool:
        """What could not be measured holds nothing."""
        return isfinite(self.measured) and self.measured <= self.most


def flat(what: str, series: Sequence[Point], seconds: float) -> list[Bound]:
    """Of memory: the last tenth beside the middle, and how it climbs in the second half."""
    late = within(series, SECOND_HALF, seconds)
    usual = median(value for _, value in late) if late else 0
    climbed = climb(late) * seconds * (SECOND_HALF[1] - SECOND_HALF[0]) / usual if usual else inf
    grown = _typical(series, LAST, seconds) / _typical(series, MIDDLE, seconds)
    return [
        Bound(f"{what}: last tenth to middle", grown, SAME),
        Bound(f"{what}: climb in the second half", climbed, CLIMB),
    ]


def bounded(what: str, series: Sequence[Point], seconds: float, little: float, unit: str) -> Bound:
    """Of what waits: the last tenth beside the middle; ``little`` may always wait."""
    most = max(LONGER * _typical(series, MIDDLE, seconds), little)
    return Bound(f"{what}: median of the last tenth", _typical(series, LAST, seconds), most, unit)


def climb(series: Sequence[Point]) -> float:
    """How much a second a series grows: the median slope between any two points, which outliers leave alone.

    Endless if there are not two.
    """
    if len(series) < 2:
        return inf
    at, values = np.array(series).T
    pairs = np.triu_indices(len(at), 1)
    slopes = (values[pairs[1]] - values[pairs[0]]) / (at[pairs[1]] - at[pairs[0]])
    return float(np.median(slopes))


def within(series: Iterable[Point], span: Span, seconds: float) -> list[Point]:
    """The points of a part of the run, told by shares of it."""
    first, last = span
    return [(at, value) for at, value in series if first * seconds <= at <= last * seconds]


def outside(series: Iterable[Point], spans: Sequence[Span]) -> list[float]:
    """The values of points that lie in none of the spans."""
    return [value for at, value in series if not any(first <= at <= last for first, last in spans)]


def quantile(values: Sequence[float], share: float) -> float:
    """The value that such a share of them does not exceed; endless if there is none."""
    return float(np.quantile(values, share, method="higher")) if values else inf


def _typical(series: Iterable[Point], span: Span, seconds: float) -> float:
    """The median there; endless if nothing was seen."""
    found = [value for _, value in within(series, span, seconds)]
    return median(found) if found else inf
