"""A picture of a soak: memory and messages waiting, with the outages shaded."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure

from tests.harm.town import Sample

SHADES = {"postgres": "#4477aa", "kafka": "#ee6677", "mailbox": "#ccbb44"}


def draw(samples: Sequence[Sample], outages: Sequence[tuple[str, float, float]], path: Path) -> None:
    """Write it as PNG."""
    figure = Figure(figsize=(11, 7), layout="constrained")
    memory, waiting = figure.subplots(2, 1, sharex=True)
    minutes = [sample.at / 60 for sample in samples]
    for name in samples[0].memory:
        memory.plot(minutes, [sample.memory[name] for sample in samples], label=name)
        waiting.plot(minutes, [max(sample.waiting[name], 0) for sample in samples], label=name)
    for part, began, ended in outages:
        for axes in (memory, waiting):
            axes.axvspan(began / 60, ended / 60, color=SHADES[part], alpha=0.3)
    memory.set_ylabel("memory, MiB")
    memory.set_ylim(bottom=0)
    waiting.set_ylabel("messages waiting")
    waiting.set_yscale("symlog")
    waiting.set_ylim(bottom=0)
    waiting.set_xlabel("minutes; shaded: " + ", ".join(SHADES) + " away")
    memory.legend()
    figure.savefig(path, dpi=110)
