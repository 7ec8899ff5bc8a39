"""The effect on shares and other values: how much more their monthly means changed than those of other units."""

from collections.abc import Sequence
from math import isfinite, sqrt
from statistics import fmean, stdev

from scipy.special import stdtrit

from services.alerts.domain.evaluation.counted import Found, stated
from services.alerts.domain.evaluation.told import Told, means
from services.alerts.domain.evaluation.windows import Windows
from services.alerts.domain.plan.plan import Expected
from shared.contracts.catalogue import Metric
from shared.contracts.evaluations import Effect, Likewise
from shared.statistics import difference
from shared.statistics.intervals import TAIL
from shared.statistics.placebo import distance, placebo
from shared.statistics.power import ENOUGH

FEWEST = 2
"""Units beside, to know how much units change by themselves."""


def effect(
    acted: Sequence[Told], compared: Sequence[Told], metric: Metric, months: Windows, expect: Expected
) -> Found | None:
    """The difference of the changes of means; None where a unit that carries it out has no value on a side."""
    own, others = _changes(acted, metric, months), _changes(compared, metric, months)
    if len(own) < len(acted):
        return None
    if len(others) < FEWEST:
        return Found(Effect(fmean(own), None, None, "before_after"), None, None, None)
    found = difference.of_means(own, others)
    likewise = placebo(fmean(own), others)
    seen = _seen(others, len(own), expect) if isfinite(found.low) else None
    return Found(stated(found, "beside_others"), None, seen, Likewise(likewise.as_much, likewise.units))


def mean(told: Sequence[Told], metric: Metric, months: Windows) -> tuple[float | None, float | None]:
    """The means of units before and after, each unit counting once."""
    sides = zip(*(means(one, metric, months) for one in told), strict=True)
    known = ([value for value in side if value is not None] for side in sides)
    found = [fmean(some) if some else None for some in known]
    return (found[0], found[1]) if found else (None, None)


def _changes(told: Sequence[Told], metric: Metric, months: Windows) -> list[float]:
    pairs = (means(one, metric, months) for one in told)
    return [after - before for before, after in pairs if before is not None and after is not None]


def _seen(others: Sequence[float], acted: int, expect: Expected) -> float:
    """The difference that would have been seen in four cases of five, as others differ among each other: beyond the
    interval, and farther than others go.
    """
    free, falls = len(others) - 1, expect == "lower"
    spread = stdev(others) * sqrt(1 / acted + 1 / len(others))
    shown = max(float(stdtrit(free, 1 - TAIL)) * spread, distance(others, falls=falls))
    return (shown + float(stdtrit(free, ENOUGH)) * spread) * (-1 if falls else 1)
