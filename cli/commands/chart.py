"""``stadga chart FILE…``: the control chart of a metric, month by month, as JSON or as a picture."""

import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import terminal
from cli.spoken import Language, Words

if TYPE_CHECKING:
    from cli.offline.charting.months import MonthlySeries
    from cli.offline.charting.question import ChartQuestion


class Format(StrEnum):
    """What to write."""

    json = "json"
    png = "png"


NO_FILE = {
    "sv": "en bild skrivs till en fil: ange --output",
    "en": "a picture goes to a file: give --output",
}


def chart(
    metric: Annotated[str, typer.Option(help="its name in docs/metrics.md")],
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="JSON lines of CloudEvents; without any, the metrics service"),
    ] = None,
    unit: Annotated[str, typer.Option(help="a unit with everything below it; * for everything")] = "*",
    occupation: Annotated[str, typer.Option(help="one occupation, or * for all")] = "*",
    first: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m"], help="first month (default: at most 36 months)")
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m"], help="last month (default: the last whole one)")
    ] = None,
    plan_start: Annotated[
        list[datetime] | None, typer.Option(formats=["%Y-%m-%d"], help="the day a plan starts; may be repeated")
    ] = None,
    language: Words = Language.sv,
    format: Annotated[Format | None, typer.Option(help="default: as --output ends, else json")] = None,  # noqa: A002  (the option's name)
    output: Annotated[
        Path | None, typer.Option(help="file to write (default: standard output)", dir_okay=False)
    ] = None,
    url: Annotated[str | None, typer.Option(help="the metrics service; the one that runs here if absent")] = None,
) -> None:
    """Draw the control chart of a metric, a point a month: what is normal variation, and what is not."""
    from cli import extra
    from cli.connect.publishing.hindrance import sentence
    from cli.connect.service import AskingError
    from cli.offline.charting import question, sheet
    from cli.offline.charting.question import ChartError
    from shared.kit.settings import SettingsError

    wanted = format or _format(output)
    if wanted is Format.png and output is None and sys.stdout.isatty():
        raise typer.BadParameter(NO_FILE[language])
    if wanted is Format.png:
        extra.need("matplotlib", language=language.value)
    try:
        question.check(metric)
        asked = question.ChartQuestion(
            question.metric(metric), unit, occupation, first.date() if first else None, last.date() if last else None
        )
        series = _from_files(files, asked, language) if files else _from_service(asked, url)
        shown = series if first else series.begun()
        drawn = sheet.sheet(shown, [day.date() for day in plan_start or ()], language.value)
        _write(sheet.as_png(drawn) if wanted is Format.png else sheet.as_json(drawn), output)
    except (AskingError, ChartError, SettingsError, OSError) as error:
        terminal.say(sentence(error, language.value))
        raise typer.Exit(2) from None


def _format(output: Path | None) -> Format:
    return Format.png if output and output.suffix.lower() == ".png" else Format.json


def _from_files(files: list[Path], asked: "ChartQuestion", language: Language) -> "MonthlySeries":
    from cli.offline.charting import from_files
    from cli.offline.computing import log
    from shared.kit.clock import clock
    from shared.kit.settings import Settings, load

    log.need(files, language.value)
    computed = log.compute(files, None)
    log.tell(computed.faults, language.value)
    return from_files.series(computed, asked, clock(load(Settings)).zone)


def _from_service(asked: "ChartQuestion", url: str | None) -> "MonthlySeries":
    from cli.offline.charting import from_service

    return from_service.series(asked, url)


def _write(content: bytes, output: Path | None) -> None:
    if output:
        output.write_bytes(content)
    else:
        sys.stdout.buffer.write(content)
