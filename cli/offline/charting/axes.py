"""The axes of a chart: from where to where, and what is written along them."""

from datetime import date

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from cli.offline.charting import style
from cli.offline.charting.document import Document
from cli.offline.charting.telling import Numbers
from cli.offline.charting.words import short_month
from shared.contracts.catalogue import BY_NAME
from shared.language.language import Language
from shared.language.numbers import amount

LABELLED = 2.6
"""So much more room is above the points where earlier phases are labelled."""


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
    axes.tick_params(labelsize=style.TEXT, color=style.FAINT)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.grid(axis="y", color="#dddddd", linewidth=0.6, zorder=0)


def _tick(month: date, language: Language, *, is_first: bool) -> str:
    """The year stands below its first month."""
    said = short_month(month, language)
    return f"{said}\n{month.year}" if is_first or month.month == 1 else said
