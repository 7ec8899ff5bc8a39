"""How a rate changed from one time to another, exactly, however few the events.

Given how many events there were in all, those of the later time are a binomial share of them; a share's exact interval
gives the ratio's. Sources: J. Przyborowski and H. Wilenski, Biometrika 31 (1940) 313–323; for the interval C. Clopper
and E. S. Pearson, Biometrika 26 (1934) 404–413.
"""

from math import inf, nan
from typing import NamedTuple

from scipy.special import bdtr, bdtrc

from shared.statistics.estimate import Estimate
from shared.statistics.intervals import binomial_share


class Counted(NamedTuple):
    """So many events in so much exposure (person-years, say; > 0)."""

    events: int
    exposure: float


def rate_ratio(before: Counted, after: Counted) -> Estimate:
    """The rate of the later time by that of the earlier one, with its exact interval."""
    total = before.events + after.events
    if not total:
        return Estimate(nan, 0.0, inf)
    low, high = binomial_share(after.events, total)
    exposures = before.exposure / after.exposure
    return Estimate(*(_odds(float(share)) * exposures for share in (after.events / total, low, high)))


def p_value(before: Counted, after: Counted) -> float:
    """How often chance alone would change the rate as much, either way: twice the smaller tail, at most 1.

    It is below 5 % exactly when the interval of the ratio does not reach 1.
    """
    share = after.exposure / (before.exposure + after.exposure)
    total = before.events + after.events
    fewer, more = bdtr(after.events, total, share), bdtrc(after.events - 1, total, share)
    return float(min(1.0, 2 * min(fewer, more)))


def _odds(share: float) -> float:
    return share / (1 - share) if share < 1 else inf
