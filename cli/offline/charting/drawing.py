"""What is drawn within the frame of a chart: how marks look, axes, points, the bands of phases, the starts of plans.

The colours are told apart by the colour-blind too, and never alone: each rule has its shape. Source of the colours:
M. Okabe and K. Ito, Color Universal Design.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter

from cli.offline.charting.document import Bounds, Document, Phase, Point, Special
from cli.offline.charting.months import last_day, name
from cli.offline.charting.words import ChartWords, LegendEntry, short_month
from shared.contracts.catalogue import BY_NAME
from shared.language.charts import Reading
from shared.language.language import Language
from shared.language.numbers import Numbers, amount, day
from shared.statistics.special_causes import Cause

INK, FAINT, LINE, BAND = "#222222", "#666666", "#8a8a8a", "#e8eef4"
Span = tuple[float, float]
COLOURS: dict[Reading, str] = {"improvement": "#0072b2", "concern": "#d55e00", "neutral": "#8b4a8b"}
SHAPES: dict[Cause, tuple[str, str]] = {
    "outside": ("D", "D"),
    "trend": ("^", "v"),
    "two_of_three": ("s", "s"),
    "shift": ("p", "p"),
}
"""The marker of each rule, upwards and downwards."""
ARROWS: dict[bool | None, str] = {True: "▲", False: "▼", None: "●"}
"""Before what is known since a start: which way it goes, if any."""

DOTS = 125
"""An inch."""
TEXT, SMALL, TITLE = 10.5, 8.5, 16.0
LABELLED = 2.6
"""So much more room is above the points where earlier phases are labelled."""
APART = 0.14
"""How far labels at the right edge must lie apart, as a part of the height of the plot."""
NARROW = 0.19
"""Less of the width of the plot than this holds no label."""
START_WIDE = 0.14
"""How much of the width of the plot the words at a start take."""


class Look(NamedTuple):
    """A marker: its shape, its colour and its size in points."""

    shape: str
    colour: str
    size: float = 9.0


ORDINARY = Look("o", LINE, 6.5)
HIDDEN = Look("x", FAINT, 7)
ABSENT = Look("_", FAINT, 9)
GAPS = {"suppressed": HIDDEN, "not_applicable": ABSENT}


def look_of(what: Special) -> Look:
    """The marker of what is special."""
    return Look(SHAPES[what.cause][what.direction == "down"], COLOURS[what.reading])


def look(point: Point) -> Look:
    """The marker of a month."""
    if point.value is None:
        return GAPS[point.status]
    return look_of(point.special) if point.special else ORDINARY


def scale(axes: Axes, chart: Document) -> None:
    """From 0 where that costs little: most readers take the foot of an axis for nothing."""
    shown = [p.value for p in chart.points if p.value is not None]
    shown += [x for p in chart.phases if p.limits for x in (p.limits.shown_lower, p.limits.shown_upper)]
    low, high = min(shown, default=0.0), max(shown, default=1.0)
    room = 0.12 * (high - low) or 0.1 * abs(high) or 1.0
    bottom = 0.0 if 0 <= low < 0.4 * high else low - room
    axes.set_ylim(bottom, high + (room if len(chart.phases) == 1 else LABELLED * room))
    axes.set_xlim(-0.6, len(chart.points) - 0.4)


def dress(axes: Axes, chart: Document, number: Numbers) -> None:
    """Values as they are read on one axis, months on the other."""
    unit = BY_NAME[chart.metric].unit
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: amount(y, unit, number.language)))
    months = [date.fromisoformat(f"{point.month}-01") for point in chart.points]
    every = 1 if len(months) <= 18 else 3
    named = [(x, month) for x, month in enumerate(months) if (month.month - 1) % every == 0]
    axes.set_xticks(
        [x for x, _ in named], [_tick(month, number.language, is_first=not i) for i, (_, month) in enumerate(named)]
    )
    axes.tick_params(labelsize=TEXT, color=FAINT)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.grid(axis="y", color="#dddddd", linewidth=0.6, zorder=0)


def _tick(month: date, language: Language, *, is_first: bool) -> str:
    """The year stands below its first month."""
    said = short_month(month, language)
    return f"{said}\n{month.year}" if is_first or month.month == 1 else said


def draw_points(axes: Axes, chart: Document) -> None:
    """A line through months that follow each other, and a mark for each; at the foot where there is no value.

    Of months that reach back before what is known nothing is drawn.
    """
    for known, run in groupby(enumerate(chart.points), lambda place: place[1].value is not None):
        if known:
            xs, points = zip(*run, strict=True)
            axes.plot(xs, [point.value for point in points], color=LINE, linewidth=1.4, zorder=3)
    for x, point in enumerate(chart.points):
        if point.value is None and point.status not in GAPS:
            continue
        mark = _mark(look(point), hollow=point.status == "low_reliability")
        if point.value is None:
            axes.plot(x, 0.02, transform=axes.get_xaxis_transform(), **mark)
        else:
            axes.plot(x, point.value, zorder=4, clip_on=False, **mark)


def handles(chart: Document, legend: tuple[LegendEntry, ...], words: ChartWords) -> Iterator[Line2D]:
    """What each kind of point that there is looks like and means."""
    statuses = {point.status for point in chart.points}
    yield _handle(ORDINARY, words.ordinary)
    for entry in legend:
        yield _handle(look_of(entry.what), entry.text)
    if "low_reliability" in statuses:
        yield _handle(ORDINARY, words.few, hollow=True)
    if "suppressed" in statuses:
        yield _handle(HIDDEN, words.hidden)
    if "not_applicable" in statuses:
        yield _handle(ABSENT, words.absent)


def _handle(look: Look, text: str, *, hollow: bool = False) -> Line2D:
    return Line2D([], [], label=text, **_mark(look, hollow=hollow))


def _mark(look: Look, *, hollow: bool) -> dict[str, Any]:
    return {
        "linestyle": "",
        "marker": look.shape,
        "markersize": look.size,
        "markeredgecolor": look.colour,
        "markeredgewidth": 1.5,
        "markerfacecolor": "white" if hollow else look.colour,
    }


def draw_phases(axes: Axes, chart: Document, words: ChartWords, number: Numbers) -> None:
    """Bands and lines; the last phase is labelled at the right edge, each earlier one within the plot if it is wide.

    Near limits are drawn only where a point is special because of them. Where limits are carried on, a line of its own
    shows the mean since the start.
    """
    places = {point.month: x for x, point in enumerate(chart.points)}
    has_near = any("two_of_three" in point.causes for point in chart.points)
    means = {one.plan_start: (one.verdict.after.mean, colour(one.reading)) for one in chart.since}
    ends = [not phase.carried for phase in chart.phases[1:]] + [True]
    left = 0.0
    for phase, limits_end in zip(chart.phases, ends, strict=True):
        if phase.limits:
            span = max(places[phase.first], _first_known(chart)) - 0.5, places[phase.last] + 0.5
            left = left if phase.carried else span[0]
            _draw_phase(axes, phase.limits, span, has_near=has_near)
            if limits_end:
                _label(axes, phase, (left, span[1]), words, number)
            if phase.plan_start and phase.carried:
                _draw_mean_since(axes, *means[phase.plan_start], span, words, number)
    draw_starts(axes, [phase.plan_start for phase in chart.phases if phase.plan_start], places, words, number.language)


def colour(reading: Reading | None) -> str:
    """Of what is known since a start."""
    return COLOURS[reading] if reading else INK


def _draw_mean_since(
    axes: Axes, mean: float | None, shade: str, span: Span, words: ChartWords, number: Numbers
) -> None:
    if mean is None:
        return
    axes.plot(span, (mean, mean), color=shade, linewidth=2.2, linestyle=(0, (1, 1)), zorder=2)
    left, right = axes.get_xlim()
    if span[1] - span[0] > NARROW * (right - left):
        _write_within(axes, words.after.format(mean=number(mean)), span[0], shade)


def draw_known_from(axes: Axes, chart: Document, words: ChartWords, language: Language) -> None:
    """A line at the first day that is known, and words where nothing is; where that is narrow, at the top beside it."""
    if chart.known_from is None:
        return
    x = _first_known(chart) - 0.5
    left, right = axes.get_xlim()
    room = x - left > NARROW * (right - left)
    axes.axvline(x, color=FAINT, linewidth=1.2, linestyle=(0, (2, 3)), zorder=2)
    axes.annotate(
        words.known_from.format(day=day(chart.known_from, language)),
        (x, 0.5 if room else 1),
        (-6, 0) if room else (6, -6),
        xycoords=axes.get_xaxis_transform(),
        textcoords="offset points",
        ha="right" if room else "left",
        va="center" if room else "top",
        fontsize=TEXT,
        color=FAINT,
    )


def _first_known(chart: Document) -> int:
    """The place of the first month that does not reach back before what is known."""
    return next((x for x, point in enumerate(chart.points) if point.status != "incomplete"), len(chart.points))


def _draw_phase(axes: Axes, limits: Bounds, span: Span, *, has_near: bool) -> None:
    axes.fill_between(span, limits.shown_lower, limits.shown_upper, color=BAND, linewidth=0, zorder=1)
    axes.plot(span, (limits.mean, limits.mean), color=INK, linewidth=1.6, zorder=2)
    for limit in (limits.shown_lower, limits.shown_upper):
        axes.plot(span, (limit, limit), color=INK, linewidth=1.1, linestyle=(0, (6, 4)), zorder=2)
    for near in (limits.near_lower, limits.near_upper) if has_near else ():
        if limits.shown_lower < near < limits.shown_upper:
            axes.plot(span, (near, near), color=FAINT, linewidth=0.8, linestyle=(0, (1, 3)), zorder=2)


def _label(axes: Axes, phase: Phase, span: Span, words: ChartWords, number: Numbers) -> None:
    left, right = axes.get_xlim()
    if phase.limits is None:
        return
    if span[1] > right - 0.5:
        _label_at_the_edge(axes, phase.limits, words.mean_before if phase.carried else words.mean, words, number)
    elif span[1] - span[0] > NARROW * (right - left):
        limits = phase.limits
        low, high = number(limits.shown_lower), number(limits.shown_upper)
        _write_within(axes, words.earlier.format(mean=number(limits.mean), low=low, high=high), span[0], INK)


def _write_within(axes: Axes, text: str, left: float, shade: str) -> None:
    axes.annotate(
        text,
        (left + 0.2, 0.98),
        xycoords=axes.get_xaxis_transform(),
        ha="left",
        va="top",
        fontsize=TEXT,
        color=shade,
    )


def _label_at_the_edge(axes: Axes, limits: Bounds, mean: str, words: ChartWords, number: Numbers) -> None:
    lines = [(limits.shown_lower, words.lower), (limits.mean, mean), (limits.shown_upper, words.upper)]
    bottom, top = axes.get_ylim()
    heights = _spread([(value - bottom) / (top - bottom) for value, _ in lines])
    for (value, pattern), height in zip(lines, heights, strict=True):
        axes.annotate(
            pattern.format(value=number(value)),
            (1.012, height),
            xycoords="axes fraction",
            ha="left",
            va="center",
            fontsize=TEXT,
            fontweight="bold" if pattern == mean else "normal",
        )


def _spread(heights: list[float]) -> list[float]:
    """Heights around the middle one, moved away from it where they lie too close for their words."""
    low, middle, high = heights
    return [min(low, middle - APART), middle, max(high, middle + APART)]


def draw_starts(
    axes: Axes, starts: Sequence[date], places: Mapping[str, int], words: ChartWords, language: Language
) -> None:
    """A line and words for each, in their order."""
    xs = [_place(start, places) for start in starts]
    for i, (start, x) in enumerate(zip(starts, xs, strict=True)):
        axes.axvline(x, color=INK, linewidth=1.4, zorder=2)
        axes.annotate(
            words.plan_starts.format(day=day(start, language)),
            (x, 1),
            (0, 4),
            xycoords=axes.get_xaxis_transform(),
            textcoords="offset points",
            ha=_side(i, xs, START_WIDE * len(places)),
            va="bottom",
            fontsize=TEXT,
            fontweight="bold",
        )


def _place(start: date, places: Mapping[str, int]) -> float:
    """As far into its month as the day is; a month reaches half a step to each side of its point."""
    return places[name(start)] - 0.5 + (start.day - 1) / last_day(start).day


def _side(i: int, xs: Sequence[float], wide: float) -> str:
    """Words stand in the middle above their line, or turn away from a neighbour that is near."""
    if i + 1 < len(xs) and xs[i + 1] - xs[i] < wide:
        return "right"
    return "left" if i and xs[i] - xs[i - 1] < wide else "center"
