"""What is told of a unit month by month, and what stands in the way of using it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

from services.alerts.domain.evaluation.windows import Windows, first_day
from services.alerts.domain.plan.plan import Unit
from shared.contracts.catalogue import Metric
from shared.contracts.evaluations import Because
from shared.contracts.metrics import MetricValue
from shared.statistics.difference import Change
from shared.statistics.rate_ratio import Counted

Value = TypeVar("Value")

YEAR_DAYS = 365
PER_HUNDRED = {"per_100_fte": 100.0}
"""What a yearly rate is multiplied by, where not by 1."""
AT_ONCE = frozenset({"handover_rate"})
"""Counts of what comes many at a time: who leaves hands over every case. They say nothing exact, and are values."""
UNKNOWN = frozenset({"incomplete", "not_reported"})


class Told(NamedTuple):
    """A unit's value of each month of the windows, those washed in among them; over the days of that month alone."""

    unit: Unit
    values: Sequence[MetricValue]


def hindrance(told: Iterable[Told], months: Windows) -> Because | None:
    """Why units cannot be used, if any month before or after hides its value, or is not known."""
    statuses = {value.status for one in told for side in _sides(one.values, months) for value in side}
    if "suppressed" in statuses:
        return "small_group"
    return "not_known" if statuses & UNKNOWN else None


def is_counted(metric: Metric) -> bool:
    """Whether a metric counts what happens one by one, by how much it could have happened in."""
    return _is_rate(metric) and metric.name not in AT_ONCE


def change(told: Sequence[Told], months: Windows) -> Change:
    """The events of some units together, and person-years (or what it is that they are counted by)."""
    return Change(*(_counted(told, months, side) for side in (0, 1)))


def stretches(told: Iterable[Told], months: Windows) -> Iterator[list[int]]:
    """The events of each month of each unit, those before and those after apart."""
    for one in told:
        for side in _sides(one.values, months):
            yield [round(value.numerator or 0.0) for value in side]


def counts(told: Sequence[Told], months: Windows) -> tuple[list[int], list[float]]:
    """Events and exposure of each month, of units together."""
    rows = list(zip(*(one.values for one in told), strict=True))
    exposures = [sum(map(_exposure, row, [month] * len(row))) for row, month in zip(rows, months.months, strict=True)]
    return [round(sum(value.numerator or 0.0 for value in row)) for row in rows], exposures


def means(one: Told, metric: Metric, months: Windows) -> tuple[float | None, float | None]:
    """The mean of the monthly values before, and after."""
    values = line(one, metric, months)
    before, after = ([v for v in side if v is not None] for side in _sides(values, months))
    return tuple(sum(some) / len(some) if some else None for some in (before, after))  # type: ignore[return-value]


def line(one: Told, metric: Metric, months: Windows) -> list[float | None]:
    """The value of each month, a yearly rate of what happens."""
    if not _is_rate(metric):
        return [value.value for value in one.values]
    times = per(metric)
    pairs = zip(one.values, months.months, strict=True)
    rates = ((value.numerator, _exposure(value, month)) for value, month in pairs)
    return [times * events / years if events is not None and years else None for events, years in rates]


def per(metric: Metric) -> float:
    """What the rate of a counted metric is multiplied by."""
    return PER_HUNDRED.get(metric.unit, 1.0)


def _is_rate(metric: Metric) -> bool:
    return metric.interval == "poisson"


def _sides(values: Sequence[Value], months: Windows) -> tuple[Sequence[Value], Sequence[Value]]:
    return values[: len(months.before)], values[len(values) - len(months.after) :]


def _counted(told: Sequence[Told], months: Windows, side: int) -> Counted:
    days = (months.before, months.after)[side]
    rows = [(v, m) for one in told for v, m in zip(_sides(one.values, months)[side], days, strict=True)]
    return Counted(round(sum(v.numerator or 0.0 for v, _ in rows)), sum(_exposure(v, m) for v, m in rows))


def _exposure(value: MetricValue, month: date) -> float:
    return (value.denominator or 0.0) * ((month - first_day(month)).days + 1) / YEAR_DAYS
