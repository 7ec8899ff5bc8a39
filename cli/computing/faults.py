"""Telling which lines of a log were not accepted, so that the rest can be trusted."""

from collections.abc import Sequence

import typer

from cli.computing.log import Fault

SHOWN = 20


def tell(faults: Sequence[Fault]) -> None:
    """Print the first of them to standard error, a line each, and how many more there are."""
    for f in faults[:SHOWN]:
        typer.echo(f"{f.file}:{f.line}: {f.reason} at {f.path}: {f.message}", err=True)
    if len(faults) > SHOWN:
        typer.echo(f"… and {len(faults) - SHOWN} more", err=True)
