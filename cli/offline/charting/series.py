"""What a chart is drawn of: the values of one metric of one group, month by month."""

from datetime import date
from itertools import takewhile
from typing import NamedTuple

from shared.contracts.catalogue import Metric
from shared.contracts.metrics import MetricValue


class Series(NamedTuple):
    """A value for each of ``months`` (by their last days), each over the days of its own month alone.

    ``known_to`` is the day of the newest event behind them.
    """

    metric: Metric
    unit: str
    unit_name: str
    occupation: str
    months: list[date]
    values: list[MetricValue]
    known_to: date

    def begun(self) -> "Series":
        """Without the months before there was anything to measure; whole if there never was."""
        idle = list(takewhile(lambda value: value.status == "not_applicable", self.values))
        start = len(idle) % len(self.values)
        return self._replace(months=self.months[start:], values=self.values[start:])
