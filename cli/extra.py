"""The extra ``stadga[local]``: packages that the services do without, for pictures and for the stack on one machine."""

from importlib.util import find_spec

import typer

from cli import terminal


def need(*packages: str) -> None:
    """End the command with 2, and a sentence that names the extra, unless the packages can be imported."""
    if missing := [package for package in packages if find_spec(package) is None]:
        terminal.say(f"this needs {' and '.join(missing)}, which the extra stadga[local] installs")
        raise typer.Exit(2)
