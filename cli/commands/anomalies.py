"""``stadga anomalies``: which events contradict what else is known, so that their source can be mended."""

from enum import StrEnum
from typing import Annotated

import typer

from cli import terminal
from cli.spoken import Language, Words


class Format(StrEnum):
    """How to print."""

    table = "table"
    json = "json"


def anomalies(
    kind: Annotated[str | None, typer.Option(help="one kind, such as in_closed_unit; default: all")] = None,
    unit: Annotated[str, typer.Option(help="samples of one unit and all below it")] = "*",
    most: Annotated[int, typer.Option(min=1, max=10_000, help="samples, at most")] = 20,
    url: Annotated[str | None, typer.Option(help="of the metrics service; default: the one that runs here")] = None,
    language: Words = Language.sv,
    how: Annotated[Format, typer.Option("--format", help="how to print")] = Format.table,
) -> None:
    """List what contradicts what else is known: how often, what to do, whose it is, and which events have a part in it.

    Correct it in the system that it came from. Exits with 2 if the service does not answer.
    """
    from cli.connect import anomalies as answers
    from cli.connect.service import AskingError

    try:
        found = answers.found(kind, unit, most, url)
    except AskingError as error:
        terminal.say(error.said(language.value))
        raise typer.Exit(2) from None
    if how == Format.json:
        typer.echo(answers.as_json(found))
    else:
        for table in answers.tables(found, language.value):
            terminal.console().print(table)
