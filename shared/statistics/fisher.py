"""Two counts before and after compared with those of others, exactly: given all totals, the later events of the first
are hypergeometric, and Fisher's noncentral hypergeometric where the ratio of odds is not 1.

Sources: R. A. Fisher, J. R. Stat. Soc. 98 (1935) 39–82; for the interval J. Cornfield, Proc. 3rd Berkeley Symp. 4
(1956) 135–148.
"""

from collections.abc import Callable, Sequence
from math import exp, inf
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln

from shared.statistics.intervals import TAIL

FAR = 700.0
"""A logarithm of a ratio of odds that no table reaches."""
DEPTH = 8.0
"""So many standard deviations below a count nothing adds to its tail."""

FEW = 20
"""So many counts below are added at least."""

Table = Sequence[Sequence[int]]
"""Rows are the units and the others, columns after and before."""


def fewer(after: ArrayLike, events: ArrayLike, others_after: float, others: float) -> NDArray[Any]:
    """How likely at most so many of the ``events`` come later, where nothing differs from ``others``' events.

    Others' numbers need not be whole, as expected ones are not.
    """
    k, n = np.asarray(after, float), np.asarray(events, float)
    depth = np.arange(int(DEPTH * np.sqrt(n.max(initial=1.0)) / 2) + FEW)
    terms = _log_term(k[..., None] - depth, n[..., None], k[..., None] + others_after, others)
    whole = np.where(k < 0, 0.0, _log_choose(n + others, k + others_after))
    return np.asarray(np.exp(terms - whole[..., None]).sum(-1))


def interval(table: Table) -> tuple[float, float]:
    """The exact 95 % interval of the ratio of odds; no row or column may be without events."""
    (later, before), (others_later, others_before) = table
    n, others, all_later = later + before, others_later + others_before, later + others_later
    counts = np.arange(max(0, all_later - others), min(n, all_later) + 1)
    terms = _log_term(counts, n, all_later, others)

    def share(of: NDArray[Any], odds: float) -> float:
        weights = terms + counts * odds
        likely = np.exp(weights - weights.max())
        return float(likely[of].sum() / likely.sum())

    low = -inf if later == counts[0] else _root(lambda odds: share(counts >= later, odds) - TAIL)
    high = inf if later == counts[-1] else _root(lambda odds: TAIL - share(counts <= later, odds))
    return exp(low), exp(high)


def _root(rising: Callable[[float], float]) -> float:
    """Where a function that rises is 0, by halving."""
    low, high = -FAR, FAR
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if rising(middle) < 0 else (low, middle)
    return low


def _log_term(k: NDArray[Any], n: ArrayLike, all_later: ArrayLike, others: float) -> NDArray[Any]:
    """The logarithm of how many ways there are to have ``k`` of ``n`` later, of all that come later."""
    return np.asarray(_log_choose(n, k) + _log_choose(others, np.asarray(all_later) - k))


def _log_choose(n: ArrayLike, k: ArrayLike) -> NDArray[Any]:
    """Minus infinity where there are not so many."""
    n, k = np.asarray(n, float), np.asarray(k, float)
    known = gammaln(n + 1) - gammaln(np.maximum(k, 0) + 1) - gammaln(np.maximum(n - k, 0) + 1)
    return np.asarray(np.where((k >= 0) & (k <= n), known, -inf))
