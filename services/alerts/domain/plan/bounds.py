"""Limits that no value of a metric can be past, or that every one is past."""

from typing import Literal

from services.alerts.domain.plan.plan import Limit
from services.alerts.domain.plan.target import MANY_A_YEAR, SHARE
from shared.contracts.catalogue import Metric

Pointless = Literal["always", "never"]
SIGNED = frozenset({"pay_gap"})
"""Metrics that can be less than nothing."""
MOST = 1e12
"""Of anything that is counted or paid."""


def pointless(metric: Metric, limit: Limit) -> Pointless | None:
    """Whether every value breaches a limit, or none can; None where it tells values apart."""
    least, most = _bounds(metric)
    past_least, past_most = limit.passed(least), limit.passed(most)
    if past_least and past_most:
        return "always"
    return None if past_least or past_most else "never"


def _bounds(metric: Metric) -> tuple[float, float]:
    """The least and the most that a value of a metric can be; a rate, that anybody would try."""
    least = -MOST if metric.name in SIGNED else 0.0
    if metric.unit != "ratio":
        return least, MOST
    return least, MANY_A_YEAR if metric.interval == "poisson" else SHARE
