"""The starts of plans, as lines across a chart."""

from collections.abc import Mapping, Sequence
from datetime import date

from matplotlib.axes import Axes

from cli.offline.charting import style
from cli.offline.charting.months import last_day, name
from cli.offline.charting.words import Words
from shared.language.language import Language
from shared.language.numbers import day

WIDE = 0.14
"""How much of the width of the plot the words at a start take."""


def draw_starts(
    axes: Axes, starts: Sequence[date], places: Mapping[str, int], words: Words, language: Language
) -> None:
    """A line and words for each, in their order."""
    xs = [_place(start, places) for start in starts]
    for i, (start, x) in enumerate(zip(starts, xs, strict=True)):
        axes.axvline(x, color=style.INK, linewidth=1.4, zorder=2)
        axes.annotate(
            words.plan_starts.format(day=day(start, language)),
            (x, 1),
            (0, 4),
            xycoords=axes.get_xaxis_transform(),
            textcoords="offset points",
            ha=_side(i, xs, WIDE * len(places)),
            va="bottom",
            fontsize=style.TEXT,
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
