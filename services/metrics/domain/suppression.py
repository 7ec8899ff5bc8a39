"""Who may be spoken of: no health number about a group of ten people or fewer leaves the service."""

import numpy as np
from numpy.typing import NDArray

from services.metrics.domain.kernels import Sums
from services.metrics.domain.measures import Measure

SMALL_GROUP = 10
"""The statute forbids figures on groups of at most ten employees (SFS 2002:1065)."""

HEALTH_MEASURES = frozenset(
    {
        Measure.sick_fte,
        Measure.scheduled_fte,
        Measure.sick_day60_fte,
        Measure.sick_spells,
        Measure.short_spells,
        Measure.first59_fte_days,
        Measure.first59_fte_days_year_before,
    }
)


def small(sums: Sums, limit: int = SMALL_GROUP) -> NDArray[np.bool_]:
    """For each group and day, whether its headcount that day is at most ``limit``; a limit of 0 hides nothing."""
    return (sums.level(Measure.headcount) <= limit) & (limit > 0)


def shows(measure: int, *, is_small: bool) -> bool:
    """Whether a measure of a group may be shown; the health metrics' components fall with them."""
    return not (is_small and measure in HEALTH_MEASURES)
