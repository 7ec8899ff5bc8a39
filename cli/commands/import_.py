"""``stadga import``: what payroll systems export, as events: to a file, to stdout, or published."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from cli import terminal
from cli.connect.importing.period import YEARS_BEGIN, Per, made_then
from cli.spoken import Language, Words

import_ = typer.Typer(
    help="What payroll systems export (CSV, Excel workbooks, PAXml), as events.", no_args_is_help=True
)

MAPPINGS = Path(__file__).resolve().parents[2] / "deploy" / "mappings"
MOMENT = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]

SINCE = "the day since which the files tell all there is; else when the file was made, or the first day in the files"


Output = Annotated[Path | None, typer.Option(help="write the events here as JSON lines; default: stdout")]
Publish = Annotated[bool, typer.Option("--publish", help="send the events to ingest instead")]
Url = Annotated[str | None, typer.Option(help="of ingest; default: the stack that runs here")]
Token = Annotated[str, typer.Option(help="the token of the source", envvar="STADGA_TOKEN")]
KnownFrom = Annotated[datetime | None, typer.Option(help=SINCE, formats=["%Y-%m-%d"])]
Check = Annotated[bool, typer.Option("--check", help="only say what is understood and what not")]
Report = Annotated[Path | None, typer.Option(help="write here, as JSON, what was understood and what not")]


@import_.command()
def employments(
    file: Annotated[
        Path,
        typer.Argument(help="CSV or .xlsx, a row for each employment"),
    ],
    as_of: Annotated[datetime, typer.Option(help="when the file was taken out of its system", formats=MOMENT)],
    mapping: Annotated[Path, typer.Option(help="what its columns and words mean")] = (MAPPINGS / "anstallningar.yaml"),
    previous: Annotated[
        Path | None,
        typer.Option(help="a file imported before: what it said already is left out"),
    ] = None,
    complete: Annotated[
        bool, typer.Option("--complete", help="the file has everybody: who is missing has left")
    ] = False,
    known_from: KnownFrom = None,
    output: Output = None,
    publish: Publish = False,
    url: Url = None,
    token: Token = "local",  # noqa: S107 -- the documented token of a local run
    report: Report = None,
    check: Check = False,
    language: Words = Language.sv,
) -> None:
    """Employments of a CSV file or an Excel workbook: starts, terms and ends.

    Exits with 1 if anything was not understood or not accepted, with 2 if nothing could be done.
    """
    from cli.connect.importing import employment_rows
    from cli.connect.importing.outlet import Outlet
    from cli.connect.importing.progress import Progress
    from cli.connect.importing.understood import Understood
    from cli.connect.publishing.known import known_from as known_from_day

    understood = Understood([str(file)], is_table=True)
    progress = Progress(understood)
    with _said_in_a_sentence(language):
        _check_files(file, mapping, previous)
        _check_days(as_of, known_from)
        since = understood.knows((known_from or as_of).date(), is_said=known_from is not None)
        understood.left_on = as_of.date() - timedelta(1) if complete else None
        lines = employment_rows.lines(file, previous, mapping, as_of, understood, complete=complete, progress=progress)
        outlet = Outlet(output, publish, url, token, report, check, language.value)
        outlet.conclude(known_from_day(lines, since), understood, progress)


@import_.command()
def paxml(
    files: Annotated[list[Path], typer.Argument(help="PAXml files, read as one")],
    previous: Annotated[
        list[Path] | None,
        typer.Option(
            help="imported before: goes on into these, and is taken back where they differ",
        ),
    ] = None,
    employments: Annotated[
        Path | None,
        typer.Option(help="events of the employments, JSON lines: whose an anstid is"),
    ] = None,
    codes: Annotated[Path | None, typer.Option(help="what more time codes mean, YAML")] = None,
    as_of: Annotated[
        datetime | None, typer.Option(help="when the files were made; else as each says", formats=MOMENT)
    ] = None,
    per: Annotated[Per, typer.Option(help="how long a report of hours is")] = Per.month,
    day_hours: Annotated[
        float | None, typer.Option(help="hours of a day that no schedule tells", min=0.1, max=24)
    ] = None,
    source: Annotated[str, typer.Option(help="the source of the events")] = "paxml",
    known_from: KnownFrom = None,
    output: Output = None,
    publish: Publish = False,
    url: Url = None,
    token: Token = "local",  # noqa: S107 -- the documented token of a local run
    report: Report = None,
    check: Check = False,
    language: Words = Language.sv,
) -> None:
    """Time transactions of PAXml: absences as spells, hours as reports.

    Exits with 1 if anything was not understood or not accepted, with 2 if nothing could be done.
    """
    from cli.connect.importing import codes as meanings
    from cli.connect.importing import pax_employments, register
    from cli.connect.importing import paxml as pax
    from cli.connect.importing.outlet import Outlet
    from cli.connect.importing.pax_fields import ZONE
    from cli.connect.importing.progress import Progress
    from cli.connect.importing.understood import Understood

    understood = Understood([str(file) for file in files])
    progress = Progress(understood)
    with _said_in_a_sentence(language):
        _check_files(*files, *(previous or ()), employments, codes)
        _check_days(as_of, known_from)
        known = register.read(employments) if employments else None
        reading = pax.ReadingOptions(
            codes=meanings.read(MAPPINGS / "paxml.yaml", *([codes] if codes else [])),
            register=known and known.persons,
            service=known.service if known else {},
            per=per,
            day_hours=day_hours,
            recorded=as_of and as_of.replace(tzinfo=ZONE),
            known_from=known_from and known_from.date(),
        )
        with terminal.console(stderr=True).status(progress):
            lines = pax.lines(files, previous or [], reading, source, understood)
        outlet = Outlet(output, publish, url, token, report, check, language.value)
        outlet.conclude(pax_employments.whole(lines), understood, progress)


def _check_files(*files: Path | None) -> None:
    """Raise HindranceError for a file that is not there, and for a pipe: that waits for somebody who writes."""
    from cli.connect.publishing.hindrance import HindranceError

    for file in filter(None, files):
        if not file.is_file():
            raise HindranceError("is_folder" if file.is_dir() else "pipe" if file.exists() else "no_file", file)


def _check_days(as_of: datetime | None, known_from: datetime | None) -> None:
    """Raise HindranceError for a file of the future, and for a day since when nobody can know all."""
    from cli.connect.importing.pax_fields import ZONE
    from cli.connect.publishing.hindrance import HindranceError

    today = datetime.now(tz=ZONE).date()
    if as_of and not made_then(as_of.date(), today):
        raise HindranceError("as_of", day=as_of.date())
    if known_from and not YEARS_BEGIN <= known_from.date() <= (as_of.date() if as_of else today + timedelta(1)):
        raise HindranceError("known_from", day=known_from.date())


@contextmanager
def _said_in_a_sentence(language: Language) -> Iterator[None]:
    """What keeps an import from being done is said in one sentence, and the exit code is 2."""
    from cli.connect.publishing.hindrance import HindranceError, of_system

    try:
        yield
    except (HindranceError, OSError) as error:
        hindrance = of_system(error) if isinstance(error, OSError) else error
        terminal.say(hindrance.said(language.value))
        raise typer.Exit(2) from None
