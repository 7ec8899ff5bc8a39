"""``stadga publish FILE…``: events of JSON lines or CSV to a running ingest."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, NamedTuple

import typer

from cli import terminal
from cli.spoken import Language, Words

if TYPE_CHECKING:
    from rich.progress import Progress

    from cli.connect.publishing.delivery import Totals
    from cli.connect.publishing.line import Line
    from cli.connect.publishing.mapping import Mapping
    from cli.connect.publishing.together import Together

STDIN = "-"
SINCE = "the day since which the files tell all there is of their types of events; else, since the first of them"


NO_MAPPING = {
    "sv": "en tabell behöver --mapping, en fil som säger vad dess rader betyder",
    "en": "a table needs --mapping, a file that says what its rows mean",
}


def publish(
    files: Annotated[
        list[str], typer.Argument(help="JSON lines of CloudEvents, or a table with --mapping; - is stdin")
    ],
    mapping: Annotated[Path | None, typer.Option(help="what the rows of a table mean", dir_okay=False)] = None,
    known_from: Annotated[datetime | None, typer.Option(help=SINCE, formats=["%Y-%m-%d"])] = None,
    check: Annotated[bool, typer.Option("--check", help="say what ingest would refuse, and send nothing")] = False,
    url: Annotated[str | None, typer.Option(help="of ingest; default: the stack that runs here")] = None,
    token: Annotated[str, typer.Option(help="the token of the source", envvar="STADGA_TOKEN")] = "local",  # noqa: S107 -- the documented token of a local run
    language: Words = Language.sv,
) -> None:
    """Publish the events of files, as one delivery. Exits with 1 if any was not accepted, with 2 if it could not go on.

    One that was broken off is completed by the same command. What comes on stdin is of no delivery but its requests.
    """
    from cli.connect.publishing.delivery import Totals, address, broken_off
    from cli.connect.publishing.hindrance import HindranceError, of_system
    from cli.connect.publishing.mapping import read
    from cli.connect.publishing.together import Together, of_files

    if mapping is None and any(name.lower().endswith((".csv", ".xlsx")) for name in files):
        raise typer.BadParameter(NO_MAPPING[language])
    totals, together = Totals(language.value), None
    try:
        rules = read(mapping) if mapping else None
        given = Given(files, rules, known_from.date() if known_from else None)
        if check:
            _check(given, totals)
        else:
            together = Together(name) if (name := of_files(files, rules)) else None
            _publish(given, url or address(), token, totals, together)
    except (HindranceError, OSError) as error:
        hindrance = of_system(error) if isinstance(error, OSError) else error
        left = totals.so_far(is_check=check), broken_off(together, language.value)
        terminal.say("; ".join(filter(None, [hindrance.said(language.value), *left])))
        raise typer.Exit(2) from None
    totals.conclude(is_check=check)


class Given(NamedTuple):
    """The files, what their rows mean, and the day since which they tell all there is, if that is said."""

    files: list[str]
    mapping: "Mapping | None"
    known_from: date | None


def _publish(given: Given, url: str, token: str, totals: "Totals", together: "Together | None") -> None:
    from cli.connect.publishing import delivery, sender

    with sender.client(url, token) as http, _progress() as progress:
        for name in given.files:
            with _opened(name, given.mapping) as file:
                task = progress.add_task(
                    terminal.harmless(name), total=None if name == STDIN else Path(name).stat().st_size
                )
                for _ in delivery.deliver(http, _sendable(file, name, given, totals), totals, together):
                    progress.update(task, completed=None if name == STDIN else file.tell())
        if together:
            delivery.complete(http, together, totals)


def _check(given: Given, totals: "Totals") -> None:
    """Whose the token is only ingest knows; all else is judged here as there."""
    from cli.connect.publishing.judged import judged
    from cli.connect.publishing.line import LineFault

    for name in given.files:
        with _opened(name, given.mapping) as file:
            for line in map(judged, _sendable(file, name, given, totals)):
                if isinstance(line, LineFault):
                    totals.reject(line)
                else:
                    totals.accepted += 1


def _sendable(file: BinaryIO, name: str, given: Given, totals: "Totals") -> "Iterator[Line]":
    from cli.connect.publishing.known import known_from

    lines = _lines(file, name, given.mapping, totals)
    return known_from(lines, given.known_from) if given.known_from else lines


def _lines(file: BinaryIO, name: str, mapping: "Mapping | None", totals: "Totals") -> "Iterator[Line]":
    from cli.connect.publishing.line import LineFault, json_lines
    from cli.connect.publishing.rows import events

    for line in events(file, name, mapping) if mapping else json_lines(file, name):
        if isinstance(line, LineFault):
            totals.reject(line)
        else:
            yield line


@contextmanager
def _opened(name: str, mapping: "Mapping | None") -> Iterator[BinaryIO]:
    """Tables are read twice: what comes of them on stdin is kept until then."""
    from cli.connect.publishing.file_kind import table_file

    if name == STDIN and mapping:
        with tempfile.TemporaryFile() as kept:
            shutil.copyfileobj(typer.get_binary_stream("stdin"), kept)
            yield kept
    elif name == STDIN:
        yield typer.get_binary_stream("stdin")
    elif mapping:
        with table_file(Path(name), mapping) as table:
            yield table.content
    else:
        with Path(name).open("rb") as file:
            yield file


def _progress() -> "Progress":
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    console = terminal.console(stderr=True)
    return Progress(*columns, console=console, disable=not console.is_terminal)
