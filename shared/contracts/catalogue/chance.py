"""How it is told whether chance may be behind a value of a metric."""

from typing import Literal

from shared.contracts.catalogue.metric import Metric
from shared.contracts.catalogue.monthly import UNFIT
from shared.contracts.catalogue.reach import reach

Chance = Literal["interval", "months", "count"]
"""By the ``interval`` of the value; by the control chart of its ``months``, where what happened has no interval; or not
at all, where the value is a ``count`` of all there is on a day, or of what was decided, as bonuses are: nothing of it
is drawn by lot."""


def chance(metric: Metric) -> Chance:
    """How it is told of a metric."""
    if metric.interval != "none":
        return "interval"
    has_months = reach(metric.name).windowed and metric.name not in UNFIT
    return "months" if has_months else "count"
