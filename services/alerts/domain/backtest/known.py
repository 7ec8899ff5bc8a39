"""Values as they were known on each day, whatever they come from: what the replay of an alert reads."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from shared.contracts.catalogue import Metric
from shared.contracts.metrics import HORIZONS, RESTATED_DAYS, MetricValue
from shared.statistics.intervals import Bounds

OFFSETS: Sequence[int] = (*range(0, -RESTATED_DAYS - 1, -1), *HORIZONS)
"""Of the days that are published on a day, how far each lies from it: today comes first."""
PLACE = {offset: place for place, offset in enumerate(OFFSETS)}

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


class Known(NamedTuple):
    """A value that was known on a ``day`` by number, of the day that lies so far from it, of the group in a row."""

    row: int
    day: int
    offset: int


class Table(Protocol):
    """One metric of some groups, by row; ``ratios`` by row, published day and day, ``numbered`` where there are any.

    ``until`` is the last day that a value tells of, where it is told by month, of one row or of each; else 0.
    """

    metric: Metric
    ratios: Floats
    numbered: Mask
    until: Ints

    def values(self, asked: Sequence[Known]) -> Sequence[MetricValue]:
        """The values, as the metrics service publishes them."""

    def bounds(self, row: int, places: Ints, days: Ints) -> Bounds:
        """The intervals of the values of a row, each by its place among the published days and its day by number."""
