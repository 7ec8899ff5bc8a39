"""Exact 95 % intervals for counts and shares."""

from scipy.stats import beta, chi2

LEVEL = 0.95
TAIL = (1 - LEVEL) / 2


def poisson_rate(events: float, exposure: float) -> tuple[float, float]:
    """Garwood's exact interval for ``events`` per unit of ``exposure`` (> 0), from chi-square quantiles.

    Source: F. Garwood, Biometrika 28 (1936) 437–442.
    """
    low = chi2.ppf(TAIL, 2 * events) / 2 if events > 0 else 0.0
    return float(low) / exposure, float(chi2.ppf(1 - TAIL, 2 * events + 2)) / 2 / exposure


def binomial_share(successes: float, trials: float) -> tuple[float, float]:
    """Clopper and Pearson's exact interval for ``successes`` of ``trials`` (> 0), from beta quantiles.

    Source: C. Clopper and E. S. Pearson, Biometrika 26 (1934) 404–413.
    """
    low = beta.ppf(TAIL, successes, trials - successes + 1) if successes > 0 else 0.0
    high = beta.ppf(1 - TAIL, successes + 1, trials - successes) if successes < trials else 1.0
    return float(low), float(high)
