"""Exact 95 % intervals against published values."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from shared.statistics.intervals import binomial_share, poisson_rate

CLOPPER_PEARSON = [
    (0, 12, 0, 0.264648),
    (1, 12, 0.002108, 0.384796),
    (3, 20, 0.032071, 0.378927),
    (12, 60, 0.107841, 0.323300),
    (7, 50, 0.058192, 0.267396),
    (12, 12, 1 - 0.264648, 1),
]
GARWOOD = [(0, 10, 0, 0.368888), (3, 10, 0.061867, 0.876727), (12, 1, 6.200575, 20.961585)]


@pytest.mark.parametrize(("successes", "trials", "low", "high"), CLOPPER_PEARSON)
def test_binomial_share(successes: int, trials: int, low: float, high: float):
    """Clopper and Pearson's bounds, none below 0 and none above 1."""
    assert binomial_share(successes, trials) == pytest.approx((low, high), abs=1e-6)


@pytest.mark.parametrize(("events", "exposure", "low", "high"), GARWOOD)
def test_poisson_rate(events: int, exposure: float, low: float, high: float):
    """Garwood's bounds per unit of exposure."""
    assert poisson_rate(events, exposure) == pytest.approx((low, high), abs=1e-6)


@given(st.integers(0, 500), st.integers(1, 500))
def test_binomial_share_is_scipys(successes: int, trials: int):
    """The bounds are those of scipy's exact test."""
    k = min(successes, trials)
    want = stats.binomtest(k, trials).proportion_ci(method="exact")
    assert binomial_share(k, trials) == pytest.approx((want.low, want.high), abs=1e-9)


@given(st.integers(0, 500), st.floats(0.5, 1e4))
def test_poisson_rate_is_the_chi_square_interval(events: int, exposure: float):
    """The bounds are the textbook's chi-square quantiles."""
    low = stats.chi2.ppf(0.025, 2 * events) / 2 / exposure if events else 0
    high = stats.chi2.ppf(0.975, 2 * events + 2) / 2 / exposure
    assert poisson_rate(events, exposure) == pytest.approx((low, high), rel=1e-9)


def test_many_groups_at_once():
    """Arrays give an interval for each place."""
    low, high = binomial_share(np.array([3, 12]), np.array([20, 60]))
    assert low == pytest.approx([0.032071, 0.107841], abs=1e-6)
    assert high == pytest.approx([0.378927, 0.323300], abs=1e-6)
