"""``stadga report``: statutory reports, from event logs or from the running metrics service."""

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import terminal
from cli.spoken import Language, Words

if TYPE_CHECKING:
    from shared.contracts.pay_gap import PayGapReport
    from shared.contracts.sickness import Disclosure

report = typer.Typer(help="Statutory reports.", no_args_is_help=True)


class Format(StrEnum):
    """How to print."""

    table = "table"
    csv = "csv"
    json = "json"


class PrintedFormat(StrEnum):
    """How to print what also comes as a page."""

    table = "table"
    csv = "csv"
    json = "json"
    html = "html"


@report.callback()
def reports() -> None:
    """Statutory reports."""


@report.command()
def sickness(
    year: Annotated[int, typer.Option(help="the calendar year")],
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="JSON lines of CloudEvents; without any, the metrics service"),
    ] = None,
    unit: Annotated[str, typer.Option(help="a unit, with all below it; * for the whole municipality")] = "*",
    as_of: Annotated[
        datetime | None, typer.Option(help="as known on that day; today if absent", formats=["%Y-%m-%d"])
    ] = None,
    language: Words = Language.sv,
    format: Annotated[Format, typer.Option(help="how to print")] = Format.table,  # noqa: A002  (the option's name)
    output: Annotated[Path | None, typer.Option(help="a file to write instead of printing", dir_okay=False)] = None,
    url: Annotated[str | None, typer.Option(help="the metrics service; the one that runs here if absent")] = None,
) -> None:
    """The yearly disclosure of sickness absence: SKR's key figures 1-7, small groups hidden.

    Exits with 2 when there is nothing to disclose.
    """
    from cli.connect.publishing.hindrance import sentence
    from cli.connect.service import AskingError
    from services.metrics.domain.reports.sickness import DisclosureError
    from shared.kit.settings import SettingsError

    known = as_of.date() if as_of else None
    try:
        found = _computed(files, year, unit, known, language) if files else _asked(year, unit, known, url)
        _print(found, language, format, output)
    except (AskingError, DisclosureError, SettingsError, OSError) as error:
        terminal.say(sentence(error, language.value))
        raise typer.Exit(2) from None


def _computed(files: list[Path], year: int, unit: str, as_of: date | None, language: Language) -> "Disclosure":
    from cli.offline.computing import log
    from cli.offline.reporting.sickness import disclose
    from shared.kit.clock import clock
    from shared.kit.settings import Settings, load

    today = clock(load(Settings)).today()
    log.need(files, language.value)
    computed = log.compute(files, None)
    log.tell(computed.faults, language.value)
    return disclose(computed.tally.facts(), computed.memory.definitions, year, unit, as_of or today, computed.coverage)


def _asked(year: int, unit: str, as_of: date | None, url: str | None) -> "Disclosure":
    from cli.connect.service import ask
    from shared.contracts.sickness import Disclosure

    question = {"year": str(year), "unit": unit, "as_of": as_of.isoformat() if as_of else None}
    return ask("/v1/reports/sickness", question, Disclosure, url)


@report.command("pay-gap")
def pay_gap(
    year: Annotated[int, typer.Option(help="the calendar year, which is over")],
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="JSON lines of CloudEvents; without any, the metrics service"),
    ] = None,
    language: Words = Language.sv,
    format: Annotated[PrintedFormat, typer.Option(help="how to print; html is a page to print")] = PrintedFormat.table,  # noqa: A002  (the option's name)
    output: Annotated[Path | None, typer.Option(help="a file to write instead of printing", dir_okay=False)] = None,
    url: Annotated[str | None, typer.Option(help="the metrics service; the one that runs here if absent")] = None,
) -> None:
    """The pay gap between women and men: the figures a-g of Directive (EU) 2023/970, small groups hidden.

    Of all, by occupation, and by category of equal work. Exits with 2 when there is nothing to tell.
    """
    from cli.connect.publishing.hindrance import sentence
    from cli.connect.service import AskingError
    from services.metrics.domain.reports.workers import PayGapError
    from shared.kit.settings import SettingsError

    try:
        found = _computed_pay(files, year, language) if files else _asked_pay(year, url)
        _print_pay(found, language, format, output)
    except (AskingError, PayGapError, SettingsError, OSError) as error:
        terminal.say(sentence(error, language.value))
        raise typer.Exit(2) from None


def _computed_pay(files: list[Path], year: int, language: Language) -> "PayGapReport":
    from cli.offline.computing import log
    from cli.offline.reporting.pay_gap import disclose
    from shared.kit.clock import clock
    from shared.kit.settings import Settings, load

    log.need(files, language.value)
    computed = log.compute(files, None)
    log.tell(computed.faults, language.value)
    return disclose(computed.memory, year, clock(load(Settings)).today(), computed.coverage)


def _asked_pay(year: int, url: str | None) -> "PayGapReport":
    from cli.connect.service import ask
    from shared.contracts.pay_gap import PayGapReport

    return ask("/v1/reports/pay-gap", {"year": str(year)}, PayGapReport, url)


def _print_pay(found: "PayGapReport", language: Language, how: PrintedFormat, output: Path | None) -> None:
    from cli.offline.reporting import pay_gap_output as form

    if how == PrintedFormat.table and not output:
        terminal.console().print(form.as_table(found, language.value))
        return
    match how:
        case PrintedFormat.json:
            text = form.as_json(found)
        case PrintedFormat.csv:
            text = form.as_csv(found, language.value)
        case PrintedFormat.html:
            text = form.as_page(found, language.value)
        case PrintedFormat.table:
            text = form.as_text(found, language.value)
    _write(text, output)


def _print(found: "Disclosure", language: Language, how: Format, output: Path | None) -> None:
    from cli.offline.reporting import output as form

    if how == Format.table and not output:
        terminal.console().print(form.as_table(found, language.value))
        return
    match how:
        case Format.json:
            text = form.as_json(found)
        case Format.csv:
            text = form.as_csv(found, language.value)
        case Format.table:
            text = form.as_text(found, language.value)
    _write(text, output)


def _write(text: str, output: Path | None) -> None:
    if output:
        output.write_text(text, "utf-8")
    else:
        typer.echo(text, nl=False)
