"""An evaluation as a PNG: the units with the measure, those without it, and what is said of them."""

import io
import textwrap
from collections.abc import Sequence
from datetime import date
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter

from cli.terminal import harmless, harmless_words
from services.alerts.domain.evaluation.lines import smoothed, together
from services.alerts.domain.evaluation.telling import WORDS, EvaluationText
from services.alerts.domain.evaluation.words import EvaluationWords
from shared.contracts.catalogue import BY_NAME
from shared.contracts.evaluations import Evaluation, SideBySide
from shared.language.language import Language
from shared.language.numbers import amount

INK, FAINT, GREY, ACTED, COMPARED = "#222222", "#666666", "#cccccc", "#0072b2", "#555555"
WIDTH, ABOVE, PLOT, TICKS, LINE, EDGE = 12.0, 1.35, 3.8, 0.95, 0.215, 0.25
"""Inches: of the picture, and down it of the words above, the plot, what stands along it, a line of words below."""
LEFT, RIGHT = 0.08, 0.985
DOTS = 125
WIDE = 135
"""Characters of a line of words."""


def png(found: Evaluation, said: EvaluationText, language: Language) -> bytes:
    """The picture, with what is said in a language."""
    out = io.BytesIO()
    drawn(found, said, language).savefig(out, format="png", metadata={"Title": harmless(said.title)})
    return out.getvalue()


def drawn(found: Evaluation, said: EvaluationText, language: Language) -> Figure:
    """The picture before it is made into dots, as high as its words need."""
    below = [line for text in (*said.numbers, *said.care) for line in _wrapped(text)]
    plot = PLOT if found.lines else 0.0
    foot = TICKS * bool(plot) + LINE * (len(below) + 2) + EDGE
    question = _wrapped(said.question)
    above = ABOVE + LINE * (len(question) - 1)
    high = above + plot + foot
    figure = Figure((WIDTH, high), DOTS)
    FigureCanvasAgg(figure)
    _write(figure, 0.25, said.title, 16.0, INK, weight="bold")
    for number, line in enumerate(question):
        _write(figure, 0.62 + LINE * number, line, 10.5, FAINT)
    _write(figure, above - 0.45, f"{said.verdict}. {said.lead}", 12.5, INK, weight="bold")
    if found.lines:
        _plot(figure.add_axes((LEFT, foot / high, RIGHT - LEFT, plot / high)), found, language)
    for number, line in enumerate(below):
        _write(figure, above + plot + TICKS * bool(plot) + LINE * number, line, 10.5, INK)
    _write(figure, high - EDGE, said.foot, 8.5, FAINT)
    return figure


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDE)


def _write(figure: Figure, down: float, words: str, size: float, colour: str, weight: str = "normal") -> None:
    look: dict[str, Any] = {"fontsize": size, "color": colour, "fontweight": weight, "va": "top"}
    figure.text(LEFT, 1 - down / figure.get_figheight(), harmless_words(words), look, parse_math=False)


def _plot(axes: Axes, found: Evaluation, language: Language) -> None:
    words, months = WORDS[language], found.months
    before = sum(month <= found.before.last for month in months)
    after = sum(month < found.after.first for month in months)
    for line in (one for one in found.lines if one.role == "compared"):
        _draw(axes, smoothed(line.values), color=GREY, linewidth=0.9, zorder=2)
    _draw(axes, smoothed(together(found, "compared")), color=COMPARED, linewidth=2.2, zorder=4)
    _draw(axes, smoothed(together(found, "acted")), color=ACTED, linewidth=2.2, zorder=4)
    for side, colour in ((found.compared, COMPARED), (found.acted, ACTED)):
        _levels(axes, side, before, after, len(months), colour)
    axes.axvspan(before - 0.5, max(after - 0.5, before - 0.48), color="#e8eef4", zorder=1)
    _name_sides(axes, words, before, after, len(months))
    _dress(axes, found, language)
    axes.legend(handles=list(_handles(words)), loc="upper center", bbox_to_anchor=(0.5, -0.13), ncols=3, frameon=False)


def _draw(axes: Axes, values: Sequence[float | None], **look: Any) -> None:  # noqa: ANN401  (matplotlib's own)
    axes.plot(range(len(values)), [float("nan") if value is None else value for value in values], **look)


def _levels(axes: Axes, side: SideBySide | None, before: int, after: int, months: int, colour: str) -> None:
    if side is None:
        return
    for value, first, end in ((side.before, 0, before), (side.after, after, months)):
        if value is not None:
            axes.plot(
                (first - 0.5, end - 0.5), (value, value), color=colour, linewidth=1.6, linestyle=(0, (5, 3)), zorder=5
            )


def _name_sides(axes: Axes, words: EvaluationWords, before: int, after: int, months: int) -> None:
    spans = (
        (words.picture_before, 0, before),
        (words.picture_washed, before, after),
        (words.picture_after, after, months),
    )
    for name, first, end in spans:
        if end > first:
            axes.annotate(
                name,
                ((first + end - 1) / 2, 1.01),
                xycoords=axes.get_xaxis_transform(),
                ha="center",
                va="bottom",
                fontsize=10.5,
                fontweight="bold",
            )


def _dress(axes: Axes, found: Evaluation, language: Language) -> None:
    unit = BY_NAME[found.metric].unit
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: amount(y, unit, language)))
    least = min((value for line in found.lines for value in line.values if value is not None), default=0.0)
    axes.set_ylim(bottom=0.0 if least >= 0 else None)
    axes.set_xlim(-0.5, len(found.months) - 0.5)
    shown = [(x, month) for x, month in enumerate(found.months) if (month.month - 1) % 3 == 0]
    axes.set_xticks([x for x, _ in shown], [_tick(month) for _, month in shown])
    axes.tick_params(labelsize=10.5, color=FAINT)
    for edge in ("top", "right"):
        axes.spines[edge].set_visible(False)
    axes.grid(axis="y", color="#dddddd", linewidth=0.6, zorder=0)


def _tick(month: date) -> str:
    return f"{month:%Y-%m}"


def _handles(words: EvaluationWords) -> list[Line2D]:
    looks = (
        (ACTED, 2.2, words.picture_acted),
        (COMPARED, 2.2, words.picture_compared),
        (GREY, 0.9, words.picture_unit),
    )
    return [Line2D([], [], color=colour, linewidth=wide, label=text) for colour, wide, text in looks]
