"""What the metrics service answers of one group, as a table of what was known on each day."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

import numpy as np

from services.alerts.domain.backtest.asked import Days
from services.alerts.domain.backtest.known import OFFSETS, PLACE, Floats, Ints, Known, Mask
from services.alerts.domain.plan.plan import Unit
from shared.contracts.as_known import AsKnown, PlacedUnits
from shared.contracts.catalogue import BY_NAME, Metric
from shared.contracts.history import Series
from shared.contracts.metrics import HORIZONS, RESTATED_DAYS, MetricValue

MONTHS_BEFORE = timedelta(92)
"""The months asked about begin so long before the first day: a value of 28 days earlier tells of a month before."""

Cell = tuple[int, int]
"""How far a day lies from the one on which its value was known, and that, by number."""


class Heard:
    """A table of one row; of what was not answered nobody tells."""

    def __init__(self, metric: Metric, over: Days, values: Mapping[Cell, MetricValue]) -> None:
        """By day and how far from it."""
        self.metric, self._values = metric, values
        self._nothing = MetricValue(status="not_reported", definition=metric.definition)
        shape = 1, len(OFFSETS), over.last - over.first + 1
        self.ratios: Floats = np.zeros(shape)
        self.numbered: Mask = np.zeros(shape, bool)
        self.until: Ints = np.zeros(shape, np.int64)
        for (offset, day), one in values.items():
            at = 0, PLACE[offset], day - over.first
            self.numbered[at] = one.value is not None
            self.ratios[at] = one.value or 0.0
            self.until[at] = one.until.toordinal() if one.until else 0

    def values(self, asked: Sequence[Known]) -> list[MetricValue]:
        """As the metrics service publishes them."""
        return [self._values.get((one.offset, one.day), self._nothing) for one in asked]


def days(told: PlacedUnits) -> Days:
    """The days, and the units as they were told of."""
    moved: dict[int, list[Unit]] = {}
    for one in told.units:
        moved.setdefault(one.known.toordinal(), []).append(Unit(one.unit, one.name, one.path, one.closed))
    return Days(told.first.toordinal(), told.last.toordinal(), moved)


def as_known(found: AsKnown, over: Days) -> Heard:
    """A value stands from when it was known until another was, or until its day is restated no more."""
    by_day: dict[tuple[int, bool], dict[int, MetricValue]] = {}
    for one in found.values:
        ahead = (one.as_of - one.known).days
        by_day.setdefault((one.as_of.toordinal(), ahead > 0), {})[one.known.toordinal()] = one.value
    cells: dict[Cell, MetricValue] = {}
    for (as_of, is_ahead), told in by_day.items():
        cells |= _each(as_of, told) if is_ahead else dict(_standing(as_of, told, over))
    return Heard(BY_NAME[found.metric], over, cells)


def _each(as_of: int, told: Mapping[int, MetricValue]) -> dict[Cell, MetricValue]:
    return {(as_of - known, known): value for known, value in told.items() if as_of - known in HORIZONS}


def _standing(as_of: int, told: Mapping[int, MetricValue], over: Days) -> Iterator[tuple[Cell, MetricValue]]:
    value: MetricValue | None = None
    for day in range(max(over.first, as_of), min(over.last, as_of + RESTATED_DAYS) + 1):
        value = told.get(day, value)
        if value is not None:
            yield (as_of - day, day), value


def by_month(found: Series, metric: Metric, over: Days) -> Heard:
    """Values of the twelve whole months that ended last before each day, as they are told now."""
    [group] = found.groups
    told = dict(zip((point.as_of for point in found.points), group.metrics[metric.name], strict=True))
    cells: dict[Cell, MetricValue] = {}
    for day in range(over.first, over.last + 1):
        for offset in range(-RESTATED_DAYS, 1):
            ended = _ended(min(day + offset, day - 1))
            if ended in told:
                cells[offset, day] = told[ended]
    return Heard(metric, over, cells)


def _ended(day: int) -> date:
    """The last day of the month that ended last by the end of a day."""
    return date.fromordinal(day + 1).replace(day=1) - timedelta(1)
