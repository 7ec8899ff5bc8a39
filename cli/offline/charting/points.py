"""The points of a chart, and the marks of its legend."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from cli.offline.charting import style
from cli.offline.charting.document import Document
from cli.offline.charting.style import Look
from cli.offline.charting.telling import Entry
from cli.offline.charting.words import Words


def draw_points(axes: Axes, chart: Document) -> None:
    """A line through months that follow each other, and a mark for each; at the foot where there is no value."""
    for known, run in groupby(enumerate(chart.points), lambda place: place[1].value is not None):
        if known:
            xs, points = zip(*run, strict=True)
            axes.plot(xs, [point.value for point in points], color=style.LINE, linewidth=1.4, zorder=3)
    for x, point in enumerate(chart.points):
        mark = _mark(style.look(point), hollow=point.status == "low_reliability")
        if point.value is None:
            axes.plot(x, 0.02, transform=axes.get_xaxis_transform(), **mark)
        else:
            axes.plot(x, point.value, zorder=4, clip_on=False, **mark)


def handles(chart: Document, legend: tuple[Entry, ...], words: Words) -> Iterator[Line2D]:
    """What each kind of point that there is looks like and means."""
    statuses = {point.status for point in chart.points}
    yield _handle(style.ORDINARY, words.ordinary)
    for entry in legend:
        yield _handle(style.special(entry.what), entry.text)
    if "low_reliability" in statuses:
        yield _handle(style.ORDINARY, words.few, hollow=True)
    if "suppressed" in statuses:
        yield _handle(style.HIDDEN, words.hidden)
    if "not_applicable" in statuses:
        yield _handle(style.ABSENT, words.absent)


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
