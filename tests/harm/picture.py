"""A picture of a load: memory, what waits, how long from an event to what comes of it, and how long answers take."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from cli.local.stack import SERVICES
from tests.harm.handing_over import PEAK
from tests.harm.measured import Measured
from tests.harm.probes import STAGES
from tests.harm.sender import SIZES
from tests.harm.verdict import Point, quantile

INK, FAINT, GRID = "#222222", "#666666", "#dddddd"
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#222222")
SHADES = {"postgres": "#4477aa", "kafka": "#ee6677", "mailbox": "#ccbb44"}
LONGEST = 60
"""Points of a line of answers: each is the 99th percentile of what was asked in so much of the run."""


def draw(measured: Measured, foot: str, path: Path) -> None:
    """Write it as PNG."""
    figure = Figure((12, 9), 110, layout="constrained")
    FigureCanvasAgg(figure)
    (memory, waiting), (lags, answers) = figure.subplots(2, 2, sharex=True)
    for axes in (memory, waiting, lags, answers):
        _shade(axes, measured)
    _lines(memory, "Memory, MiB", [(part, measured.memory(part)) for part in measured.samples[0].use])
    _lines(waiting, "Messages waiting", [(name, measured.waiting(name)) for name in SERVICES])
    _lines(lags, "From an accepted event to its value, step and mail, s", [(one, measured.lags(one)) for one in STAGES])
    by_size = [(f"{size} events", _worst(measured, measured.points(measured.sender.answers[size]))) for size in SIZES]
    asked = [(name, _worst(measured, measured.points(some))) for name, some in measured.questions.items()]
    _lines(answers, "Answers, p99 of each minute of an hour, s", [*by_size[:3], *asked])
    waiting.set_yscale("symlog", linthresh=10)
    lags.set_yscale("log")
    answers.set_yscale("log")
    memory.set_ylim(bottom=0)
    waiting.set_ylim(bottom=0)
    figure.supxlabel(f"minutes; {foot}\nshaded: {_shaded(measured)}", fontsize=9, color=FAINT)
    figure.savefig(path, format="png", metadata={"Title": "Load"})


def _lines(axes: Axes, title: str, lines: Sequence[tuple[str, Sequence[Point]]]) -> None:
    for colour, (name, points) in zip(COLOURS, lines, strict=False):
        axes.plot(
            [at / 60 for at, _ in points], [value for _, value in points], color=colour, label=name, linewidth=1.3
        )
    axes.set_title(title, fontsize=11, color=INK)
    axes.grid(color=GRID, linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(fontsize=8, frameon=False, ncols=2)


def _shade(axes: Axes, measured: Measured) -> None:
    for outage in measured.outages:
        axes.axvspan(outage.began / 60, outage.back / 60, color=SHADES[outage.part], alpha=0.3, linewidth=0)
    first, last = (share * measured.seconds / 60 for share in PEAK)
    axes.axvspan(first, last, color=FAINT, alpha=0.1, linewidth=0)


def _shaded(measured: Measured) -> str:
    """What the shades are; each colour by the name of what was away."""
    colours = {"#4477aa": "blue", "#ee6677": "red", "#ccbb44": "yellow"}
    parts = {outage.part: colours[SHADES[outage.part]] for outage in measured.outages}
    return ", ".join(["a month's end (grey)", *(f"{part} away ({colour})" for part, colour in parts.items())])


def _worst(measured: Measured, points: Sequence[Point]) -> list[Point]:
    """The 99th percentile of each part of the run in which anything was asked."""
    width, rooms = measured.seconds / LONGEST, dict[int, list[float]]()
    for at, value in points:
        rooms.setdefault(int(at / width), []).append(value)
    return [((room + 0.5) * width, quantile(values, 0.99)) for room, values in sorted(rooms.items())]
