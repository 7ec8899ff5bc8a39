"""A backtest as a PNG: when each target alerted in each unit, of all plans beside each other, and the mails below."""

import io
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from cli.terminal import harmless_words
from services.alerts.domain.backtest.document import FLAP_DAYS, Backtest, RaisedAlert, TestedPlan
from services.alerts.domain.backtest.words import WORDS, BacktestWords
from shared.language.language import Language

INK, FAINT, BAND, WARNED = "#222222", "#666666", "#f2f4f7", "#999999"
PLANS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7")
"""Colours of plans, over again after the last."""
WIDTH, LEFT, RIGHT = 13.0, 3.75, 0.3
"""Inches across: of the picture, and of what lies left and right of the plots."""
ABOVE, ROW, GAP, MAILS, FOOT = 1.1, 0.235, 0.62, 0.95, 0.72
"""Inches down: of the words above, a row, what lies between plots, the mails of a plan, the words below."""
DOTS = 125
MOST = 60
"""Rows of units; of more, those that alerted on most days."""
WIDE = 42
"""Characters of a name."""
LEAST = 4
"""Days that a bar is wide at least, to be seen in a picture of years."""
TICKS, STEPS = 14, (1, 2, 3, 4, 6, 12, 60)
"""How many months are named along a plot, and every which of them."""


class Place(NamedTuple):
    """A unit, by reference and name, under a target; without a unit the heading of the target."""

    target: str
    unit: str | None
    name: str


def png(found: Backtest, language: Language) -> bytes:
    """The picture, with words of a language."""
    out = io.BytesIO()
    drawn(found, language).savefig(out, format="png")
    return out.getvalue()


def drawn(found: Backtest, language: Language) -> Figure:
    """The picture before it is made into dots, as high as its rows need."""
    words, (places, left_out) = WORDS[language], _places(found)
    bars = max(2, len(places)) * ROW
    high = ABOVE + bars + (GAP + MAILS) * len(found.plans) + FOOT
    figure = Figure((WIDTH, high), DOTS)
    FigureCanvasAgg(figure)
    _write(figure, 0.2, words.picture.format(first=found.first, last=found.last), 15.0, INK)
    axes = _axes(figure, ABOVE, bars)
    _bars(axes, found, places, words)
    _handles(figure, found, words)
    for number, plan in enumerate(found.plans):
        _mails(_axes(figure, ABOVE + bars + GAP + (GAP + MAILS) * number, MAILS), found, plan, number, words)
    more = [words.picture_more.format(count=left_out)] if left_out else []
    _write(figure, high - 0.25, " ".join([*more, words.picture_flap.format(flap_days=FLAP_DAYS)]), 9.0, FAINT)
    return figure


def _places(found: Backtest) -> tuple[list[Place], int]:
    """By target, in the order of the plans, the units in which any of the plans alerted; and how many are left out."""
    days: dict[Place, int] = {}
    for one in (one for plan in found.plans for one in plan.alerts):
        place = Place(one.target, one.unit, one.unit_name)
        days[place] = days.get(place, 0) + one.days + 1
    shown = set(sorted(days, key=lambda place: (-days[place], place))[:MOST])
    targets = dict.fromkeys(one.target for plan in found.plans for one in plan.targets)
    return [place for target in targets for place in _under(target, shown)], len(days) - len(shown)


def _under(target: str, shown: set[Place]) -> Iterator[Place]:
    ours = sorted((place for place in shown if place.target == target), key=lambda place: (place.name, place.unit))
    if ours:
        yield Place(target, None, target)
        yield from ours


def _axes(figure: Figure, down: float, tall: float) -> Axes:
    """A plot so many inches from the top."""
    high = figure.get_figheight()
    return figure.add_axes((LEFT / WIDTH, 1 - (down + tall) / high, 1 - (LEFT + RIGHT) / WIDTH, tall / high))


def _bars(axes: Axes, found: Backtest, places: Sequence[Place], words: BacktestWords) -> None:
    row = {(place.target, place.unit): number for number, place in enumerate(places)}
    _span(axes, found)
    axes.set_ylim(max(2, len(places)) - 0.5, -0.5)
    axes.set_yticks([])
    for number, place in enumerate(places):
        heading = place.unit is None
        if heading:
            axes.axhspan(number - 0.5, number + 0.5, color=BAND, zorder=0)
        look: dict[str, Any] = {"fontsize": 9.5, "fontweight": "bold" if heading else "normal", "color": INK}
        at, side = (-LEFT / (WIDTH - LEFT - RIGHT) + 0.02, "left") if heading else (-0.01, "right")
        axes.text(at, number, _short(place.name), look, ha=side, va="center", transform=axes.get_yaxis_transform())
    for number, plan in enumerate(found.plans):
        for one in plan.alerts:
            if (one.target, one.unit) in row:
                _bar(axes, found, one, row[one.target, one.unit], (number, len(found.plans)))
    if not places:
        axes.text(0.5, 0.5, words.nobody, transform=axes.transAxes, ha="center", va="center", color=FAINT)


