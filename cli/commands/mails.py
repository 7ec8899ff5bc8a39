"""``stadga mails list | retry | stopped | resume``: mails that failed or bounced, and sending again."""

from typing import Annotated, Literal

import typer

mails = typer.Typer(help="Mails of the alerts service.", no_args_is_help=True)
Url = Annotated[str | None, typer.Option(help="the alerts service; default: the one that runs here")]

MailState = Literal["failed", "settling", "pending", "held", "summarised", "sent", "bounced", "told"]


@mails.command(name="list")
def listed(
    state: Annotated[MailState, typer.Option(help="the state they are in")] = "failed",
    most: Annotated[int, typer.Option(min=1, max=1000, help="how many at the most")] = 100,
    url: Url = None,
) -> None:
    """Print the mails in a state, the latest first, one a line: id, recipient, reason, plan, unit, last error."""
    from cli.connect import alerts_service
    from cli.connect.service import AskingError

    try:
        found = alerts_service.ask("/v1/mails", {"state": state, "most": str(most)}, alerts_service.Mails, url).mails
    except AskingError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    for one in found:
        about = (one.id, one.recipient, one.reason, one.plan or "", one.unit or "", one.last_error or "")
        typer.echo("\t".join(_plain(text) for text in about))


@mails.command()
def retry(
    ids: Annotated[list[str] | None, typer.Argument(help="which; default: all that failed")] = None,
    url: Url = None,
) -> None:
    """Send failed mails again; prints how many."""
    from cli.connect import alerts_service
    from cli.connect.service import AskingError

    try:
        found = alerts_service.order("/v1/mails/retry", {"ids": ids or None}, alerts_service.RetriedMails, url)
    except AskingError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{found.mails} to be sent again")


@mails.command()
def stopped(url: Url = None) -> None:
    """Print who gets no mail any more since one bounced, one a line: recipient, plan, since when, why."""
    from cli.connect import alerts_service
    from cli.connect.service import AskingError

    try:
        found = alerts_service.ask("/v1/mails/stopped", {}, alerts_service.StoppedRecipients, url)
    except AskingError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    for one in found.recipients:
        typer.echo("\t".join(_plain(text) for text in (one.recipient, one.plan or "", one.since, one.why)))


@mails.command()
def resume(
    recipient: Annotated[str, typer.Argument(help="as plans call them")],
    url: Url = None,
) -> None:
    """Send to a recipient again whose mails bounced; prints how many addresses that opens."""
    from cli.connect import alerts_service
    from cli.connect.service import AskingError

    try:
        found = alerts_service.order("/v1/mails/resume", {"recipient": recipient}, alerts_service.Resumed, url)
    except AskingError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{found.addresses} sent to again")


def _plain(text: str) -> str:
    """Without characters that a terminal acts on."""
    return "".join(character if character.isprintable() else " " for character in text)
