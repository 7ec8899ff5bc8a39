"""``stadga metrics realign``: have events read from the start of a log that is not the one that was read."""

import asyncio

import typer

from cli import terminal

metrics = typer.Typer(help="The metrics service.", no_args_is_help=True)


@metrics.callback()
def service() -> None:
    """The metrics service."""


@metrics.command()
def realign() -> None:
    """Read hr.events from its start where it was lost, put back or repartitioned. What is known changes nothing.

    Uses KAFKA_BOOTSTRAP_SERVERS, DATABASE_URL and STADGA_TENANT. Exits with 2 if either cannot be reached.
    """
    from services.metrics.intake.realigning import realign as work
    from shared.kit import supervisor
    from shared.kit.settings import Settings, load

    settings = load(Settings)
    try:
        done = asyncio.run(work(settings.kafka_bootstrap_servers, settings.database_url, settings.tenant))
    except Exception as error:
        if not supervisor.expected(error):
            raise
        terminal.say(f"{type(error).__name__}: {error}")
        raise typer.Exit(2) from None
    if done.partitions:
        named = ", ".join(map(str, done.partitions))
        typer.echo(f"{len(done.partitions)} of {done.of} partitions are read from their start: {named}")
    else:
        typer.echo(f"nothing to do: each of the {done.of} partitions goes on where it was")
