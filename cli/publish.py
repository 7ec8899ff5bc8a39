"""``stadga publish FILE…``: events of JSON lines or CSV to a running ingest."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

if TYPE_CHECKING:
    from rich.progress import Progress

    from cli.publishing.line import Fault, Line
    from cli.publishing.mapping import Mapping
    from cli.publishing.sender import Sent

HOME = Path(".stadga")
DEFAULT = "http://127.0.0.1:8801"
SHOWN = 100
STDIN = "-"


def publish(
    files: Annotated[list[str], typer.Argument(help="JSON lines of CloudEvents, or CSV with --mapping; - is stdin")],
    mapping: Annotated[Path | None, typer.Option(help="what the rows of a CSV file mean", dir_okay=False)] = None,
    url: Annotated[str | None, typer.Option(help="of ingest; default: the stack that runs here")] = None,
    token: Annotated[str, typer.Option(help="the token of the source", envvar="STADGA_TOKEN")] = "local",  # noqa: S107 -- the documented token of a local run
) -> None:
    """Publish the events of files. Exits with 1 if any was not accepted, with 2 if publishing could not go on."""
    from cli.publishing.line import EncodingError  # noqa: PLC0415 -- --help stays fast
    from cli.publishing.mapping import MappingError, read  # noqa: PLC0415
    from cli.publishing.sender import SendingError  # noqa: PLC0415

    if mapping is None and any(name.lower().endswith(".csv") for name in files):
        raise typer.BadParameter("CSV needs --mapping, a file that says what its rows mean")
    totals = Totals()
    try:
        _publish(files, read(mapping) if mapping else None, url or _running(), token, totals)
    except (EncodingError, MappingError, SendingError, OSError) as error:
        typer.echo(f"{error}; {totals.accepted} events were published before", err=True)
        raise typer.Exit(2) from None
    totals.conclude()


class Totals:
    """What was accepted and what was not, so far."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.accepted = 0
        self.reasons: dict[str, int] = {}

    def add(self, sent: "Sent") -> None:
        """Count the answer to a batch."""
        self.accepted += sent.accepted
        for fault in sent.faults:
            self.reject(fault)

    def reject(self, fault: "Fault") -> None:
        """Count the fault, and show it unless there were very many."""
        if sum(self.reasons.values()) < SHOWN:
            place = f"{fault.place.file}:{fault.place.number}"
            typer.echo(f"{place}: {fault.reason} at {fault.path}: {fault.message}", err=True)
        self.reasons[fault.reason] = self.reasons.get(fault.reason, 0) + 1

    def conclude(self) -> None:
        """Print the sums; exits with 1 after rejections."""
        rejected = sum(self.reasons.values())
        if rejected > SHOWN:
            typer.echo(f"… and {rejected - SHOWN} more", err=True)
        reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(self.reasons.items()))
        typer.echo(f"accepted {self.accepted}, rejected {rejected}" + (f" ({reasons})" if reasons else ""))
        if rejected:
            raise typer.Exit(1)


def _publish(files: list[str], mapping: "Mapping | None", url: str, token: str, totals: Totals) -> None:
    from cli.publishing import sender  # noqa: PLC0415

    with sender.client(url, token) as http, _progress() as progress:
        for name in files:
            with _opened(name) as file:
                task = progress.add_task(name, total=None if name == STDIN else Path(name).stat().st_size)
                for batch in sender.batches(_sendable(file, name, mapping, totals)):
                    patience = sender.PATIENCE if totals.accepted else sender.FIRST_PATIENCE
                    totals.add(sender.send(http, batch, patience, _say))
                    progress.update(task, completed=None if name == STDIN else file.tell())


def _say(what: str) -> None:
    typer.echo(what, err=True)


def _sendable(file: BinaryIO, name: str, mapping: "Mapping | None", totals: Totals) -> "Iterator[Line]":
    from cli.publishing.line import Fault, json_lines  # noqa: PLC0415
    from cli.publishing.rows import events  # noqa: PLC0415

    for line in events(file, name, mapping) if mapping else json_lines(file, name):
        if isinstance(line, Fault):
            totals.reject(line)
        else:
            yield line


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    if name == STDIN:
        yield typer.get_binary_stream("stdin")
    else:
        with Path(name).open("rb") as file:
            yield file


def _progress() -> "Progress":
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    return Progress(*columns, console=console, disable=not console.is_terminal)


def _running() -> str:
    from cli.stack.record import Record  # noqa: PLC0415

    ingest = Record(HOME / "stack.json").read().get("ingest")
    return ingest.address if ingest else DEFAULT
