"""`stadga compute FILE…`: every measure and metric of an event log on a day, without Kafka or PostgreSQL."""

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import terminal

if TYPE_CHECKING:
    from services.metrics.domain.sums.windows import WindowLength

LONGEST = 100_000
"""Days of a window: more than there are between any two days that events may speak of, and a sum of them fits."""


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
) -> None:
    """Compute every measure and metric of an event log on a day.

    The log counts as it stands, also what is recorded in the future, which ingest would refuse: that is said.
    """
    from cli.offline.computing import log, output, rows
    from shared.contracts.catalogue import BY_NAME, METRICS

    chosen = tuple(_known(n, list(BY_NAME)) for n in metrics.split(",")) if metrics else ()
    computed = log.compute(files, _instant(known_at) if known_at else None)
    log.tell(computed.faults)
    log.tell_ahead(computed.span)
    wanted = tuple(BY_NAME[n] for n in chosen) or METRICS
    question = rows.Question(
        as_of.date(), _window(window), wanted, min_group, tuple(by.split(",")) if by else (), measures, norm
    )
    report = rows.report(computed, question)
    match format:
        case Format.json:
            typer.echo(output.as_json(report))
        case Format.csv:
            typer.echo(output.as_csv(report), nl=False)
        case Format.table:
            shown = terminal.console()
            shown.print(output.as_table(report, chosen or output.COLUMNS))
            shown.print(" · ".join(f"{k} {getattr(report.events, k)}" for k in report.events.__struct_fields__))
            if report.anomalies:
                shown.print("anomalies: " + " · ".join(f"{k} {n}" for k, n in sorted(report.anomalies.items())))


def _known(name: str, names: list[str]) -> str:
    from difflib import get_close_matches

    if name not in names:
        near = get_close_matches(name, names, 1)
        raise typer.BadParameter(f"no metric {name!r}" + (f"; did you mean {near[0]}?" if near else ""))
    return name


def _window(text: str) -> "WindowLength":
    from services.metrics.domain.sums.windows import TWELVE_MONTHS

    if text == TWELVE_MONTHS:
        return TWELVE_MONTHS
    if not text.isdecimal() or not 1 <= int(text) <= LONGEST:
        raise typer.BadParameter(f"{text!r} is neither a number of days up to {LONGEST} nor {TWELVE_MONTHS}")
    return int(text)


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a time like 2025-03-01T12:00:00Z") from None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
