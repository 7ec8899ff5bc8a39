"""The control chart of a metric: what is usual from month to month, and which months are not."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from services.alerts.board import drawing
from services.alerts.board.charted import Months
from services.alerts.board.drawing import Drawing, Label, Mark, Rule
from services.alerts.board.months import short_month
from services.alerts.board.starts import Start, position
from services.alerts.board.writing import Writing
from shared.contracts.catalogue import Metric
from shared.contracts.catalogue.monthly import UNFIT
from shared.contracts.metrics import MetricValue
from shared.language import charts
from shared.language import numbers as written
from shared.language.numbers import Numbers
from shared.language.phrase import capitalised
from shared.statistics import control_chart
from shared.statistics.control_chart import Chart, Phase
from shared.statistics.special_causes import Cause, Signal

SHAPES: dict[Cause, tuple[str, str]] = {
    "outside": ("diamond", "diamond"),
    "trend": ("up", "down"),
    "two_of_three": ("square", "square"),
    "shift": ("pentagon", "pentagon"),
}
"""The shape of each rule, upwards and downwards: as ``stadga chart`` draws them."""
FEW_LABELS = 18


class MonthRow(NamedTuple):
    """A month in the table beside the chart."""

    month: str
    value: str
    interval: str
    says: str


class Since(NamedTuple):
    """What is known since the start, the shape of which way it went, and how that is to be read."""

    text: str
    shape: str
    look: str


class ControlChart(NamedTuple):
    """The picture, what is usual, what is known since the start, and the rows of the table."""

    drawing: Drawing
    usual: str
    remark: str
    since: Since | None
    begun: list[str]
    """What began, and when."""
    rows: list[MonthRow]


def control(shown: Months, metric: Metric, title: str, writing: Writing) -> ControlChart:
    """The chart of a metric's months; of one that no monthly chart is made of, a line alone."""
    fit, known = metric.name not in UNFIT, shown.known
    split = shown.split if fit else None
    chart = control_chart.chart(known, [split[0]] if split else []) if fit else Chart((), ((),) * len(known))
    number = _numbers(chart, metric, writing)
    return ControlChart(
        _drawing(shown, chart, metric, title, number),
        _usual(chart, known, metric, number, writing),
        _remark(chart, writing),
        _since(chart, split[1], metric, number) if split else None,
        [f"{writing.day(start.on)}: {start.what}" for start in shown.starts if fit],
        [_row(*each, metric, number, writing) for each in zip(shown.months, shown.values, chart.signals, strict=True)][
            ::-1
        ],
    )


def chance_of_months(shown: Months, metric: Metric, writing: Writing) -> str:
    """Whether the latest month that has a value is more than chance, by the control chart; empty if none has one."""
    known, words = shown.known, writing.words
    last = next((place for place in reversed(range(len(known))) if known[place] is not None), None)
    if last is None:
        return ""
    split = shown.split
    chart = control_chart.chart(known, [split[0]] if split else [])
    phase = next(one for one in chart.phases if last < one.end)
    number = _numbers(chart, metric, writing)
    bounds = _bounds(phase, known)
    if bounds is None or phase.on_trial:
        return writing.say(words.months_few, count=phase.drawn_from)
    given = {"month": capitalised(written.month(shown.months[last], writing.language)), "value": number(known[last])}
    if signals := chart.signals[last]:
        return writing.say(words.months_special, cause=charts.WORDS[writing.language].causes[signals[0]], **given)
    given["month"] = written.month(shown.months[last], writing.language)
    return writing.say(words.months_ordinary, low=number(bounds[0]), high=number(bounds[2]), **given)


def _since(chart: Chart, start: Start, metric: Metric, number: Numbers) -> Since:
    [verdict] = chart.verdicts
    shape = "dot" if verdict.upwards is None else "up" if verdict.upwards else "down"
    look = charts.read(verdict, metric.direction) or "ordinary"
    return Since(charts.sentence(verdict, start.on, metric.direction, number), shape, look)


def _numbers(chart: Chart, metric: Metric, writing: Writing) -> Numbers:
    widths = [phase.limits.upper - phase.limits.lower for phase in chart.phases if phase.limits]
    scale = 100 if metric.unit == "ratio" else 1
    return Numbers(metric.unit, writing.language, 2 if widths and min(widths) * scale < 1 else 1)


def _bounds(phase: Phase, known: Sequence[float | None]) -> tuple[float, float, float] | None:
    """Lower limit, mean and upper limit as they are drawn: not below 0 where nothing is."""
    if not (limits := phase.limits):
        return None
    floor = 0.0 if min(value for value in known if value is not None) >= 0 else limits.lower
    return max(limits.lower, floor), limits.mean, limits.upper


