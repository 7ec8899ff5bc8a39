"""``stadga deliveries``: what belongs together and has not all come."""

from enum import StrEnum
from typing import Annotated

import typer

from cli import terminal
from cli.spoken import Language, Words


class Format(StrEnum):
    """How to print."""

    table = "table"
    json = "json"


def deliveries(
    url: Annotated[str | None, typer.Option(help="of the metrics service; default: the one that runs here")] = None,
    language: Words = Language.sv,
    how: Annotated[Format, typer.Option("--format", help="how to print")] = Format.table,
) -> None:
    """List deliveries that are not whole: how much has come of each, and until when it is waited for.

    To complete one, run the command that sent it again. Exits with 2 if the service does not answer.
    """
    from cli.connect import open_deliveries
    from cli.connect.service import AskingError

    try:
        found = open_deliveries.found(url)
    except AskingError as error:
        terminal.say(error.said(language.value))
        raise typer.Exit(2) from None
    if how == Format.json:
        typer.echo(open_deliveries.as_json(found))
    else:
        terminal.console().print(open_deliveries.table(found, language.value))
