"""How much units change by chance alone, and so how likely a change is to stand out among them.

For a promise beforehand of what ``placebo`` will allow: exact for each unit from the counts to expect, the mean of all
units being taken for what is to expect of it.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, ndtr, ndtri, xlogy

from shared.statistics.placebo import STILL, allowed, standardised

NEVER = 1e-9
"""What is less likely than this is left out."""
FINE = 400
"""So many counts are told from each other."""
MANY = 100.0
"""With more events to expect a change is normal as far as matters."""
REACH = 12.0
"""Standard errors beyond which no change lies."""
POINTS = 481
"""Changes for which it is worked out; between them lies a straight line."""

Floats = NDArray[Any]


def likely(mean: float) -> Floats:
    """All counts that are not as good as impossible; of very many, some at even distances that stand for them."""
    reach = -float(ndtri(NEVER)) * (mean**0.5 + 1) + 3
    first, last = max(0, int(mean - reach)), int(mean + reach * 1.3) + 1
    return np.arange(first, last + 1, 1 + (last - first) // FINE)


def chances(counts: Floats, mean: float) -> Floats:
    """The chance of each count, or of those it stands for, by Poisson."""
    found = np.exp(xlogy(counts, mean) - mean - gammaln(counts + 1))
    return np.asarray(found / found.sum())


@lru_cache(maxsize=4)
def standing_out(others: tuple[float, ...], share: float) -> Callable[[Floats], Floats]:
    """For changes in standard errors: the chance that no more of the ``others`` than are allowed change as much.

    ``others`` are the events to expect in each before, ``share`` times as many being to expect after.
    """
    at = np.linspace(-REACH, REACH, POINTS)
    units = list(_units(others, share))
    usual = (at + sum(one.mean for one in units)) / (len(units) + 1)
    few = np.zeros((allowed(len(units)) + 1, POINTS))
    few[0] = 1.0
    for one in units:
        inside = np.clip(one.below(usual + np.abs(at - usual)) - one.below(usual - np.abs(at - usual)), 0, 1)
        few[1:] = few[1:] * inside + few[:-1] * (1 - inside)
        few[0] *= inside
    return lambda change: np.interp(change, at, few.sum(0))


class _Unit(NamedTuple):
    """The mean of a unit's change, and the chance of less than a change."""

    mean: float
    below: Callable[[Floats], Floats]


def _units(others: Sequence[float], share: float) -> Iterator[_Unit]:
    """Each unit; what all have in common is changed by its own part, so that it lies nearer to that."""
    whole = sum(others)
    for mean in others:
        narrow = max(1 - mean / whole, STILL) ** 0.5 if whole else 1.0
        yield _normal(narrow) if mean * min(share, 1.0) > MANY else _exact(mean, share, narrow)


def _normal(narrow: float) -> _Unit:
    return _Unit(0.0, lambda at: np.asarray(ndtr(at / narrow)))


def _exact(mean: float, share: float, narrow: float) -> _Unit:
    before, after = likely(mean), likely(mean * share)
    found = narrow * standardised(before[:, None], after[None, :], np.log(share)).ravel()
    weights = np.outer(chances(before, mean), chances(after, mean * share)).ravel()
    order = np.argsort(found)
    found, summed = found[order], np.concatenate([[0.0], np.cumsum(weights[order])])
    return _Unit(float(found @ weights[order]), lambda at: summed[np.searchsorted(found, at)])
