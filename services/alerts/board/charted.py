"""What a control chart of the board is made of: the last three years by month, and what began in them."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from services.alerts.board.months import last_whole, years_before
from services.alerts.board.starts import Start, position
from services.alerts.metrics_service import MetricsService
from shared.contracts.catalogue import Metric
from shared.contracts.catalogue.monthly import UNFIT
from shared.contracts.history import Series
from shared.contracts.metrics import MetricValue

YEARS = 3


class Months(NamedTuple):
    """What a chart is made of: a value a month, and what began, the earliest first."""

    months: Sequence[date]
    values: Sequence[MetricValue]
    starts: Sequence[Start] = ()

    @property
    def known(self) -> list[float | None]:
        """The numbers."""
        return [value.value for value in self.values]

    @property
    def split(self) -> tuple[int, Start] | None:
        """The first start with months both before and after it: what is usual is what was so before it."""
        found = ((position(self.months, start.on), start) for start in self.starts)
        return next(((place, start) for place, start in found if place), None)


async def of_years(metrics: MetricsService, unit: str, occupation: str, metric: Metric, today: date) -> Series | None:
    """The last three years by month: of each month alone, where a control chart is made of them."""
    last = last_whole(today)
    first = years_before(last, YEARS)
    if metric.name in UNFIT:
        return await metrics.months(unit, occupation, [metric.name], first, last)
    return await metrics.each_month(unit, occupation, metric.name, first, last)


def begun(series: Series, metric: str, starts: Sequence[Start]) -> Months | None:
    """The months of a metric without those before there was anything to measure; None if there never was."""
    values = series.groups[0].metrics[metric] if series.groups else []
    first = next((n for n, value in enumerate(values) if value.value is not None), None)
    if first is None:
        return None
    return Months([point.as_of for point in series.points][first:], values[first:], starts)
