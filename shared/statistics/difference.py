"""Difference-in-differences: how much more the units with an action changed than those without it.

Whatever happened to all of them, a pandemic or a hard winter, falls out. Sources: for counts the exact conditional
inference on a ratio of odds, R. A. Fisher, J. R. Stat. Soc. 98 (1935) 39–82, since given the totals the later events of
two groups are binomial and the exposures fall out of the ratio; for values T. Conley and C. Taber, Rev. Econ. Stat. 93
(2011) 113–125: with few units under an action the spread of the changes among all others tells what is usual.
"""

from collections.abc import Sequence
from math import inf, log, nan, sqrt
from statistics import fmean, stdev
from typing import NamedTuple

from scipy.special import stdtrit

from shared.statistics import fisher
from shared.statistics.estimate import Estimate
from shared.statistics.intervals import TAIL
from shared.statistics.rate_ratio import Counted

STILL = 1e-12
"""Far less than any value differs by, and far more than rounding does."""


class Change(NamedTuple):
    """The events of some units before and after."""

    before: Counted
    after: Counted

    @property
    def exposures(self) -> float:
        """The later exposure by the earlier one."""
        return self.after.exposure / self.before.exposure

    def thinned(self, at_a_time: float) -> "Change":
        """As many occasions as there were, if so many events come ``at_a_time``."""
        before, after = (Counted(round(side.events / at_a_time), side.exposure) for side in self)
        return Change(before, after)

    @property
    def log_ratio(self) -> float:
        """The logarithm of the rate ratio; half an event is added to each side, so that none may be missing."""
        return log((self.after.events + 0.5) / (self.before.events + 0.5) / self.exposures)


def of_rates(acted: Change, others: Change) -> Estimate:
    """The rate ratio of the units with the action by that of the others, with its exact interval.

    The effect is the plain ratio of the two; the logarithm of it is the difference of the differences of log rates.
    """
    table = [[acted.after.events, acted.before.events], [others.after.events, others.before.events]]
    if not all(map(sum, table)) or not all(map(sum, zip(*table, strict=True))):
        return Estimate(nan, 0.0, inf)
    low, high = fisher.interval(table)
    scale = others.exposures / acted.exposures
    return Estimate(_cross(table) * scale, low * scale, high * scale)


def of_means(acted: Sequence[float], others: Sequence[float]) -> Estimate:
    """The mean change of the units with the action less that of the others, a change of a mean for each unit.

    The interval takes the units' changes to be alike in spread, as those of the others show it; with fewer than two
    others, or where all of them changed alike, nothing is known of it.
    """
    if not acted or not others:
        return Estimate(nan, -inf, inf)
    effect = fmean(acted) - fmean(others)
    if len(others) < 2 or _are_alike(others):
        return Estimate(effect, -inf, inf)
    reach = float(stdtrit(len(others) - 1, 1 - TAIL)) * stdev(others) * sqrt(1 / len(acted) + 1 / len(others))
    return Estimate(effect, effect - reach, effect + reach)


def change(before: Sequence[float | None], after: Sequence[float | None]) -> float | None:
    """How much the mean of a unit's monthly values changed; None where either side has no value."""
    known = [[value for value in side if value is not None] for side in (before, after)]
    return fmean(known[1]) - fmean(known[0]) if all(known) else None


def _are_alike(changes: Sequence[float]) -> bool:
    """Whether they differ by rounding alone, as of shares that are 0 everywhere."""
    return max(changes) - min(changes) <= STILL


def _cross(table: Sequence[Sequence[int]]) -> float:
    (a, b), (c, d) = table
    return a * d / (b * c) if b * c else inf
