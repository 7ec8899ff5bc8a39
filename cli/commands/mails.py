"""``stadga mails list | retry | stopped | resume``: mails that failed or bounced, and sending again."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Literal

import typer

from cli import terminal
from cli.spoken import Language, Words

mails = typer.Typer(help="Mails of the alerts service.", no_args_is_help=True)
Url = Annotated[str | None, typer.Option(help="the alerts service; default: the one that runs here")]

AGAIN = {"sv": "mejl som skickas igen: {count}", "en": "{count} to be sent again"}
RESUMED = {"sv": "adresser som får mejl igen: {count}", "en": "{count} sent to again"}

MailState = Literal["failed", "settling", "pending", "held", "summarised", "sent", "bounced", "told"]


@mails.command(name="list")
def listed(
    state: Annotated[MailState, typer.Option(help="the state they are in")] = "failed",
    most: Annotated[int, typer.Option(min=1, max=1000, help="how many at the most")] = 100,
    url: Url = None,
    language: Words = Language.sv,
) -> None:
    """Print the mails in a state, the latest first, one a line: id, recipient, reason, plan, unit, last error."""
    from cli.connect import alerts_service

    with _asking(language):
        found = alerts_service.ask("/v1/mails", {"state": state, "most": str(most)}, alerts_service.Mails, url).mails
    for one in found:
        about = (one.id, one.recipient, one.reason, one.plan or "", one.unit or "", one.last_error or "")
        typer.echo("\t".join(_plain(text) for text in about))


@mails.command()
def retry(
    ids: Annotated[list[str] | None, typer.Argument(help="which; default: all that failed")] = None,
    url: Url = None,
    language: Words = Language.sv,
) -> None:
    """Send failed mails again; prints how many."""
    from cli.connect import alerts_service

    with _asking(language):
        found = alerts_service.order("/v1/mails/retry", {"ids": ids or None}, alerts_service.RetriedMails, url)
    typer.echo(AGAIN[language].format(count=found.mails))


@mails.command()
def stopped(url: Url = None, language: Words = Language.sv) -> None:
    """Print who gets no mail any more since one bounced, one a line: recipient, plan, since when, why."""
    from cli.connect import alerts_service

    with _asking(language):
        found = alerts_service.ask("/v1/mails/stopped", {}, alerts_service.StoppedRecipients, url)
    for one in found.recipients:
        typer.echo("\t".join(_plain(text) for text in (one.recipient, one.plan or "", one.since, one.why)))


@mails.command()
def resume(
    recipient: Annotated[str, typer.Argument(help="as plans call them")],
    url: Url = None,
    language: Words = Language.sv,
) -> None:
    """Send to a recipient again whose mails bounced; prints how many addresses that opens."""
    from cli.connect import alerts_service

    with _asking(language):
        found = alerts_service.order("/v1/mails/resume", {"recipient": recipient}, alerts_service.Resumed, url)
    typer.echo(RESUMED[language].format(count=found.addresses))


def _plain(text: str) -> str:
    """Without characters that a terminal acts on."""
    return "".join(character if character.isprintable() else " " for character in text)


@contextmanager
def _asking(language: Language) -> Iterator[None]:
    """Says why there is no answer, and exits."""
    from cli.connect.service import AskingError

    try:
        yield
    except AskingError as error:
        terminal.say(error.said(language.value))
        raise typer.Exit(1) from None
