"""``stadga sources``: what is wrong with the registry of sources, and what history suggests it should say."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from cli import terminal
from cli.spoken import Language, Words
from cli.terminal import harmless, harmless_lines

if TYPE_CHECKING:
    from rich.table import Table

    from services.metrics.domain.sources.registry import Registry, Source


class RegistryWords(NamedTuple):
    """Of the table of sources, and of a list of units that cannot be read."""

    title: str
    headings: tuple[str, str, str, str]
    all_units: str
    not_utf8: str


WORDS = {
    Language.sv: RegistryWords(
        "källsystem: {count}", ("källsystem", "levererar", "enheter", "kontakt"), "alla", "inte UTF-8: byte {byte}"
    ),
    Language.en: RegistryWords(
        "sources: {count}", ("source", "delivers", "units", "contact"), "all", "not UTF-8: byte {byte}"
    ),
}

NOTHING = {
    "sv": "ingen händelse som mått görs av: inget att föreslå",
    "en": "no event that values are made of: nothing to propose",
}
sources = typer.Typer(help="The registry of sources: who delivers what, how often.", no_args_is_help=True)


@sources.callback()
def registries() -> None:
    """The registry of sources."""


@sources.command()
def check(
    file: Annotated[Path, typer.Argument(help="the registry")],
    units: Annotated[
        Path | None, typer.Option(help="a file with one unit a line: every unit the registry names must be in it")
    ] = None,
    language: Words = Language.sv,
) -> None:
    """Print every fault as FILE:LINE:COLUMN, or a summary. Exits with 1 if it cannot be used, with 2 without a file."""
    from cli.connect.publishing.hindrance import sentence
    from services.metrics.domain.sources.reading import MOST_BYTES, RegistryRefused, decoded, read
    from shared.kit import files

    try:
        known = {line.strip() for line in units.read_text("utf-8").splitlines() if line.strip()} if units else set()
        found = read(decoded(files.read(file, MOST_BYTES).content), known)
    except UnicodeDecodeError as error:
        terminal.say(harmless(f"{units}: {WORDS[language].not_utf8.format(byte=error.start)}"))
        raise typer.Exit(2) from None
    except OSError as error:
        terminal.say(harmless(sentence(error, language.value)))
        raise typer.Exit(2) from None
    except RegistryRefused as refused:
        for fault in refused.faults:
            terminal.say(harmless(f"{file}:{fault.said(language.value)}"), error=False)
        raise typer.Exit(1) from None
    terminal.console().print(_table(found, WORDS[language]))


@sources.command()
def propose(
    files: Annotated[list[Path], typer.Argument(help="JSON lines of CloudEvents", exists=True, dir_okay=False)],
    language: Words = Language.sv,
) -> None:
    """Print a registry as these events suggest it: a cadence for each source and kind; contacts are left to fill in.

    Exits with 2 when there is nothing to propose.
    """
    from cli.offline.computing import log
    from services.metrics.domain.sources.proposing import habits, proposal

    log.need(files, language.value)
    came, faults = log.arrived(files)
    log.tell(faults, language.value)
    if not (found := habits(came)):
        terminal.say(NOTHING[language])
        raise typer.Exit(2)
    terminal.say(proposal(found).rstrip("\n"), error=False)


def _table(found: "Registry", words: RegistryWords) -> "Table":
    from rich.table import Table

    table = Table(title=words.title.format(count=len(found)), show_lines=True)
    for heading in words.headings:
        table.add_column(heading, overflow="fold")
    for source in found.values():
        table.add_row(*map(harmless_lines, _row(source, words)))
    return table


def _row(source: "Source", words: RegistryWords) -> tuple[str, ...]:
    kinds = "\n".join(f"{kind}: {often.written}" for kind, often in source.kinds.items())
    contact = f"{source.contact.name}\n{source.contact.email} ({source.contact.language})"
    return source.name, kinds, "\n".join(source.units) or words.all_units, contact
