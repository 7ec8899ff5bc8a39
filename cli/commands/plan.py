"""``stadga plan check FILE…``: what is wrong with an action plan, with line and column, before anyone relies on it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from cli import terminal
from cli.spoken import Language, Words
from cli.terminal import harmless, harmless_lines

if TYPE_CHECKING:
    from services.alerts.domain.plan.plan import Plan
    from services.alerts.domain.plan.reading import PlanRefused
    from shared.language.language import Language as Spoken


class Format(StrEnum):
    """How to print a backtest."""

    table = "table"
    json = "json"


PLAN_FILES = frozenset({".yaml", ".yml"})

plan = typer.Typer(help="Action plans.", no_args_is_help=True)


@plan.callback()
def plans() -> None:
    """Action plans."""


@plan.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="plan files")],
    events: Annotated[
        Path | None,
        typer.Option(
            help="JSON lines of events: every unit the plan names must occur in them; they tell of false alarms, too"
        ),
    ] = None,
    units: Annotated[
        Path | None, typer.Option(help="a file with one unit a line: every unit the plan names must be in it")
    ] = None,
    language: Words = Language.sv,
) -> None:
    """Print every fault as FILE:LINE:COLUMN, or a summary; warn of targets that nothing is heard of yet.

    With a log, say how often each target would raise an alert although nothing changes, and what evaluations could
    show. Exits with 1 if a plan can't run, with 2 without a file.
    """
    from cli.connect.publishing.hindrance import sentence
    from shared.kit.clock import clock
    from shared.kit.settings import Settings, SettingsError, load
    from shared.language.refusal import SaidError

    try:
        known = {*_events(events), *_lines(units)}
        today = clock(load(Settings)).today()
        sound = [_check(file, known, today, language) for file in files]
        _foresee([plan for plan in sound if plan], events, language.value)
    except (OSError, SaidError, SettingsError) as error:
        terminal.say(harmless(sentence(error, language.value)))
        raise typer.Exit(2) from None
    if not all(sound):
        raise typer.Exit(1)


@plan.command()
def adopt(
    file: Annotated[Path, typer.Argument(help="a plan file, as it lies in the folder of the plans or once did")],
    url: Annotated[str | None, typer.Option(help="the alerts service; default: the one that runs here")] = None,
    language: Words = Language.sv,
) -> None:
    """Let a text of a plan run although a newer one does. Exits with 1 if that is refused, with 2 without a file."""
    import hashlib

    from cli.connect import alerts_service
    from cli.connect.publishing.hindrance import sentence
    from cli.connect.service import AskingError
    from services.alerts.domain.plan.reading import PlanRefused, read

    try:
        text = _text(file)
        name = read(text).id
        answer = alerts_service.order(
            f"/v1/plans/{name}/adopt",
            {"sha256": hashlib.sha256(text.encode()).hexdigest()},
            alerts_service.Adopted,
            url,
        )
    except OSError as error:
        terminal.say(harmless(sentence(error, language.value)))
        raise typer.Exit(2) from None
    except PlanRefused as refused:
        _refuse(file, refused, language)
        raise typer.Exit(1) from None
    except AskingError as error:
        terminal.say(harmless(error.said(language.value)))
        raise typer.Exit(1) from None
    runs = "gäller" if language is Language.sv else "runs"
    typer.echo(f"{name}: version {answer.version} {runs}")


@plan.command()
def backtest(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="plans (.yaml), and JSON lines of CloudEvents; without any, the metrics service",
            exists=True,
            dir_okay=False,
        ),
    ],
    first: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="first day (default: that of the log, or a year ago)"),
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option("--to", formats=["%Y-%m-%d"], help="last day (default: that of the log, or yesterday)"),
    ] = None,
    format: Annotated[Format, typer.Option(help="how to print")] = Format.table,  # noqa: A002  (the option's name)
    language: Words = Language.sv,
    picture: Annotated[
        Path | None, typer.Option(help="draw it into this file (PNG), too", dir_okay=False, writable=True)
    ] = None,
    url: Annotated[str | None, typer.Option(help="the metrics service; the one that runs here if absent")] = None,
) -> None:
    """Every alert that plans would have raised on a log or by the service, judged day by day as the services would.

    Each day is judged on what was recorded by its evening, or taken in by the metrics service. Two versions of a plan
    are shown beside each other. Exits with 1 if a plan can't run, with 2 without a plan, an event, a file or an answer.
    """
    from cli.connect.publishing.hindrance import sentence
    from cli.offline.backtesting import output
    from cli.offline.backtesting.from_files import from_files
    from cli.offline.backtesting.from_service import from_service
    from services.alerts.domain.plan.reading import PlanRefused
    from shared.kit.clock import clock
    from shared.kit.settings import Settings, SettingsError, load
    from shared.language.refusal import SaidError

    plans = [file for file in files if file.suffix.lower() in PLAN_FILES]
    logs = [file for file in files if file not in plans]
    try:
        texts = {str(file): _text(file) for file in plans}
        span = (first.date() if first else None, last.date() if last else None)
        zone = clock(load(Settings)).zone
        found = from_files(texts, logs, zone, *span, language.value) if logs else from_service(texts, url, *span)
        if picture:
            picture.write_bytes(output.as_png(found, language.value))
    except (OSError, SaidError, SettingsError) as error:
        terminal.say(harmless(sentence(error, language.value)))
        raise typer.Exit(2) from None
    except PlanRefused as refused:
        for fault in refused.faults:
            terminal.say(harmless(fault.said(language.value)))
        raise typer.Exit(1) from None
    if format is Format.json:
        typer.echo(output.as_json(found))
    else:
        terminal.console().print(*output.as_tables(found, language.value), sep="\n")


def _check(file: Path, known: set[str], today: date, language: Language) -> "Plan | None":
    from cli.offline.checking import tables
    from cli.offline.checking.warnings import warnings
    from services.alerts.domain.plan.reading import PlanRefused, read

    try:
        sound = read(_text(file), known)
    except PlanRefused as refused:
        _refuse(file, refused, language)
        return None
    console = terminal.console()
    console.print(tables.targets(sound, language.value))
    if sound.measures:
        console.print(tables.measures(sound, language.value))
    for warning in warnings(sound, today, language.value):
        terminal.say(harmless(f"{file}: {warning}"))
    return sound


def _refuse(file: Path, refused: "PlanRefused", language: Language) -> None:
    for fault in refused.faults:
        terminal.say(harmless(f"{file}:{fault.said(language.value)}"), error=False)


def _foresee(plans: Sequence["Plan"], events: Path | None, language: "Spoken") -> None:
    """How often each plan would raise alerts although nothing changes in a log, and what its evaluations could show."""
    from cli.offline.checking.tables import table
    from cli.offline.computing.log import compute, need
    from cli.offline.foreseeing.collisions import collisions
    from cli.offline.foreseeing.months import levels, too_alike
    from cli.offline.foreseeing.pointless import pointless_limits
    from cli.offline.foreseeing.said import judged, wolf
    from cli.offline.foreseeing.shown import shown
    from cli.offline.foreseeing.weekly import foreseen
    from cli.offline.foreseeing.words import WORDS
    from services.alerts.domain.evaluation.colliding import as_named, places_of

    for sound in plans:
        _say(pointless_limits(sound, language))
    if events is None:
        for sound in plans:
            _say([*collisions(sound, places_of(sound, as_named(sound)), language), *levels(sound, language)])
            if any(measure.evaluate for measure in sound.measures.values()):
                terminal.say(harmless(f"{sound.id}: {WORDS[language].no_log}"))
        return
    if plans:
        need([events], language)
    computed = compute([events], None) if plans else None
    for sound in plans:
        known = foreseen(computed, sound, ZoneInfo(sound.time_zone)) if computed else None
        if known is None:
            continue
        _say([*collisions(sound, known.compared, language), *too_alike(sound, known, language)])
        if not (known.history or known.months):
            continue
        said = wolf(sound, judged(known), language)
        made = table(f"{sound.id}: {said.title}", said.months, said.headings)
        for row in said.rows:
            made.add_row(*map(harmless_lines, row))
        terminal.console().print(made)
        _say(shown(sound, known, language))


def _say(sentences: Iterable[str]) -> None:
    for sentence in sentences:
        terminal.say(harmless(sentence.replace("\N{NO-BREAK SPACE}", " ")), error=False)


def _text(file: Path) -> str:
    """The file as the service reads it; raises OSError without one, and Refused."""
    from services.alerts.domain.plan.reading import PlanRefused
    from services.alerts.repository import plan_files
    from shared.written.faults import Fault

    file.stat()
    found = plan_files.file(file)
    if found.problem:
        raise PlanRefused((Fault(1, 1, found.problem),))
    return found.text


def _lines(file: Path | None) -> Iterator[str]:
    from shared.language.refusal import SaidError

    try:
        text = file.read_text("utf-8") if file else ""
    except UnicodeDecodeError as error:
        where = f"{file}: byte {error.start}"
        raise SaidError(f"{where} är inte UTF-8", f"{where} is not UTF-8") from None
    yield from (line.strip() for line in text.splitlines() if line.strip())


def _events(file: Path | None) -> Iterator[str]:
    """Every unit that an event defines, or places someone in; lines that are no events are passed over."""
    import msgspec

    from shared.contracts.subjects import UNIT

    for line in _lines(file):
        try:
            event = msgspec.json.decode(line)
        except msgspec.DecodeError:
            continue
        if isinstance(event, dict):
            kind, _, ref = str(event.get("subject", "")).partition("/")
            data = event.get("data")
            named = data.get("unit") if isinstance(data, dict) else None
            yield from (unit for unit in (ref if kind == UNIT else None, named) if unit)
