"""Curves as a picture: what something costs, by how much there is."""

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullFormatter, NullLocator

INK, FAINT, GRID, LINE = "#222222", "#666666", "#dddddd", "#0072b2"
ACROSS, WIDTH, HEIGHT, FOOT = 3, 12.0, 3.3, 0.35
"""Plots in a row; inches of the picture across, of a row, and of the words below."""
DOTS = 110
DECADE = 10


class Curve(NamedTuple):
    """What is measured, by what, in which unit, and the points: how much there is, and what it costs."""

    title: str
    by: str
    unit: str
    points: Sequence[tuple[float, float]]


def drawn(curves: Sequence[Curve], foot: str) -> Figure:
    """All of them, each on axes of its own that begin at zero; ``foot`` says where it was measured."""
    rows = -(-len(curves) // ACROSS)
    figure = Figure((WIDTH, rows * HEIGHT + FOOT), DOTS, layout="constrained")
    FigureCanvasAgg(figure)
    for axes, curve in zip(figure.subplots(rows, ACROSS, squeeze=False).flat, curves, strict=False):
        _plot(axes, curve)
    figure.supxlabel(foot, fontsize=9, color=FAINT)
    return figure


def _plot(axes: Axes, curve: Curve) -> None:
    many, costs = [x for x, _ in curve.points], [y for _, y in curve.points]
    axes.plot(many, costs, color=LINE, marker="o", linewidth=1.8)
    if max(many) >= DECADE * min(many):
        axes.set_xscale("log")
        axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xticks(many)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:,.0f}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.tick_params(axis="x", labelrotation=30 if len(many) > ACROSS + 1 else 0)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:,.0f}" if max(costs) >= DECADE else f"{y:g}"))
    axes.set_ylim(0, max(costs) * 1.25)
    for x, y in curve.points:
        axes.annotate(_short(y), (x, y), (0, 7), textcoords="offset points", ha="center", fontsize=9, color=INK)
    axes.margins(x=0.1)
    axes.set_title(curve.title, fontsize=11, color=INK)
    axes.set_xlabel(curve.by, fontsize=9, color=FAINT)
    axes.set_ylabel(curve.unit, fontsize=9, color=FAINT)
    axes.grid(color=GRID, linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)


def _short(cost: float) -> str:
    return f"{cost:.1f}" if cost < DECADE else f"{cost:,.0f}"
