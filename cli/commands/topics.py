"""``stadga topics repartition``: another number of partitions for hr.events, without losing the order of a person."""

import asyncio
from typing import Annotated

import typer

from cli.commands.backup import failures
from cli.spoken import Language, Words

topics = typer.Typer(help="Kafka topics.", no_args_is_help=True)


@topics.callback()
def kafka() -> None:
    """Kafka topics."""


@topics.command()
def repartition(
    partitions: Annotated[int, typer.Option(help="how many partitions hr.events is to have", min=1, max=1_000)],
    language: Words = Language.sv,
) -> None:
    """Copy hr.events to as many partitions, by key. Stop ingest, metrics and alerts before; may be run again.

    Uses KAFKA_BOOTSTRAP_SERVERS and STADGA_TENANT. Exits with 1 if it cannot be done as things are, with 2 if no
    broker answers.
    """
    from cli.connect.repartitioning.steps import Repartition
    from shared.kit.settings import Settings, load

    with failures(language):
        settings = load(Settings)
        servers, tenant = settings.kafka_bootstrap_servers, settings.tenant
        work = Repartition(servers, partitions, lambda said: typer.echo(said.told(language.value)), tenant)
        asyncio.run(work.run())