def _drawing(shown: Months, chart: Chart, metric: Metric, title: str, number: Numbers) -> Drawing:
    known = shown.known
    bounds = [(phase, found) for phase in chart.phases if (found := _bounds(phase, known))]
    on = drawing.scale([*(value for value in known if value is not None), *(one for _, each in bounds for one in each)])
    xs = drawing.across(len(known))
    rules: list[Rule] = []
    bands: list[str] = []
    for phase, each in bounds:
        left, right = _sides(phase, xs)
        rules += _rules(phase is chart.phases[-1], each, left, right, on, number)
        bands += drawing.band([left, right], [each[0]] * 2, [each[2]] * 2, on)
    rules += _means_since(chart, metric, xs, on)
    marks = [
        _mark(x, on.y(value), signals, metric)
        for x, value, signals in zip(xs, known, chart.signals, strict=True)
        if value is not None
    ]
    labels = _below(shown.months, xs, number), _beside(on, number)
    return Drawing(title, drawing.lines(xs, known, on), bands, rules, marks, *labels, _uprights(shown, xs, number))


def _sides(phase: Phase, xs: Sequence[float]) -> tuple[float, float]:
    """Where the limits of a phase begin and end: halfway to the months of its neighbours."""
    half = (xs[1] - xs[0]) / 2 if len(xs) > 1 else 0.0
    left = drawing.LEFT if phase.first == 0 else xs[phase.first] - half
    right = drawing.RIGHT + 1.0 if phase.end == len(xs) else xs[phase.end] - half
    return round(left, 2), round(right, 2)


def _rules(
    last: bool, each: tuple[float, float, float], left: float, right: float, on: drawing.Scale, number: Numbers
) -> list[Rule]:
    """The limits and the mean; what they are at stands at the right edge."""
    low, mean, high = each
    lines = ((high, "limit"), (mean, "mean"), (low, "limit"))
    return [Rule(on.y(value), kind, number(value) if last else "", left, right) for value, kind in lines]


def _means_since(chart: Chart, metric: Metric, xs: Sequence[float], on: drawing.Scale) -> list[Rule]:
    """The mean since a start, where limits are carried on from before it."""
    found = []
    for phase, verdict in zip(chart.phases[1:], chart.verdicts, strict=True):
        if phase.carried and verdict.after.mean is not None:
            look = charts.read(verdict, metric.direction) or "ordinary"
            found.append(Rule(on.y(verdict.after.mean), f"since {look}", "", *_sides(phase, xs)))
    return found


def _uprights(shown: Months, xs: Sequence[float], number: Numbers) -> list[Label]:
    """A line for each start among the months."""
    half = (xs[1] - xs[0]) / 2 if len(xs) > 1 else 0.0
    places = ((position(shown.months, start.on), start) for start in shown.starts)
    return [
        Label(round(xs[place] - half, 2), written.day(start.on, number.language)) for place, start in places if place
    ]


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
    look = charts.reading(metric.direction, upwards=first.upwards)
    return Mark(x, y, SHAPES[first.cause][not first.upwards], look)


def _usual(chart: Chart, known: Sequence[float | None], metric: Metric, number: Numbers, writing: Writing) -> str:
    if metric.name in UNFIT:
        return writing.words.chart_unfit
    if not chart.phases or not (bounds := _bounds(chart.phases[-1], known)):
        return charts.WORDS[writing.language].no_limits
    redrawn = any(verdict.redrawn for verdict in chart.verdicts)
    kind: charts.LimitKind = "carried" if chart.phases[-1].carried else "redrawn" if redrawn else "own"
    return charts.usual(*bounds, number, kind)


def _remark(chart: Chart, writing: Writing) -> str:
    phase = chart.phases[-1] if chart.phases else None
    if phase is None or not phase.limits or not phase.on_trial:
        return ""
    return writing.say(writing.words.on_trial, count=phase.drawn_from)


def _row(
    month: date, value: MetricValue, signals: Sequence[Signal], metric: Metric, number: Numbers, writing: Writing
) -> MonthRow:
    said = charts.WORDS[writing.language]
    if value.value is None:
        says = writing.words.no_number.get(value.status, "")
    elif signals:
        good = charts.reading(metric.direction, upwards=signals[0].upwards)
        says = f"{said.causes[signals[0]]}: {said.readings[good]}"
    else:
        says = "" if metric.name in UNFIT else said.ordinary
    return MonthRow(
        short_month(month, writing.language), number(value.value), number.between(value.low, value.high), says
    )
