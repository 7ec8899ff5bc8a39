"""``stadga dead-letters list | show | retry | add``: the messages that the services put aside."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from cli import terminal
from cli.spoken import Language, Words
from shared.language.refusal import SaidError

if TYPE_CHECKING:
    from rich.progress import Progress

    from cli.connect.dead_letters.desk import Tried
    from cli.connect.service import At
    from shared.contracts.dead_letters import Place

dead_letters = typer.Typer(help="Messages that the services put aside.", no_args_is_help=True)


class Service(StrEnum):
    """The services that put messages aside."""

    metrics = "metrics"
    alerts = "alerts"


class Format(StrEnum):
    """How to print."""

    table = "table"
    json = "json"


One = Annotated[Service | None, typer.Option(help="which service; both if absent")]
Its = Annotated[Service | None, typer.Option(help="which service; alerts for workforce.metrics, else metrics")]
Url = Annotated[str | None, typer.Option(help="where it answers, with --service; where it runs here if absent")]
Reason = Annotated[str | None, typer.Option(help="only those put aside for this reason, such as not_json")]
How = Annotated[Format, typer.Option("--format", help="how to print")]
ADDED = {
    "sv": "{} lägger {} åt sidan när den stannar där",
    "en": "{} puts {} aside when it stops there",
}
Where = Annotated[str, typer.Argument(help="TOPIC/PARTITION/OFFSET, such as hr.events/3/1234")]


class ArgumentError(SaidError):
    """What was asked for cannot be meant."""


@dead_letters.command(name="list")
def list_(
    service: One = None,
    url: Url = None,
    reason: Reason = None,
    how: How = Format.table,
    language: Words = Language.sv,
) -> None:
    """Tell where, why and since when, never what a message says. Exits with 2 if a service does not answer."""
    from cli.connect.dead_letters import desk, output

    with _asking(language):
        found = list(desk.kept(_services(service, url), reason))
    if how == Format.json:
        typer.echo(output.listed(found))
    else:
        terminal.console().print(output.table(found, language.value))


@dead_letters.command()
def show(where: Where, service: Its = None, url: Url = None, language: Words = Language.sv) -> None:
    """Show one as it came, as JSON; it may be about a person. Exits with 2 if there is none or nobody answers."""
    from cli.connect.dead_letters import desk, output

    with _asking(language):
        place = _place(where)
        typer.echo(output.shown(desk.content(_its(place, service, url), place)))


@dead_letters.command()
def retry(
    places: Annotated[list[str] | None, typer.Argument(help="TOPIC/PARTITION/OFFSET; all there are if absent")] = None,
    service: One = None,
    url: Url = None,
    reason: Reason = None,
    how: How = Format.table,
    language: Words = Language.sv,
) -> None:
    """Take messages through their service again; those that it takes in are no longer kept.

    Exits with 1 if any is still kept, with 2 if a service does not answer.
    """
    from cli.connect.dead_letters import output

    with _asking(language):
        tried = list(_retried(_chosen(places or [], service, url, reason)))
    if how == Format.json:
        typer.echo(output.outcomes(tried))
    else:
        typer.echo(output.summary(tried, language.value))
    if any(one.retried.became in {"refused", "failed"} for one in tried):
        raise typer.Exit(1)


@dead_letters.command()
def add(
    where: Where,
    reason: Annotated[str, typer.Option(help="why; it is kept with the message")],
    service: Its = None,
    url: Url = None,
    language: Words = Language.sv,
) -> None:
    """Have the message put aside at which a service stops, which then goes on. It takes in any other as ever.

    Exits with 2 if the service does not answer.
    """
    from cli.connect.dead_letters import desk

    with _asking(language):
        place = _place(where)
        its = _its(place, service, url)
        desk.add(its, place, reason)
    terminal.say(ADDED[language].format(its.service, place), error=False)


def _chosen(places: list[str], service: Service | None, url: str | None, reason: str | None) -> "dict[At, list[Place]]":
    """What to retry, by service; of no places, all that are kept."""
    from cli.connect.dead_letters import desk

    named = {_place(place) for place in places}
    chosen: dict[At, list[Place]] = {}
    for at, letter in desk.kept(_services(service, url), reason):
        if not named or letter.place in named:
            chosen.setdefault(at, []).append(letter.place)
    if missing := named.difference(*chosen.values()):
        absent = ", ".join(map(str, sorted(missing)))
        raise ArgumentError(f"inte åt sidan: {absent}", f"not put aside: {absent}")
    return chosen


def _retried(chosen: "dict[At, list[Place]]") -> "Iterator[Tried]":
    from cli.connect.dead_letters import desk

    with _progress() as progress:
        for at, places in chosen.items():
            task = progress.add_task(at.service, total=len(places))
            yield from desk.retried(at, places, partial(progress.advance, task))


def _progress() -> "Progress":
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = terminal.console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=console, disable=not console.is_terminal)


def _services(service: Service | None, url: str | None) -> "list[At]":
    from cli.connect.service import at

    if url and not service:
        raise ArgumentError(
            "--url behöver --service, tjänsten som svarar där", "--url needs --service, the service that answers there"
        )
    return [at(one.value, url) for one in ([service] if service else Service)]


def _its(place: "Place", service: Service | None, url: str | None) -> "At":
    from cli.connect.service import at
    from shared.contracts.topics import WORKFORCE_METRICS

    likely = Service.alerts if place.topic.endswith(WORKFORCE_METRICS.name) else Service.metrics
    return at((service or likely).value, url)


def _place(where: str) -> "Place":
    from shared.contracts.dead_letters import place

    try:
        return place(where)
    except ValueError as error:
        raise ArgumentError(f"{where!r}: väntade ÄMNE/PARTITION/OFFSET, såsom hr.events/3/1234", str(error)) from None


@contextmanager
def _asking(language: Language) -> Iterator[None]:
    try:
        yield
    except SaidError as error:
        terminal.say(error.said(language.value))
        raise typer.Exit(2) from None
