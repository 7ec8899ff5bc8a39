"""The values of some groups on some days: made metric by metric, told by group and day, all metrics together."""

from collections.abc import Iterator

import numpy as np

from services.metrics.domain.sums.kernels import Ints
from services.metrics.domain.sums.linked_tables import Mask
from services.metrics.domain.values.valuation import Figures, values
from shared.contracts.metrics import MetricValue

Day = tuple[int, int, dict[str, MetricValue]]
"""The row of a group, the column of a day, and values by metric."""


class DaysTold:
    """What is told of some groups (rows) on some days (columns)."""

    def __init__(self, groups: int, days: int) -> None:
        """Nothing yet, of so many of either."""
        self._groups, self._days = groups, days
        self._told: list[tuple[str, Ints, list[MetricValue]]] = []

    def add(self, figures: Figures, where: Mask) -> None:
        """Tell the values of a metric of those groups and days."""
        rows, at = np.nonzero(where)
        if len(rows):
            self._told.append((figures.metric.name, rows * self._days + at, values(figures, rows, at)))

    def latest_first(self) -> Iterator[Day]:
        """Group by group, the day of the last column first."""
        whole = all(len(places) == self._groups * self._days for _, places, _ in self._told)
        found = self._of_all() if whole else self._of_some()
        for row in range(self._groups):
            for at in range(self._days - 1, -1, -1):
                if (place := row * self._days + at) in found:
                    yield row, at, found[place]

    def _of_all(self) -> dict[int, dict[str, MetricValue]]:
        names, columns = [name for name, *_ in self._told], [told for *_, told in self._told]
        return dict(enumerate(dict(zip(names, one, strict=True)) for one in zip(*columns, strict=True)))

    def _of_some(self) -> dict[int, dict[str, MetricValue]]:
        found: dict[int, dict[str, MetricValue]] = {}
        for name, places, told in self._told:
            for place, value in zip(places.tolist(), told, strict=True):
                found.setdefault(place, {})[name] = value
        return found
