"""From sums to published values: numerator, denominator, interval and status of every metric of every group."""

from collections.abc import Iterable, Sequence

import numpy as np

from services.metrics.domain.catalogue import FORMULAS, Formula
from services.metrics.domain.kernels import Floats, Sums
from services.metrics.domain.suppression import SMALL_GROUP, small
from shared.contracts.catalogue import METRICS, Metric
from shared.contracts.metrics import MetricValue
from shared.statistics.intervals import Bounds, binomial_share, poisson_rate

FEW = 10
"""Below this denominator a rate is marked as of low reliability: one person more or less changes it by a tenth."""


def value(sums: Sums, metrics: Iterable[Metric] = METRICS, limit: int = SMALL_GROUP) -> list[dict[str, MetricValue]]:
    """Every metric of every group, by name; ``limit`` is the largest group whose health metrics are hidden."""
    hidden = small(sums, limit)
    values: list[dict[str, MetricValue]] = [{} for _ in hidden]
    for metric in metrics:
        for group, found in enumerate(_metric(metric, FORMULAS[metric.name], sums, hidden)):
            values[group][metric.name] = found
    return values


def _metric(metric: Metric, formula: Formula, sums: Sums, hidden: Sequence[bool]) -> list[MetricValue]:
    top = formula.numerator(sums)
    if formula.denominator is None:
        return [MetricValue(status="final", definition=metric.definition, value=x, numerator=x) for x in top.tolist()]
    bottom = formula.denominator(sums)
    scale = formula.scale(sums) if formula.scale else np.ones_like(top)
    safe = np.where(bottom > 0, bottom, 1.0)
    low, high = _bounds(metric, top, safe / scale)
    columns = zip(top, bottom, scale * top / safe, low, high, hidden, strict=True)
    return [_one(metric, *(x.item() for x in numbers), hide=hide) for *numbers, hide in columns]


def _bounds(metric: Metric, top: Floats, bottom: Floats) -> Bounds:
    """The interval of each group, NaN where none is defined; a share above one is no share of its denominator."""
    if metric.interval == "poisson":
        return poisson_rate(np.maximum(top, 0), bottom)
    none = np.full_like(top, np.nan)
    if metric.interval == "none":
        return none, none
    sound = (top >= 0) & (top <= bottom)
    low, high = binomial_share(np.where(sound, top, 0), np.where(sound, bottom, 1))
    return np.where(sound, low, none), np.where(sound, high, none)


def _one(
    metric: Metric, top: float, bottom: float, ratio: float, low: float, high: float, *, hide: bool
) -> MetricValue:
    if metric.health and hide:
        return MetricValue(status="suppressed", definition=metric.definition)
    if bottom <= 0:
        return MetricValue(status="not_applicable", definition=metric.definition, numerator=top, denominator=bottom)
    known = not np.isnan(low)
    return MetricValue(
        status="low_reliability" if metric.interval != "none" and bottom < FEW else "final",
        definition=metric.definition,
        value=ratio,
        numerator=top,
        denominator=bottom,
        low=low if known else None,
        high=high if known else None,
    )
