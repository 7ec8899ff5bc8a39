"""What a comparison of two counts could see, before anybody relies on it.

The power of the exact conditional test, itself exact: over all totals of two Poisson counts, the chance of those splits
that the test calls a change. Source: J. Przyborowski and H. Wilenski, Biometrika 31 (1940) 313–323.
"""

from collections.abc import Iterable

import numpy as np
from scipy.stats import binom, poisson

from shared.statistics.intervals import TAIL

ENOUGH = 0.8
"""A study is held able to see what it sees in four cases of five."""
STEPS = 20
"""Ratios are tried in steps of one twentieth."""


def power(expected: float, share: float, ratio: float) -> float:
    """The chance that the two-sided 5 % test shows a change of the rate to ``ratio`` times what it was.

    ``expected`` is how many events to expect before; ``share`` the later exposure by the earlier one (> 0).
    """
    later = expected * share * ratio
    totals = _totals(expected + later)
    unchanged = share / (1 + share)
    fewest = binom.ppf(TAIL, totals, unchanged)
    fewest = np.where(binom.cdf(fewest, totals, unchanged) <= TAIL, fewest, fewest - 1)
    most = binom.isf(TAIL, totals, unchanged)
    true = later / (expected + later) if later else 0.0
    shown = binom.cdf(fewest, totals, true) + binom.sf(most, totals, true)
    return float(poisson.pmf(totals, expected + later) @ shown)


def smallest_fall(expected: float, share: float) -> float | None:
    """The highest ratio below 1 that the test sees in four cases of five; None when it sees none, not even 0.05."""
    return _first(expected, share, (step / STEPS for step in range(STEPS - 1, 0, -1)))


def smallest_rise(expected: float, share: float, most: float = 10.0) -> float | None:
    """The lowest ratio above 1 that the test sees in four cases of five; None when it sees none up to ``most``."""
    return _first(expected, share, (step / STEPS for step in range(STEPS + 1, int(most * STEPS) + 1)))


def _first(expected: float, share: float, ratios: Iterable[float]) -> float | None:
    return next((ratio for ratio in ratios if power(expected, share, ratio) >= ENOUGH), None)


def _totals(mean: float) -> np.ndarray:
    """All totals that are not as good as impossible."""
    return np.arange(int(poisson.ppf(1e-12, mean)), int(poisson.isf(1e-12, mean)) + 1)
