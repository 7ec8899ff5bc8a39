"""The control chart of a metric: what is usual from month to month, and which months are not."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from services.alerts.board import drawing
from services.alerts.board.drawing import Drawing, Label, Mark, Rule
from services.alerts.board.months import short_month
from services.alerts.board.writing import Numbers, Writing
from shared.contracts.catalogue import Metric
from shared.contracts.metrics import MetricValue
from shared.statistics import control_chart
from shared.statistics.control_chart import Chart
from shared.statistics.special_causes import Cause, Signal

SHAPES: dict[Cause, tuple[str, str]] = {
    "outside": ("diamond", "diamond"),
    "trend": ("up", "down"),
    "two_of_three": ("square", "square"),
    "shift": ("pentagon", "pentagon"),
}
"""The shape of each rule, upwards and downwards: as ``stadga chart`` draws them."""
UNFIT = frozenset(
    {
        "stability",
        "introduction_coverage",
        "mentor_coverage",
        "replacement_turnover",
        "overtime_capped_share",
        "pay_median",
        "pay_quartiles",
        "pay_p90_p10",
        "pay_gap",
    }
)
"""No monthly control chart is made of these (docs/charts.md): neighbours are nearly the same by construction."""
FEW_LABELS = 18


class MonthRow(NamedTuple):
    """A month in the table beside the chart."""

    month: str
    value: str
    interval: str
    says: str


class ControlChart(NamedTuple):
    """The picture, what is usual, and the rows of the table."""

    drawing: Drawing
    usual: str
    remark: str
    rows: list[MonthRow]


def control(
    months: Sequence[date], values: Sequence[MetricValue], metric: Metric, title: str, writing: Writing
) -> ControlChart:
    """The chart of a metric's months; of one that no monthly chart is made of, a line alone."""
    known = [value.value for value in values]
    chart = control_chart.chart(known) if metric.name not in UNFIT else Chart((), ((),) * len(known))
    number = _numbers(chart, metric, writing)
    return ControlChart(
        _drawing(months, known, chart, metric, title, number),
        _usual(chart, known, metric, number, writing),
        _remark(chart, writing),
        [_row(*each, metric, number, writing) for each in zip(months, values, chart.signals, strict=True)][::-1],
    )


def _numbers(chart: Chart, metric: Metric, writing: Writing) -> Numbers:
    widths = [phase.limits.upper - phase.limits.lower for phase in chart.phases if phase.limits]
    scale = 100 if metric.unit == "ratio" else 1
    return Numbers(metric.unit, writing.language, 2 if widths and min(widths) * scale < 1 else 1)


def _bounds(chart: Chart, known: Sequence[float | None]) -> tuple[float, float, float] | None:
    """Mean and limits as they are drawn: not below 0 where nothing is."""
    if not chart.phases or not (limits := chart.phases[-1].limits):
        return None
    floor = 0.0 if min(value for value in known if value is not None) >= 0 else limits.lower
    return max(limits.lower, floor), limits.mean, limits.upper


def _drawing(
    months: Sequence[date],
    known: Sequence[float | None],
    chart: Chart,
    metric: Metric,
    title: str,
    number: Numbers,
) -> Drawing:
    bounds = _bounds(chart, known)
    on = drawing.scale([*(value for value in known if value is not None), *(bounds or ())])
    xs = drawing.across(len(months))
    rules, bands = [], []
    if bounds:
        low, mean, high = bounds
        rules = [
            Rule(on.y(value), kind, number(value)) for value, kind in ((high, "limit"), (mean, "mean"), (low, "limit"))
        ]
        bands = drawing.band([drawing.LEFT, drawing.RIGHT], [low, low], [high, high], on)
    marks = [
        _mark(x, on.y(value), signals, metric)
        for x, value, signals in zip(xs, known, chart.signals, strict=True)
        if value is not None
    ]
    below = _below(months, xs, number)
    return Drawing(title, drawing.lines(xs, known, on), bands, rules, marks, below, _beside(on, number))


def _beside(on: drawing.Scale, number: Numbers) -> list[Label]:
    return [Label(on.y(value), number(value)) for value in drawing.ticks(on)]


def _below(months: Sequence[date], xs: Sequence[float], number: Numbers) -> list[Label]:
    every = 3 if len(months) <= FEW_LABELS else 12
    return [
        Label(x, short_month(month, number.language))
        for x, month in zip(xs, months, strict=True)
        if (month.month - 1) % every == 0 and 10 <= x <= 80
    ]


def _mark(x: float, y: float, signals: Sequence[Signal], metric: Metric) -> Mark:
    if not signals:
        return Mark(x, y, "dot", "ordinary")
    first = signals[0]
    return Mark(x, y, SHAPES[first.cause][not first.upwards], reading(metric, first))


def reading(metric: Metric, signal: Signal) -> str:
    """Whether what happened is good."""
    if metric.direction == "neutral":
        return "neutral"
    return "improvement" if signal.upwards == (metric.direction == "higher_is_better") else "concern"


def _usual(chart: Chart, known: Sequence[float | None], metric: Metric, number: Numbers, writing: Writing) -> str:
    words = writing.words
    if metric.name in UNFIT:
        return words.chart_unfit
    if not (bounds := _bounds(chart, known)):
        return words.chart_no_limits
    low, mean, high = bounds
    return writing.say(words.chart_usual, low=number(low), high=number(high), mean=number(mean))


def _remark(chart: Chart, writing: Writing) -> str:
    phase = chart.phases[-1] if chart.phases else None
    if phase is None or not phase.limits or not phase.on_trial:
        return ""
    return writing.say(writing.words.on_trial, count=phase.known)


def _row(
    month: date, value: MetricValue, signals: Sequence[Signal], metric: Metric, number: Numbers, writing: Writing
) -> MonthRow:
    words = writing.words
    if value.value is None:
        says = words.no_number.get(value.status, "")
    elif signals:
        says = f"{words.causes[signals[0]]}: {words.readings[reading(metric, signals[0])]}"
    else:
        says = "" if metric.name in UNFIT else words.ordinary
    return MonthRow(
        short_month(month, writing.language), number(value.value), number.between(value.low, value.high), says
    )
