"""Exact 95 % intervals for counts and shares, for one group or for arrays of them."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv, gammaincinv

LEVEL = 0.95
TAIL = (1 - LEVEL) / 2

Bounds = tuple[NDArray[Any], NDArray[Any]]


def poisson_rate(events: ArrayLike, exposure: ArrayLike) -> Bounds:
    """Garwood's exact interval for ``events`` per unit of ``exposure`` (> 0).

    The chi-square quantile with 2k degrees of freedom, halved, is the gamma quantile of shape k.
    Source: F. Garwood, Biometrika 28 (1936) 437–442.
    """
    k, e = np.asarray(events, float), np.asarray(exposure, float)
    low = np.where(k > 0, gammaincinv(np.maximum(k, 1e-9), TAIL), 0.0)
    return low / e, gammaincinv(k + 1, 1 - TAIL) / e


def binomial_share(successes: ArrayLike, trials: ArrayLike) -> Bounds:
    """Clopper and Pearson's exact interval for ``successes`` of ``trials`` (> 0, at least as many).

    Source: C. Clopper and E. S. Pearson, Biometrika 26 (1934) 404–413.
    """
    k, n = np.asarray(successes, float), np.asarray(trials, float)
    low = np.where(k > 0, betaincinv(np.maximum(k, 1e-9), n - k + 1, TAIL), 0.0)
    high = np.where(k < n, betaincinv(k + 1, np.maximum(n - k, 1e-9), 1 - TAIL), 1.0)
    return low, high
