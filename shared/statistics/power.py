"""What a comparison of two counts could see, before anybody relies on it.

The power of the exact conditional test, itself exact: over all totals of two Poisson counts, the chance of those splits
that the test calls a change. Source: J. Przyborowski and H. Wilenski, Biometrika 31 (1940) 313–323.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr
from scipy.stats import binom, poisson

from shared.statistics import placebo
from shared.statistics.intervals import TAIL

ENOUGH = 0.8
"""A study is held able to see what it sees in four cases of five."""
STEPS = 20
"""Ratios are tried in steps of one twentieth."""
HALF = 0.5
"""Added to counts where their logarithm is taken."""
NEVER = 1e-9
"""What is less likely than this is left out."""
STILL = 1e-9
"""Far less than a unit: what rounding may do to a twentieth."""

Ints = NDArray[Any]


def power(expected: float, share: float, ratio: float, beside: int = 0) -> float:
    """The chance that the two-sided 5 % test shows a change of the rate to ``ratio`` times what it was.

    ``expected`` is how many events to expect before; ``share`` the later exposure by the earlier one (> 0). With
    ``placebo.ENOUGH`` units or more ``beside``, no more than one in twenty of all may change as much by chance.
    """
    if beside >= placebo.ENOUGH:
        return _unusual(expected, share, ratio, beside)
    later = expected * share * ratio
    totals = _likely(expected + later)
    fewest, most = _bounds(totals, share)
    true = later / (expected + later) if later else 0.0
    shown = binom.cdf(fewest, totals, true) + binom.sf(most, totals, true)
    return float(poisson.pmf(totals, expected + later) @ shown)


def alike(events: float, share: float, beside_before: float, beside_after: float) -> float:
    """How many events before, compared with themselves alone, would be as uncertain as ``events`` compared with others.

    1/a + 1/(a·s) is the variance of a logarithm of a ratio of rates that did not change; the others' counts add theirs.
    """
    own = 1 + 1 / share
    return own / (own / events + 1 / beside_before + 1 / beside_after)


def smallest_fall(expected: float, share: float, beside: int = 0) -> float | None:
    """The highest ratio below 1 that is seen in four cases of five; None when none is, not even 0.05."""
    return _first(expected, share, beside, (step / STEPS for step in range(STEPS - 1, 0, -1)))


def smallest_rise(expected: float, share: float, beside: int = 0, most: float = 10.0) -> float | None:
    """The lowest ratio above 1 that is seen in four cases of five; None when none is up to ``most``."""
    return _first(expected, share, beside, (step / STEPS for step in range(STEPS + 1, int(most * STEPS) + 1)))


def _first(expected: float, share: float, beside: int, ratios: Iterable[float]) -> float | None:
    return next((ratio for ratio in ratios if power(expected, share, ratio, beside) >= ENOUGH), None)


def _unusual(expected: float, share: float, ratio: float, beside: int) -> float:
    """The chance that a change is shown, and at most as few of the units beside change as much as one in twenty allows.

    Each of them changes by its standard error, and all changes are seen from their mean, the changed one's included.
    """
    before, after = _likely(expected)[:, None], _likely(expected * share * ratio)[None, :]
    fewest, most = (bounds[before + after] for bounds in _bounds(np.arange(before.max() + after.max() + 1), share))
    change = np.abs(
        np.log((after + HALF) / (before + HALF) / share) / np.sqrt(1 / (after + HALF) + 1 / (before + HALF))
    )
    as_much = ndtr(-change) + ndtr(-change * (beside - 1) / (beside + 1))
    alone = binom.cdf(int(placebo.LEVEL * (beside + 1) + STILL) - 1, beside, as_much)
    shown = np.where((after <= fewest) | (after > most), alone, 0.0)
    return float(poisson.pmf(before, expected)[:, 0] @ shown @ poisson.pmf(after, expected * share * ratio)[0])


def _bounds(totals: Ints, share: float) -> tuple[Ints, Ints]:
    """Of each total, how many later events at most are shown to be fewer, and above how many they are more."""
    unchanged = share / (1 + share)
    fewest = binom.ppf(TAIL, totals, unchanged)
    fewest = np.where(binom.cdf(fewest, totals, unchanged) <= TAIL, fewest, fewest - 1)
    return fewest, binom.isf(TAIL, totals, unchanged)


def _likely(mean: float) -> Ints:
    """All counts that are not as good as impossible."""
    return np.arange(int(poisson.ppf(NEVER, mean)), int(poisson.isf(NEVER, mean)) + 1)
