"""A control chart as a document: everything that its picture shows."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

import msgspec

from cli.offline.charting.months import MonthlySeries, name
from shared.contracts.catalogue import Metric
from shared.contracts.metrics import MetricValue, Status
from shared.language.charts import Reading, read, reading
from shared.statistics import control_chart
from shared.statistics.special_causes import Cause, Signal
from shared.statistics.verdict import Verdict


class Special(msgspec.Struct, frozen=True):
    """What is special about a point: the rule that says most, which way, and whether that is good."""

    cause: Cause
    direction: Literal["up", "down"]
    reading: Reading


class Point(msgspec.Struct, frozen=True):
    """One month; without a value it is a gap."""

    month: str
    as_of: date
    window_days: int
    status: Status
    value: float | None
    numerator: float | None
    denominator: float | None
    special: Special | None
    causes: tuple[Cause, ...]


class Bounds(msgspec.Struct, frozen=True):
    """The mean of a phase and its limits; ``shown_lower`` and ``shown_upper`` as drawn: within what can be."""

    mean: float
    lower: float
    upper: float
    near_lower: float
    near_upper: float
    shown_lower: float
    shown_upper: float


class Phase(msgspec.Struct, frozen=True):
    """Months that are judged by the same limits; none if no two months in a row have a value.

    ``plan_start`` is the day of the plan that began it, ``values`` how many months have one. ``carried``: the limits
    are those from before that day. They are drawn from ``drawn_from`` months, ``on_trial`` if those are few.
    """

    first: str
    last: str
    plan_start: date | None
    values: int
    on_trial: bool
    limits: Bounds | None
    carried: bool
    drawn_from: int


class Since(msgspec.Struct, frozen=True):
    """What is known since a plan's start, and whether that is good; None where no change is known."""

    plan_start: date
    reading: Reading | None
    verdict: Verdict


class Document(msgspec.Struct, frozen=True):
    """One metric of one group, with its points and phases.

    Months that reach back before ``known_from`` have no value: what it would be made of is not known. ``provisional``
    while more is being taken in than is published: nothing is to be acted on yet.
    """

    metric: str
    definition: str
    source: str
    measured_in: str
    unit: str
    unit_name: str
    occupation: str
    known_to: date
    points: tuple[Point, ...]
    phases: tuple[Phase, ...]
    since: tuple[Since, ...]
    known_from: date | None = None
    provisional: bool = False


def document(series: MonthlySeries, starts: dict[int, date]) -> Document:
    """The chart of a series in which plans start, by the position of the first whole month of each."""
    values = [value.value for value in series.values]
    found = control_chart.chart(values, starts)
    metric = series.metric
    return Document(
        metric.name,
        metric.definition,
        metric.source,
        metric.unit,
        series.unit,
        series.unit_name,
        series.occupation,
        series.known_to,
        tuple(
            _point(month, value, signals, metric)
            for month, value, signals in zip(series.months, series.values, found.signals, strict=True)
        ),
        tuple(_phase(phase, series.months, values, starts, metric) for phase in found.phases),
        tuple(
            Since(day, read(verdict, metric.direction), verdict)
            for (_, day), verdict in zip(sorted(starts.items()), found.verdicts, strict=True)
        ),
        series.known_from,
        series.provisional,
    )


def _point(month: date, value: MetricValue, signals: tuple[Signal, ...], metric: Metric) -> Point:
    special = None
    if signals:
        special = Special(
            signals[0].cause,
            "up" if signals[0].upwards else "down",
            reading(metric.direction, upwards=signals[0].upwards),
        )
    causes = tuple(dict.fromkeys(signal.cause for signal in signals))
    return Point(
        name(month), month, month.day, value.status, value.value, value.numerator, value.denominator, special, causes
    )


def _phase(
    phase: control_chart.Phase,
    months: Sequence[date],
    values: Sequence[float | None],
    starts: dict[int, date],
    metric: Metric,
) -> Phase:
    first, last, start = name(months[phase.first]), name(months[phase.end - 1]), starts.get(phase.first)
    bounds = None
    if limits := phase.limits:
        floor, ceiling = _possible(values, metric)
        bounds = Bounds(*limits, max(limits.lower, floor), min(limits.upper, ceiling))
    return Phase(first, last, start, phase.known, phase.on_trial, bounds, phase.carried, phase.drawn_from)


def _possible(values: Sequence[float | None], metric: Metric) -> tuple[float, float]:
    """What limits may be drawn at: not below 0 where nothing is, and not above 1 where a share never is."""
    known = [value for value in values if value is not None]
    low = 0.0 if min(known) >= 0 else -float("inf")
    return low, 1.0 if metric.unit == "ratio" and max(known) <= 1 else float("inf")
