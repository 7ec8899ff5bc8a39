"""``stadga access check FILE``: what is wrong with a file of who may what, before anyone relies on it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from cli import terminal
from cli.spoken import Language, Words
from cli.terminal import harmless, harmless_lines

if TYPE_CHECKING:
    from rich.table import Table

    from shared.access.policy import Policy


class AccessWords(NamedTuple):
    """Of the table of groups."""

    title: str
    headings: tuple[str, str, str]
    all_units: str


WORDS = {
    Language.sv: AccessWords(
        "grupper: {count}, namngivna av {claim}", ("grupp", "roller", "enheter, med alla under dem"), "alla"
    ),
    Language.en: AccessWords(
        "groups: {count}, named by the claim {claim}", ("group", "roles", "units, with all below them"), "all"
    ),
}

access = typer.Typer(help="Who may what.", no_args_is_help=True)


@access.callback()
def accesses() -> None:
    """Who may what."""


@access.command()
def check(
    file: Annotated[Path, typer.Argument(help="a file such as deploy/access.yaml")],
    language: Words = Language.sv,
) -> None:
    """Print every fault as FILE:LINE:COLUMN, or a summary. Exits with 1 if it cannot be used, with 2 without a file."""
    from cli.connect.publishing.hindrance import sentence
    from shared.access.policy_file import MOST_BYTES, PolicyRefused, read
    from shared.kit import files

    try:
        found = read(files.read(file, MOST_BYTES).content)
    except OSError as error:
        terminal.say(harmless(sentence(error, language.value)))
        raise typer.Exit(2) from None
    except PolicyRefused as refused:
        for fault in refused.faults:
            terminal.say(harmless(f"{file}:{fault.said(language.value)}"), error=False)
        raise typer.Exit(1) from None
    terminal.console().print(_table(found, WORDS[language]))


def _table(found: "Policy", words: AccessWords) -> "Table":
    from rich.table import Table

    from shared.contracts.metrics import ALL

    table = Table(title=words.title.format(count=len(found.groups), claim=harmless(found.claim)), show_lines=True)
    for heading in words.headings:
        table.add_column(heading, overflow="fold")
    for name, group in found.groups.items():
        units = words.all_units if ALL in group.units else "\n".join(sorted(group.units))
        table.add_row(*map(harmless_lines, (name, ", ".join(group.roles), units)))
    return table
