"""``stadga propose staffing``: proposals to decide on, from event logs or from the running metrics service."""

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import terminal
from cli.spoken import Language, Words

if TYPE_CHECKING:
    from shared.contracts.staffing import StaffingProposal

propose = typer.Typer(help="Proposals to decide on.", no_args_is_help=True)


class Format(StrEnum):
    """How to print."""

    table = "table"
    json = "json"
    csv = "csv"


@propose.callback()
def proposals() -> None:
    """Proposals to decide on."""


@propose.command()
def staffing(
    posts: Annotated[float, typer.Option(help="posts of case holders to share; whole or in quarters")],
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="JSON lines of CloudEvents; without any, the metrics service", exists=True, dir_okay=False),
    ] = None,
    norm: Annotated[
        float | None, typer.Option(help="case points that are a normal load at full time; the service's own, 150")
    ] = None,
    unit: Annotated[
        str | None,
        typer.Option(help="share over the units right below it (* for all); over every unit with cases if absent"),
    ] = None,
    as_of: Annotated[
        datetime | None, typer.Option(help="the day to share for; today if absent", formats=["%Y-%m-%d"])
    ] = None,
    format: Annotated[Format, typer.Option(help="how to print")] = Format.table,  # noqa: A002  (the option's name)
    language: Words = Language.sv,
    url: Annotated[str | None, typer.Option(help="the metrics service; the one that runs here if absent")] = None,
) -> None:
    """Share posts over offices by weighted load, a quarter of a post at a time, next to what they have today.

    Exits with 2 when there is nothing to propose.
    """
    from cli.connect.publishing.hindrance import sentence
    from cli.connect.service import AskingError
    from services.metrics.domain.reports.offices import ProposalError
    from shared.kit.settings import SettingsError

    day = as_of.date() if as_of else None
    try:
        found = _computed(files, posts, norm, unit, day, language) if files else _asked(posts, norm, unit, day, url)
    except (AskingError, ProposalError, SettingsError) as error:
        terminal.say(sentence(error, language.value))
        raise typer.Exit(2) from None
    _print(found, format, language)


def _computed(
    files: list[Path], posts: float, norm: float | None, unit: str | None, as_of: date | None, language: Language
) -> "StaffingProposal":
    from cli.offline.computing import log
    from cli.offline.proposing.staffing import propose as proposed
    from services.metrics.domain.facts.measures import NORM
    from shared.kit.clock import clock
    from shared.kit.settings import Settings, load

    today = clock(load(Settings)).today()
    log.need(files, language.value)
    computed = log.compute(files, None)
    log.tell(computed.faults, language.value)
    facts, definitions = computed.tally.facts(), computed.memory.definitions
    return proposed(facts, definitions, posts, NORM if norm is None else norm, unit, as_of or today, computed.coverage)


def _asked(
    posts: float, norm: float | None, unit: str | None, as_of: date | None, url: str | None
) -> "StaffingProposal":
    from cli.connect.service import ask
    from shared.contracts.staffing import StaffingProposal

    question = {
        "posts": str(posts),
        "norm": None if norm is None else str(norm),
        "unit": unit,
        "as_of": as_of.isoformat() if as_of else None,
    }
    return ask("/v1/proposals/staffing", question, StaffingProposal, url)


def _print(found: "StaffingProposal", how: Format, language: Language) -> None:
    from cli.offline.proposing import output

    match how:
        case Format.json:
            typer.echo(output.as_json(found), nl=False)
        case Format.csv:
            typer.echo(output.as_csv(found), nl=False)
        case Format.table:
            terminal.console().print(output.as_table(found, language.value))
