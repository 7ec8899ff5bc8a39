"""The phases of a chart: the band of normal variation, its mean, and the words that say what they are."""

from matplotlib.axes import Axes

from cli.offline.charting import style
from cli.offline.charting.document import Bounds, Document
from cli.offline.charting.starts import draw_starts
from cli.offline.charting.telling import Numbers
from cli.offline.charting.words import Words

Span = tuple[float, float]
APART = 0.125
"""How far labels at the right edge must lie apart, as a part of the height of the plot."""
NARROW = 0.19
"""Less of the width of the plot than this holds no label."""


def draw_phases(axes: Axes, chart: Document, words: Words, number: Numbers) -> None:
    """Bands and lines; the last phase is labelled at the right edge, each earlier one within the plot if it is wide.

    Near limits are drawn only where a point is special because of them.
    """
    places = {point.month: x for x, point in enumerate(chart.points)}
    has_near = any("two_of_three" in point.causes for point in chart.points)
    for phase in chart.phases:
        if phase.limits:
            span = places[phase.first] - 0.5, places[phase.last] + 0.5
            _draw(axes, phase.limits, span, has_near=has_near)
            _label(axes, phase.limits, span, words, number)
    draw_starts(axes, [phase.plan_start for phase in chart.phases if phase.plan_start], places, words, number.language)


def _draw(axes: Axes, limits: Bounds, span: Span, *, has_near: bool) -> None:
    axes.fill_between(span, limits.shown_lower, limits.shown_upper, color=style.BAND, linewidth=0, zorder=1)
    axes.plot(span, (limits.mean, limits.mean), color=style.INK, linewidth=1.6, zorder=2)
    for limit in (limits.shown_lower, limits.shown_upper):
        axes.plot(span, (limit, limit), color=style.INK, linewidth=1.1, linestyle=(0, (6, 4)), zorder=2)
    for near in (limits.near_lower, limits.near_upper) if has_near else ():
        if limits.shown_lower < near < limits.shown_upper:
            axes.plot(span, (near, near), color=style.FAINT, linewidth=0.8, linestyle=(0, (1, 3)), zorder=2)


def _label(axes: Axes, limits: Bounds, span: Span, words: Words, number: Numbers) -> None:
    left, right = axes.get_xlim()
    if span[1] > right - 0.5:
        _label_at_the_edge(axes, limits, words, number)
    elif span[1] - span[0] > NARROW * (right - left):
        _label_within(axes, limits, span, words, number)


def _label_within(axes: Axes, limits: Bounds, span: Span, words: Words, number: Numbers) -> None:
    low, high = number(limits.shown_lower), number(limits.shown_upper)
    axes.annotate(
        words.earlier.format(mean=number(limits.mean), low=low, high=high),
        (span[0] + 0.2, 0.98),
        xycoords=axes.get_xaxis_transform(),
        ha="left",
        va="top",
        fontsize=style.TEXT,
    )


def _label_at_the_edge(axes: Axes, limits: Bounds, words: Words, number: Numbers) -> None:
    lines = [(limits.shown_lower, words.lower), (limits.mean, words.mean), (limits.shown_upper, words.upper)]
    bottom, top = axes.get_ylim()
    heights = _spread([(value - bottom) / (top - bottom) for value, _ in lines])
    for (value, pattern), height in zip(lines, heights, strict=True):
        axes.annotate(
            pattern.format(value=number(value)),
            (1.012, height),
            xycoords="axes fraction",
            ha="left",
            va="center",
            fontsize=style.TEXT,
            fontweight="bold" if pattern == words.mean else "normal",
        )


def _spread(heights: list[float]) -> list[float]:
    """Heights around the middle one, moved away from it where they lie too close for their words."""
    low, middle, high = heights
    return [min(low, middle - APART), middle, max(high, middle + APART)]
