"""What the metrics service answers of one group, as a table of what was known on each day."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import numpy as np

from services.alerts.domain.backtest.asked import Days
from services.alerts.domain.backtest.known import OFFSETS, PLACE, Floats, Ints, Known, Mask
from services.alerts.domain.plan.plan import Unit
from shared.contracts.as_known import AsKnown, PlacedUnits
from shared.contracts.catalogue import BY_NAME, Metric
from shared.contracts.history import Series
from shared.contracts.metrics import RESTATED_DAYS, MetricValue
from shared.statistics.intervals import Bounds

MONTHS_BEFORE = timedelta(92)
"""The months asked about begin so long before the first day: a value of 28 days earlier tells of a month before."""

NOT_TOLD = 0
"""The number of what was not answered: nobody tells of it."""


class Heard:
    """A table of one row."""

    def __init__(self, metric: Metric, first: int, values: Sequence[MetricValue], numbers: Ints) -> None:
        """``numbers`` says which value stands by published day and day, from the first; NOT_TOLD where none does."""
        self.metric, self._first, self._numbers = metric, first, numbers
        self._values = [MetricValue(status="not_reported", definition=metric.definition), *values]
        ratios = np.array([one.value or 0.0 for one in self._values])
        numbered = np.array([one.value is not None for one in self._values])
        until = np.array([one.until.toordinal() if one.until else 0 for one in self._values])
        self._bounds = np.array([(one.low, one.high) for one in self._values], np.float64).T
        self.ratios: Floats = ratios[numbers][np.newaxis]
        self.numbered: Mask = numbered[numbers][np.newaxis]
        self.until: Ints = until[numbers][np.newaxis]

    def values(self, asked: Sequence[Known]) -> list[MetricValue]:
        """As the metrics service publishes them."""
        return [self._values[self._numbers[PLACE[one.offset], one.day - self._first]] for one in asked]

    def bounds(self, _row: int, places: Ints, days: Ints) -> Bounds:
        """The intervals of values, each by its place among the published days and its day by number."""
        numbers = self._numbers[places, days - self._first]
        low, high = self._bounds[:, numbers]
        return low, high


def days(told: PlacedUnits) -> Days:
    """The days, and the units as they were told of."""
    moved: dict[int, list[Unit]] = {}
    for one in told.units:
        moved.setdefault(one.known.toordinal(), []).append(Unit(one.unit, one.name, one.path, one.closed))
    return Days(told.first.toordinal(), told.last.toordinal(), moved)


def described(found: Iterable[AsKnown], loaded: date) -> date | None:
    """The last day by which what was known of a group is told no more, if that is later than of units."""
    return max((one.loaded for one in found if one.loaded > loaded), default=None)


def as_known(found: AsKnown, over: Days) -> Heard:
    """A value stands from when it was known until another was, or until its day is restated no more."""
    numbers = _nothing(over)
    for number, one in enumerate(found.values, NOT_TOLD + 1):
        known = one.known.toordinal()
        numbers[PLACE[one.as_of.toordinal() - known], known - over.first] = number
    for place in range(1, RESTATED_DAYS + 1):
        now, before = numbers[place, 1:], numbers[place - 1, :-1]
        now[:] = np.where(now == NOT_TOLD, before, now)
    return Heard(BY_NAME[found.metric], over.first, [one.value for one in found.values], numbers)


def by_month(found: Series, metric: Metric, over: Days) -> Heard:
    """Values of the twelve whole months that ended last before each day, as they are told now."""
    [group] = found.groups
    told = {point.as_of: number for number, point in enumerate(found.points, NOT_TOLD + 1)}
    earliest, count = over.first - RESTATED_DAYS, over.last - over.first + 1
    ended = np.array([told.get(_ended(day), NOT_TOLD) for day in range(earliest, over.last + 1)], np.int64)
    numbers = _nothing(over)
    for back in range(RESTATED_DAYS + 1):
        begin = RESTATED_DAYS - max(back, 1)  # of its own day no month has ended yet
        numbers[PLACE[-back]] = ended[begin : begin + count]
    return Heard(metric, over.first, group.metrics[metric.name], numbers)


def _nothing(over: Days) -> Ints:
    return np.full((len(OFFSETS), over.last - over.first + 1), NOT_TOLD, np.int64)


def _ended(day: int) -> date:
    """The last day of the month that ended last by the end of a day."""
    return date.fromordinal(day + 1).replace(day=1) - timedelta(1)
