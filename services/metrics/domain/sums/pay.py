"""Quantiles of pay, from counts of people in bins one per cent wide.

A quantile is the one of Hyndman and Fan's definition 2 (Sample quantiles in statistical packages, The American
Statistician 50, 1996): the pay of the person at rank n·p, rounded up, or halfway to the next person where n·p is whole.
The median is then the usual one. A person's pay is taken to be the geometric middle of its bin, so every quantile lies
within 0.5 % of the true one.
"""

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from services.metrics.domain.facts.measures import middle

P10, LOWER, MEDIAN, UPPER, P90 = (Fraction(n, 20) for n in (2, 5, 10, 15, 18))


class Spread:
    """How many people have which pay; counts by bin all have one shape, and so has every answer."""

    def __init__(self, counts: Mapping[int, NDArray[np.float64]], none: NDArray[np.float64]) -> None:
        """From counts by bin; ``none`` is zeros in the shape of the answers."""
        bins = sorted(counts)
        whole = (np.maximum(np.rint(counts[k]), 0).astype(np.int64) for k in bins)
        self._upto = np.cumsum(np.stack([none.astype(np.int64), *whole]), axis=0)
        self._pay = np.array([0.0, *map(middle, bins)])
        self._people = self._upto[-1]

    @property
    def people(self) -> NDArray[np.float64]:
        """How many have a pay that is known."""
        return np.asarray(self._people, np.float64)

    def quantile(self, share: Fraction) -> NDArray[np.float64]:
        """The pay, SEK a month at full time, that this share of the people have at most; 0 where there is nobody."""
        ranked = self._people * share.numerator
        first, second = -(-ranked // share.denominator), ranked // share.denominator + 1
        return np.asarray((self._at(first) + self._at(second)) / 2)

    def _at(self, rank: NDArray[np.int64]) -> NDArray[np.float64]:
        """The pay of the person at a rank, the lowest being 1."""
        within = np.clip(rank, 0, self._people)
        return np.asarray(self._pay[(self._upto < within).sum(axis=0)])
