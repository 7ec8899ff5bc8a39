"""``stadga topics repartition``: another number of partitions for hr.events, without losing the order of a person."""

import asyncio
from typing import Annotated

import typer

from cli import terminal

topics = typer.Typer(help="Kafka topics.", no_args_is_help=True)


@topics.callback()
def kafka() -> None:
    """Kafka topics."""


@topics.command()
def repartition(
    partitions: Annotated[int, typer.Option(help="how many partitions hr.events is to have", min=1, max=1_000)],
) -> None:
    """Copy hr.events to as many partitions, by key. Stop ingest, metrics and alerts before; may be run again.

    Uses KAFKA_BOOTSTRAP_SERVERS and STADGA_TENANT. Exits with 1 if it cannot be done as things are, with 2 if no
    broker answers.
    """
    from cli.connect.repartitioning.steps import Repartition, RepartitionError
    from shared.kit import broker
    from shared.kit.settings import Settings, load

    settings = load(Settings)
    try:
        asyncio.run(Repartition(settings.kafka_bootstrap_servers, partitions, typer.echo, settings.tenant).run())
    except RepartitionError as error:
        terminal.say(str(error))
        raise typer.Exit(1) from None
    except Exception as error:
        if not broker.expected(error):
            raise
        terminal.say(f"{type(error).__name__}: {error}; run it again")
        raise typer.Exit(2) from None
