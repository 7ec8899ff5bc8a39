"""Which metrics may be others than before: those made of sums that have moved. Most events move few of them."""

from typing import NamedTuple

import numpy as np

from services.metrics.domain.disclosure.told import Disclosed
from services.metrics.domain.facts.measures import family
from services.metrics.domain.sums.catalogue import FORMULAS
from services.metrics.domain.sums.kernels import Kernel, Raw, Sums
from shared.contracts.catalogue import METRICS, Metric


class Summed(NamedTuple):
    """The sums of some groups on some days, and those told by month."""

    sums: Sums
    told: Disclosed


def moved(before: Summed, now: Summed) -> list[Metric]:
    """The metrics that read a sum that differs in any group on any day, or are hidden otherwise; both of the same days.

    What is known since when is not looked at.
    """
    usual, monthly = _differing(before.sums.raw, now.sums.raw), _differing(before.told.sums.raw, now.told.sums.raw)
    otherwise = not np.array_equal(before.told.hidden, now.told.hidden)
    return [
        metric
        for metric in METRICS
        if (otherwise and metric.by_month) or FORMULAS[metric.name].reads & (monthly if metric.by_month else usual)
    ]


def _differing(before: Raw, now: Raw) -> set[Kernel]:
    """The kernels with other sums, bins of pay as the first of their kind; what is missing is zero."""
    return {
        (family(measure), kernel)
        for measure, kernel in before.keys() | now.keys()
        if _differs(before, now, (measure, kernel))
    }


def _differs(before: Raw, now: Raw, kernel: Kernel) -> bool:
    if kernel in before and kernel in now:
        return not np.array_equal(before[kernel], now[kernel])
    return bool(np.any((before if kernel in before else now)[kernel]))
