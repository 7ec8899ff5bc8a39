"""`stadga compute FILE…`: every measure and metric of an event log on a day, without Kafka or PostgreSQL."""

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import terminal
from cli.spoken import Language, Words

if TYPE_CHECKING:
    from services.metrics.domain.sums.windows import WindowLength

LONGEST = 100_000
"""Days of a window: more than there are between any two days that events may speak of, and a sum of them fits."""
NO_WINDOW = {
    "sv": "{text!r} är varken ett antal dagar, högst {longest}, eller {year}",
    "en": "{text!r} is neither a number of days up to {longest} nor {year}",
}
NO_TIME = {
    "sv": "{text!r} är ingen tid som 2025-03-01T12:00:00Z",
    "en": "{text!r} is not a time like 2025-03-01T12:00:00Z",
}


class Format(StrEnum):
    """How to print."""

    table = "table"
    json = "json"
    csv = "csv"


class By(StrEnum):
    """What to break rows down by; by two at once the municipality as a whole."""

    occupation = "occupation"
    gender = "gender"
    age = "age"
    occupation_gender = "occupation,gender"
    occupation_age = "occupation,age"
    gender_age = "gender,age"


def compute(
    files: Annotated[list[Path], typer.Argument(help="JSON lines of CloudEvents", exists=True, dir_okay=False)],
    as_of: Annotated[datetime, typer.Option(help="the day to compute for", formats=["%Y-%m-%d"])],
    window: Annotated[str, typer.Option(help="days of the window, or 12m: from the same date a year before")] = "365",
    by: Annotated[By | None, typer.Option(help="a row for each of these too")] = None,
    known_at: Annotated[str | None, typer.Option(help="only events recorded by then (RFC 3339)")] = None,
    measures: Annotated[bool, typer.Option("--measures", help="the measures behind the metrics too")] = False,
    metrics: Annotated[str | None, typer.Option(help="only these, comma separated")] = None,
    min_group: Annotated[int, typer.Option(min=0, help="hide health of so few or fewer; 0 shows all but pay")] = 10,
    norm: Annotated[float, typer.Option(min=1, help="case points that are a normal load at full time")] = 150,
    format: Annotated[Format, typer.Option(help="how to print")] = Format.table,  # noqa: A002  (the option's name)
    language: Words = Language.sv,
) -> None:
    """Compute every measure and metric of an event log on a day.

    The log counts as it stands, also what is recorded in the future, which ingest would refuse: that is said.
    """
    from cli.offline.computing import log, output, rows
    from shared.contracts.catalogue import BY_NAME, METRICS

    chosen = tuple(_known(n, language) for n in metrics.split(",")) if metrics else ()
    log.need(files, language.value)
    computed = log.compute(files, _instant(known_at, language) if known_at else None)
    log.tell(computed.faults, language.value)
    log.tell_ahead(computed.span, language.value)
    wanted = tuple(BY_NAME[n] for n in chosen) or METRICS
    question = rows.Question(
        as_of.date(), _window(window, language), wanted, min_group, tuple(by.split(",")) if by else (), measures, norm
    )
    report = rows.report(computed, question)
    match format:
        case Format.json:
            typer.echo(output.as_json(report))
        case Format.csv:
            typer.echo(output.as_csv(report), nl=False)
        case Format.table:
            shown = terminal.console()
            shown.print(output.as_table(report, chosen or output.COLUMNS, language.value))
            shown.print(output.summary(report, language.value))


def _known(name: str, language: Language) -> str:
    from cli.offline.charting.question import ChartError, metric

    try:
        return metric(name).name
    except ChartError as error:
        raise typer.BadParameter(error.said(language.value)) from None


def _window(text: str, language: Language) -> "WindowLength":
    from services.metrics.domain.sums.windows import TWELVE_MONTHS

    if text == TWELVE_MONTHS:
        return TWELVE_MONTHS
    if not text.isdecimal() or not 1 <= int(text) <= LONGEST:
        raise typer.BadParameter(NO_WINDOW[language].format(text=text, longest=LONGEST, year=TWELVE_MONTHS))
    return int(text)


def _instant(text: str, language: Language) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(NO_TIME[language].format(text=text)) from None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
