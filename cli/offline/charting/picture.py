"""A control chart as a PNG: the plot, words above it and at its right edge, legend, remarks and foot below it."""

import io
import textwrap
from collections.abc import Sequence
from math import ceil

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from cli.offline.charting import drawing
from cli.offline.charting.document import Document
from cli.offline.charting.drawing import draw_known_from, draw_phases, draw_points, dress, handles, scale
from cli.offline.charting.words import WORDS, Text, numbers
from cli.terminal import harmless
from shared.language.language import Language

WIDTH, ABOVE, PLOT, TICKS, ROW, LINE, FOOT = 12.0, 1.67, 3.5, 0.48, 0.225, 0.2, 0.72
"""Inches: of the picture, and down it of the words above, the plot, what stands along it, a row of the legend, a line
of the remarks, and the foot."""
LEFT, RIGHT, EDGE = 0.07, 0.845, 0.01
"""The sides of the plot, and how near to the edge anything comes, as parts of the width."""
COLUMNS = 2
WIDE, WIDE_BOLD, WIDE_SMALL = 145, 115, 165
"""Characters of a line of ordinary, of bold and of small words."""


def png(chart: Document, said: Text, language: Language) -> bytes:
    """The picture, with what is said of it in a language."""
    out = io.BytesIO()
    figure = drawn(chart, said, language)
    figure.savefig(out, format="png", metadata={"Title": harmless(said.title), "Software": "Stadga"})
    return out.getvalue()


def drawn(chart: Document, said: Text, language: Language) -> Figure:
    """The picture before it is made into dots, as high as its words need."""
    kinds = list(handles(chart, said.legend, WORDS[language]))
    remarks = [line for remark in said.remarks for line in textwrap.wrap(remark, WIDE)]
    verdicts = _verdicts(chart, said)
    above = ABOVE + LINE * sum(len(lines) for lines, _ in verdicts)
    below = TICKS + ROW * ceil(len(kinds) / COLUMNS) + LINE * len(remarks) + FOOT
    figure = Figure((WIDTH, above + PLOT + below), drawing.DOTS)
    FigureCanvasAgg(figure)
    _make_room(figure, _plot(figure, chart, language, below))
    _head(figure, said, verdicts)
    _explain(figure, kinds, below - TICKS)
    _foot(figure, remarks, said.foot)
    return figure


def _plot(figure: Figure, chart: Document, language: Language, below: float) -> Axes:
    high = figure.get_figheight()
    axes = figure.add_axes((LEFT, below / high, RIGHT - LEFT, PLOT / high))
    words, number = WORDS[language], numbers(chart, language)
    draw_points(axes, chart)
    scale(axes, chart)
    draw_phases(axes, chart, words, number)
    draw_known_from(axes, chart, words, language)
    dress(axes, chart, number)
    return axes


def _make_room(figure: Figure, axes: Axes) -> None:
    """Where values are long words ("17.5 people") the plot begins further in than words above and below it."""
    labels = axes.yaxis.get_tightbbox()
    if labels is not None and (over := EDGE - labels.x0 / figure.bbox.width) > 0:
        left, bottom, width, height = axes.get_position().bounds
        axes.set_position((left + over, bottom, width - over, height))


def _verdicts(chart: Document, said: Text) -> list[tuple[list[str], str]]:
    """What is known since each start: its lines, and their colour."""
    return [
        (
            textwrap.wrap(f"{drawing.ARROWS[one.verdict.upwards]} {sentence}", WIDE_BOLD),
            drawing.colour(one.reading),
        )
        for one, sentence in zip(chart.since, said.since, strict=True)
    ]


def _head(figure: Figure, said: Text, verdicts: Sequence[tuple[list[str], str]]) -> None:
    high = figure.get_figheight()

    def write(down: float, words: str, size: float, colour: str = drawing.INK, weight: str = "normal") -> None:
        look = {"fontsize": size, "color": colour, "fontweight": weight, "va": "top"}
        figure.text(LEFT, 1 - down / high, words, look, parse_math=False)

    write(0.26, harmless(said.title), drawing.TITLE, weight="bold")
    write(0.61, said.span, drawing.TEXT, drawing.FAINT)
    down = 0.84
    for lines, colour in verdicts:
        write(down, "\n".join(lines), drawing.TEXT, colour, "bold")
        down += LINE * len(lines)
    write(down, said.usual, drawing.TEXT + (0 if verdicts else 1), weight="normal" if verdicts else "bold")
    write(down + 0.22, textwrap.fill(said.how_to_read, WIDE), drawing.TEXT)


def _explain(figure: Figure, kinds: Sequence[Line2D], top: float) -> None:
    figure.legend(
        handles=kinds,
        loc="upper left",
        bbox_to_anchor=(LEFT - 0.01, top / figure.get_figheight()),
        ncols=COLUMNS,
        frameon=False,
        fontsize=drawing.TEXT,
    )


def _foot(figure: Figure, remarks: Sequence[str], foot: str) -> None:
    high = figure.get_figheight()
    small = textwrap.fill(foot, WIDE_SMALL)
    figure.text(LEFT, 0.11 / high, small, fontsize=drawing.SMALL, color=drawing.FAINT, va="bottom")
    figure.text(LEFT, 0.48 / high, "\n".join(remarks), fontsize=drawing.TEXT, color=drawing.INK, va="bottom")
