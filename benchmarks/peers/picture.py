"""A picture of what Stadga and its peers took for the same log: by the clock, and of processor time."""

from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.peers.measure import STREAM, WHOLE, Compared
from cli.local.stack.part import ROOT

PICTURE = ROOT / "docs" / "pictures" / "peers.png"
OWN, OTHER, BESIDE = "#0072b2", "#8a8a8a", "#d5dde5"
ROOM = 1.25
"""So much wider than the longest bar, for the numbers beside them."""


def draw(found: Compared, machine: str, path: Path = PICTURE) -> None:
    """Write it as PNG; ``machine`` is what it was measured on."""
    figure = Figure(figsize=(12, 3.9), layout="constrained")
    rates, spent = figure.subplots(1, 2, sharey=True)
    figure.suptitle(f"{found.events:,} events to the same {found.facts:,} net facts", weight="bold")
    figure.supxlabel(machine, size=8)
    names = list(found.runs)
    colours = [OWN if name in {STREAM, WHOLE} else OTHER for name in names]
    _bars(rates, names, [found.events / run.seconds for run in found.runs.values()], colours)
    rates.set_title("events/s, from start to commit", size=10)
    own = [run.processor / found.events * 1e6 for run in found.runs.values()]
    both = [(run.processor + run.beside) / found.events * 1e6 for run in found.runs.values()]
    _bars(spent, names, both, [BESIDE] * len(names))
    spent.barh(names, own, color=colours)
    spent.set_title("processor time an event, µs; pale: of Kafka and PostgreSQL", size=10)
    rates.invert_yaxis()
    figure.savefig(path, dpi=110)


def _bars(axes: Axes, names: list[str], values: list[float], colours: list[str]) -> None:
    bars = axes.barh(names, values, color=colours)
    axes.bar_label(bars, [f"{value:,.0f}" for value in values], padding=4)
    axes.set_xlim(0, ROOM * max(values))
    axes.spines[["top", "right"]].set_visible(False)
