"""``stadga plan check FILE…``: what is wrong with an action plan, with line and column, before anyone relies on it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from cli import terminal
from cli.terminal import harmless, harmless_lines

if TYPE_CHECKING:
    from rich.table import Table

    from services.alerts.domain.plan.plan import Action, Limit, Plan, Target

WINDOW_DAYS = 365
"""Of the values that a plan is judged on, unless the metrics service is told otherwise."""


class Format(StrEnum):
    """How to print a backtest."""

    table = "table"
    json = "json"


class Language(StrEnum):
    """Of the words."""

    sv = "sv"
    en = "en"


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
) -> None:
    """Print every fault as FILE:LINE:COLUMN, or a summary; warn of targets that nothing is heard of yet.

    With a log, say how often each target would raise an alert although nothing changes, and what evaluations could
    show. Exits with 1 if a plan can't run, with 2 without a file.
    """
    from shared.kit.clock import clock
    from shared.kit.settings import Settings, load

    try:
        known = {*_events(events), *_lines(units)}
        today = clock(load(Settings)).today()
        sound = [_check(file, known, today) for file in files]
        _foresee([plan for plan in sound if plan], events)
    except (OSError, UnicodeDecodeError) as error:
        terminal.say(str(error))
        raise typer.Exit(2) from None
    if not all(sound):
        raise typer.Exit(1)


@plan.command()
def adopt(
    file: Annotated[Path, typer.Argument(help="a plan file, as it lies in the folder of the plans or once did")],
    url: Annotated[str | None, typer.Option(help="the alerts service; default: the one that runs here")] = None,
) -> None:
    """Let a text of a plan run although a newer one does. Exits with 1 if that is refused, with 2 without a file."""
    import hashlib

    from cli.connect import alerts_service
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
    except (OSError, UnicodeDecodeError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    except PlanRefused as refused:
        for fault in refused.faults:
            typer.echo(f"{file}:{fault}")
        raise typer.Exit(1) from None
    except AskingError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{name}: version {answer.version} runs")


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
    language: Annotated[Language, typer.Option(help="of the words")] = Language.sv,
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
        found = from_files(texts, logs, zone, *span) if logs else from_service(texts, url, *span)
        if picture:
            picture.write_bytes(output.as_png(found, language.value))
    except (OSError, SaidError, SettingsError) as error:
        terminal.say(harmless(sentence(error, language.value)))
        raise typer.Exit(2) from None
    except PlanRefused as refused:
        for fault in refused.faults:
            terminal.say(harmless(str(fault)))
        raise typer.Exit(1) from None
    if format is Format.json:
        typer.echo(output.as_json(found))
    else:
        terminal.console().print(*output.as_tables(found, language.value), sep="\n")


def _check(file: Path, known: set[str], today: date) -> "Plan | None":
    from services.alerts.domain.plan.reading import PlanRefused, read

    try:
        sound = read(_text(file), known)
    except PlanRefused as refused:
        for fault in refused.faults:
            terminal.say(harmless(f"{file}:{fault}"), error=False)
        return None
    console = terminal.console()
    console.print(_targets(sound))
    if sound.measures:
        console.print(_measures(sound))
    for warning in _warnings(sound, today):
        terminal.say(harmless(f"{file}: warning: {warning}"))
    return sound


def _foresee(plans: Sequence["Plan"], events: Path | None) -> None:
    """How often each plan would raise alerts although nothing changes in a log, and what its evaluations could show."""
    from cli.offline.computing.log import compute
    from cli.offline.foreseeing.collisions import collisions
    from cli.offline.foreseeing.months import levels, too_alike
    from cli.offline.foreseeing.pointless import pointless_limits
    from cli.offline.foreseeing.said import judged, wolf
    from cli.offline.foreseeing.shown import shown
    from cli.offline.foreseeing.weekly import foreseen
    from cli.offline.foreseeing.words import WORDS
    from services.alerts.domain.evaluation.colliding import as_named, places_of

    for sound in plans:
        _say(pointless_limits(sound, sound.language))
    if events is None:
        for sound in plans:
            _say([*collisions(sound, places_of(sound, as_named(sound))), *levels(sound)])
            if any(measure.evaluate for measure in sound.measures.values()):
                terminal.say(harmless(f"{sound.id}: {WORDS[sound.language].no_log}"))
        return
    computed = compute([events], None) if plans else None
    for sound in plans:
        known = foreseen(computed, sound, ZoneInfo(sound.time_zone)) if computed else None
        if known is None:
            continue
        _say([*collisions(sound, known.compared), *too_alike(sound, known)])
        if not (known.history or known.months):
            continue
        said = wolf(sound, judged(known))
        table = _table(f"{sound.id}: {said.title}", said.months, said.headings)
        for row in said.rows:
            table.add_row(*map(harmless_lines, row))
        terminal.console().print(table)
        _say(shown(sound, known))


def _say(sentences: Iterable[str]) -> None:
    for sentence in sentences:
        terminal.say(harmless(sentence.replace("\N{NO-BREAK SPACE}", " ")), error=False)


def _warnings(sound: "Plan", today: date) -> Iterator[str]:
    from services.alerts.domain.plan.silence import silences

    for one in silences(sound, today, WINDOW_DAYS):
        name = f'"{one.target}" in "{one.unit}"' if one.unit else f'"{one.target}"'
        if one.cause == "watch_from":
            yield f"{name}: nobody is mailed before {one.until}, the day that watching begins (watch_from)"
        elif one.cause == "since":
            yield f"{name}: nothing is judged before {one.until}: its rule is about the months since that day (since)"
        else:
            yield (
                f"{name}: nothing is judged before {one.until}: data is known from {sound.known_from} (known_from),"
                f" and a value over {WINDOW_DAYS} days is not whole earlier"
            )


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
    if file:
        yield from (line.strip() for line in file.read_text("utf-8").splitlines() if line.strip())


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


def _table(title: str, caption: str, headings: Sequence[str]) -> "Table":
    from rich.table import Table

    table = Table(title=harmless(title), show_lines=True, caption=harmless(caption))
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def _targets(sound: "Plan") -> "Table":
    places, who = ", ".join(sound.units) or "every unit", sound.occupation.replace("*", "every occupation")
    title = f"{sound.id}: {' · '.join(sound.title.values())}"
    known = f"; known from {sound.known_from}" if sound.known_from else ""
    table = _table(title, f"{places}; {who}{known}", ("target", "breach", "clear", "look ahead", "tells"))
    for target in sound.targets.values():
        table.add_row(*map(harmless_lines, _row(target, target.id)))
    for unit, adapted in sound.local.items():
        for target in adapted.values():
            table.add_row(*map(harmless_lines, _row(target, f"{target.id} in {unit}")))
    return table


def _row(target: "Target", name: str) -> tuple[str, ...]:
    from services.alerts.domain.letter.en import EN
    from services.alerts.domain.letter.whom import in_words

    whom = f", {target.occupation.replace('*', 'every occupation')}" if target.occupation else ""
    whom += "".join(f", {said}" for said in in_words(target.part, EN))
    watched = f"\nwatched from {target.watch_from}" if target.watch_from else ""
    return (
        f"{name} ({target.severity})\n{target.metric}, by {target.by}{whom}{watched}\nsettles in {target.settle} s",
        _limit(target.breach, target.hold) if target.breach else target.shown,
        _limit(target.clear, target.clear_hold) if target.clear else "",
        f"{', '.join(map(str, target.look_ahead))} d" if target.look_ahead else "",
        ", ".join(target.notify),
    )


def _measures(sound: "Plan") -> "Table":
    table = _table("", "", ("measure", "owner", "when", "cost, SEK", "should move"))
    for measure in sound.measures.values():
        name, moves = f"{measure.id}\n{next(iter(measure.title.values()))}", "\n".join(measure.should_move)
        table.add_row(*map(harmless_lines, (name, measure.owner, _when(measure), _cost(measure), moves)))
    return table


def _cost(measure: "Action") -> str:
    budget = {"none": "", "pending": "awaits a decision", "decided": "decided"}[measure.decision]
    return "\n".join(part for part in ("" if measure.cost is None else f"{measure.cost:,.0f}", budget) if part)


def _when(measure: "Action") -> str:
    trial = measure.trial
    began = f"{trial.first} " if trial and trial.first else ""
    told = (f"due {measure.due}" if measure.due else "", f"on trial {began}to {trial.last}" if trial else "")
    return "\n".join(part for part in told if part)


def _limit(limit: "Limit", days: int) -> str:
    return f"{limit.side} {limit.value:g}" + (f"\nfor {days} d" if days else "")