def _bar(axes: Axes, found: Backtest, one: RaisedAlert, row: int, lane: tuple[int, int]) -> None:
    """An alert of a plan, which has a lane of the row; a warning is a thin line, a flap has a mark where it begins."""
    number, count = lane
    tall = 0.76 / count
    middle = row - 0.38 + tall * (number + 0.5)
    begin = one.raised.toordinal()
    wide = max(LEAST, ((one.closed or found.last) - one.raised).days)
    warned = one.kind == "expected"
    height, colour = (tall * 0.22, WARNED) if warned else (tall * 0.86, _colour(number))
    axes.barh(middle, wide, left=begin, height=height, color=colour, zorder=2 + (not warned), linewidth=0)
    if one.flap:
        axes.plot([begin], [middle], marker="d", color=INK, markersize=4, zorder=5, clip_on=False)


def _mails(axes: Axes, found: Backtest, plan: TestedPlan, number: int, words: BacktestWords) -> None:
    """The mails of a plan week by week, to all recipients together."""
    sums: dict[str, int] = {}
    for one in plan.weeks:
        sums[one.week] = sums.get(one.week, 0) + one.mails
    begun = [date.fromisocalendar(int(week[:4]), int(week[-2:]), 1) for week in sums]
    axes.bar([day.toordinal() for day in begun], list(sums.values()), 7, align="edge", color=_colour(number), zorder=2)
    _span(axes, found)
    axes.set_ylim(0, max([2, *(_most(each) for each in found.plans)]) * 1.1)
    axes.yaxis.set_major_locator(MaxNLocator(3, integer=True))
    axes.tick_params(labelsize=9)
    name = f"{words.picture_mails}\n{_short(plan.name)}" if len(found.plans) > 1 else words.picture_mails
    axes.text(-0.045, 0.5, name, transform=axes.transAxes, ha="right", va="center", fontsize=9.5, color=INK)


def _most(plan: TestedPlan) -> int:
    weeks = {one.week for one in plan.weeks}
    return max((sum(one.mails for one in plan.weeks if one.week == week) for week in weeks), default=0)


def _span(axes: Axes, found: Backtest) -> None:
    """The days of the backtest along a plot."""
    axes.set_xlim(found.first.toordinal(), found.last.toordinal() + 1)
    ticks = _ticks(found)
    axes.set_xticks([day.toordinal() for day in ticks], [_tick(day) for day in ticks])
    axes.tick_params(axis="x", labelsize=9.5)
    axes.grid(axis="x", color="#dddddd", linewidth=0.6, zorder=1)
    axes.set_axisbelow(True)
    for edge in ("top", "right", "left"):
        axes.spines[edge].set_visible(False)


def _ticks(found: Backtest) -> list[date]:
    """First days of months, as many as there is room for, those of years among them; without any, the first day."""
    months = range(found.first.year * 12 + found.first.month - 1, found.last.year * 12 + found.last.month)
    for step in STEPS:
        days = [date(month // 12, month % 12 + 1, 1) for month in months if month % step == 0]
        some = [day for day in days if day >= found.first]
        if len(some) <= TICKS:
            break
    return some or [found.first]


def _tick(day: date) -> str:
    if day.day > 1:
        return str(day)
    return f"{day:%Y}" if day.month == 1 else f"{day:%m}"


def _handles(figure: Figure, found: Backtest, words: BacktestWords) -> None:
    several = len(found.plans) > 1
    named = [
        f"{words.kinds['breach']}, {_short(plan.name)}" if several else words.kinds["breach"] for plan in found.plans
    ]
    handles: list[Patch | Line2D] = [Patch(color=_colour(number), label=name) for number, name in enumerate(named)]
    handles.append(Line2D([], [], color=WARNED, linewidth=2, label=words.kinds["expected"]))
    handles.append(Line2D([], [], color=INK, marker="d", markersize=5, linestyle="", label=words.flap))
    top = 1 - 0.58 / figure.get_figheight()
    figure.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(LEFT / WIDTH - 0.008, top),
        ncols=4,
        frameon=False,
        fontsize=10,
    )


def _colour(number: int) -> str:
    return PLANS[number % len(PLANS)]


def _short(name: str) -> str:
    """A name that fits."""
    name = harmless_words(name)
    return name if len(name) <= WIDE else f"{name[: WIDE - 1]}…"


def _write(figure: Figure, down: float, text: str, size: float, colour: str) -> None:
    weight = "bold" if colour == INK else "normal"
    look: dict[str, Any] = {"fontsize": size, "color": colour, "fontweight": weight, "va": "top"}
    figure.text(0.02, 1 - down / figure.get_figheight(), text, look, parse_math=False)
