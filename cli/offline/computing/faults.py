"""Telling which lines of a log were not accepted, so that the rest can be trusted."""

from collections.abc import Sequence

from cli import terminal
from cli.offline.computing.log import Fault
from cli.terminal import harmless

SHOWN = 20


def tell(faults: Sequence[Fault]) -> None:
    """Print the first of them to standard error, a line each, and how many more there are."""
    for f in faults[:SHOWN]:
        terminal.say(harmless(f"{f.file}:{f.line}: {f.reason} at {f.path}: {f.message}"))
    if len(faults) > SHOWN:
        terminal.say(f"… and {len(faults) - SHOWN} more")
