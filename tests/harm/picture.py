"""A picture of a load: what is sent, how long answers and consequences take, what waits, and memory."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator

from cli.local.stack import SERVICES
from tests.harm.handing_over import PEAK
from tests.harm.measured import Measured
from tests.harm.probes import STAGES
from tests.harm.sender import SIZES
from tests.harm.verdict import Point, quantile

INK, FAINT, GRID = "#222222", "#666666", "#dddddd"
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#222222")
SHADES = {"postgres": ("#4477aa", "blue"), "kafka": ("#ee6677", "red"), "mailbox": ("#ccbb44", "yellow")}
PARTS = 60
"""Of the run; of each the 99th percentile of the answers to what was asked in it."""
DECADES = FuncFormatter(lambda value, _: f"{value:g}")
Lines = Sequence[tuple[str, Sequence[Point]]]


def draw(measured: Measured, foot: str, path: Path) -> None:
    """Write it as PNG."""
    figure = Figure((13, 11), 100, layout="constrained")
    FigureCanvasAgg(figure)
    sent, lags, answers, asked, waiting, memory = plots = list(figure.subplots(3, 2, sharex=True).flat)
    for axes in plots:
        _shade(axes, measured)
    answered = [(size, _worst(measured, measured.points(measured.sender.answers[size]))) for size in SIZES]
    questions = [(name, _worst(measured, measured.points(some))) for name, some in measured.questions.items()]
    _lines(sent, "Events accepted a second", [("events", _pace(measured))])
    _lines(
        lags, "From an accepted event to what comes of it, s", [(one, measured.lags(one)) for one in STAGES], dots=True
    )
    _lines(answers, "Answers to requests of so many events, p99, s", answered)
    _lines(asked, "Answers to questions, p99, s", questions)
    _lines(waiting, "Messages waiting", [(name, measured.waiting(name)) for name in SERVICES])
    _lines(memory, "Memory, MiB", [(part, measured.memory(part)) for part in measured.samples[0].use])
    for axes in (lags, answers, asked):
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 3)))
        axes.yaxis.set_major_formatter(DECADES)
        axes.yaxis.set_minor_formatter("")
    waiting.set_yscale("symlog", linthresh=10)
    waiting.yaxis.set_major_formatter(DECADES)
    for axes in (sent, waiting, memory):
        axes.set_ylim(bottom=0)
    figure.supxlabel(f"minutes; shaded: {_shaded(measured)}\n{foot}", fontsize=9, color=FAINT)
    figure.savefig(path, format="png", metadata={"Title": "Load"})


def _lines(axes: Axes, title: str, lines: Lines, *, dots: bool = False) -> None:
    looks = {"marker": ".", "linestyle": "", "markersize": 4} if dots else {"linewidth": 1.2}
    for colour, (name, points) in zip(COLOURS, lines, strict=False):
        minutes, values = [at / 60 for at, _ in points], [value for _, value in points]
        axes.plot(minutes, values, color=colour, label=name, alpha=0.85, **looks)
    axes.set_title(title, fontsize=11, color=INK, loc="left", pad=6 + 16 * (len(lines) > 1))
    axes.grid(color=GRID, linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    if len(lines) > 1:
        axes.legend(
            loc="lower left",
            bbox_to_anchor=(-0.02, 0.98),
            ncols=len(lines),
            fontsize=8,
            frameon=False,
            columnspacing=1,
            handlelength=1.2,
            borderpad=0.2,
        )


def _shade(axes: Axes, measured: Measured) -> None:
    for outage in measured.outages:
        axes.axvspan(outage.began / 60, outage.back / 60, color=SHADES[outage.part][0], alpha=0.3, linewidth=0)
    first, last = (share * measured.seconds / 60 for share in PEAK)
    axes.axvspan(first, last, color=FAINT, alpha=0.1, linewidth=0)


def _shaded(measured: Measured) -> str:
    """What the shades are; each colour by the name of what was away."""
    away = dict.fromkeys(outage.part for outage in measured.outages)
    return ", ".join(["a month's end (grey)", *(f"{part} away ({SHADES[part][1]})" for part in away)])


def _pace(measured: Measured) -> list[Point]:
    return [
        (after.at, (after.sent - before.sent) / (after.at - before.at)) for before, after in pairwise(measured.samples)
    ]


def _worst(measured: Measured, points: Sequence[Point]) -> list[Point]:
    """The 99th percentile of each part of the run in which anything was asked."""
    width, rooms = measured.seconds / PARTS, dict[int, list[float]]()
    for at, value in points:
        rooms.setdefault(int(at / width), []).append(value)
    return [((room + 0.5) * width, quantile(values, 0.99)) for room, values in sorted(rooms.items())]
