"""A control chart as a PNG."""

import io
import textwrap
from datetime import date

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter

from cli.charting import style
from cli.charting.bands import draw_phases
from cli.charting.document import Document
from cli.charting.points import draw_points, handles
from cli.charting.telling import Numbers, Text, numbers
from cli.charting.words import WORDS, short_month
from services.alerts.domain.message_numbers import amount
from services.alerts.domain.occasion import Language
from shared.contracts.catalogue import BY_NAME

LEFT, RIGHT, BOTTOM, TOP = 0.07, 0.845, 0.30, 0.775
"""The plot within the figure: words above it, at its right edge and below it."""
LABELLED = 2.6
"""So much more room is above the points where earlier phases are labelled."""
WIDE, WIDE_SMALL = 145, 165
"""Characters of a line of ordinary and of small words."""


def png(chart: Document, said: Text, language: Language) -> bytes:
    """The picture, with what is said of it in a language."""
    out = io.BytesIO()
    figure = drawn(chart, said, language)
    figure.savefig(out, format="png", metadata={"Title": said.title, "Software": "Stadga"})
    return out.getvalue()


def drawn(chart: Document, said: Text, language: Language) -> Figure:
    """The picture before it is made into dots."""
    figure = Figure(style.SIZE, style.DOTS)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((LEFT, BOTTOM, RIGHT - LEFT, TOP - BOTTOM))
    words, number = WORDS[language], numbers(chart, language)
    draw_points(axes, chart)
    _scale(axes, chart)
    draw_phases(axes, chart, words, number)
    _dress(axes, chart, number)
    _explain(figure, list(handles(chart, said.legend, words)))
    _write(figure, said)
    return figure


def _scale(axes: Axes, chart: Document) -> None:
    """From 0 where that costs little: most readers take the foot of an axis for nothing."""
    shown = [p.value for p in chart.points if p.value is not None]
    shown += [x for p in chart.phases if p.limits for x in (p.limits.shown_lower, p.limits.shown_upper)]
    low, high = min(shown, default=0.0), max(shown, default=1.0)
    room = 0.12 * (high - low) or 0.1 * abs(high) or 1.0
    bottom = 0.0 if 0 <= low < 0.4 * high else low - room
    axes.set_ylim(bottom, high + (room if len(chart.phases) == 1 else LABELLED * room))
    axes.set_xlim(-0.6, len(chart.points) - 0.4)


def _dress(axes: Axes, chart: Document, number: Numbers) -> None:
    unit = BY_NAME[chart.metric].unit
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: amount(y, unit, number.language)))
    months = [date.fromisoformat(f"{point.month}-01") for point in chart.points]
    every = 1 if len(months) <= 18 else 3
    named = [(x, month) for x, month in enumerate(months) if (month.month - 1) % every == 0]
    axes.set_xticks(
        [x for x, _ in named], [_tick(month, number.language, is_first=not i) for i, (_, month) in enumerate(named)]
    )
    axes.tick_params(labelsize=style.TEXT, color=style.FAINT)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.grid(axis="y", color="#dddddd", linewidth=0.6, zorder=0)


def _tick(month: date, language: Language, *, is_first: bool) -> str:
    """The year stands below its first month."""
    said = short_month(month, language)
    return f"{said}\n{month.year}" if is_first or month.month == 1 else said


def _explain(figure: Figure, kinds: list[Line2D]) -> None:
    corner = LEFT - 0.01, BOTTOM - 0.065
    figure.legend(handles=kinds, loc="upper left", bbox_to_anchor=corner, ncols=2, frameon=False, fontsize=style.TEXT)


def _write(figure: Figure, said: Text) -> None:
    figure.text(LEFT, 0.965, said.title, fontsize=style.TITLE, fontweight="bold", va="top", color=style.INK)
    figure.text(LEFT, 0.918, said.span, fontsize=style.TEXT, va="top", color=style.FAINT)
    figure.text(LEFT, 0.887, said.usual, fontsize=style.TEXT + 1, va="top", fontweight="bold")
    figure.text(LEFT, 0.857, textwrap.fill(said.how_to_read, WIDE), fontsize=style.TEXT, va="top", color=style.INK)
    small = textwrap.fill(said.foot, WIDE_SMALL)
    figure.text(LEFT, 0.015, small, fontsize=style.SMALL, va="bottom", color=style.FAINT)
    remarks = "\n".join(textwrap.fill(remark, WIDE) for remark in said.remarks)
    figure.text(LEFT, 0.065, remarks, fontsize=style.TEXT, va="bottom", color=style.INK)
