"""Writes a log as JSON lines and says how far it has come when that takes a while."""

from collections.abc import Iterable
from datetime import date
from time import monotonic
from typing import BinaryIO

from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from cli import terminal
from shared.contracts.envelope import CloudEvent, encode
from shared.language.language import Language
from shared.language.said import Said

PATIENCE = 1.0
"""Seconds of silence before a progress bar appears."""
STEP = 5_000
"""Events between two looks at the clock."""
WORK, DAYS = Said("Simulerar", "Simulating"), Said("dagar", "days")


def write(events: Iterable[CloudEvent], target: BinaryIO, first: date, last: date, language: Language) -> int:
    """Write each event on a line of its own; returns how many. The bar counts the days from first to last."""
    count, began = 0, monotonic()
    with _bar(DAYS.told(language)) as bar:
        days = bar.add_task(WORK.told(language), total=(last - first).days + 1, visible=False)
        for count, event in enumerate(events, 1):
            target.write(encode(event) + b"\n")
            if count % STEP == 0 and monotonic() - began > PATIENCE:
                bar.update(days, completed=(event.time.date() - first).days, visible=True)
    target.flush()
    return count


def _bar(unit: str) -> Progress:
    console = terminal.console(stderr=True)
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(unit),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
