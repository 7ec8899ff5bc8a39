"""``stadga metrics realign``: have events read from the start of a log that is not the one that was read."""

import asyncio

import typer

from cli.commands.backup import failures
from cli.spoken import Language, Words

metrics = typer.Typer(help="The metrics service.", no_args_is_help=True)


@metrics.callback()
def service() -> None:
    """The metrics service."""


READ_ANEW = {
    "sv": "{count} av {of} partitioner läses från början: {named}",
    "en": "{count} of {of} partitions are read from their start: {named}",
}
NOTHING = {
    "sv": "inget att göra: var och en av de {of} partitionerna fortsätter där den var",
    "en": "nothing to do: each of the {of} partitions goes on where it was",
}


@metrics.command()
def realign(language: Words = Language.sv) -> None:
    """Read hr.events from its start where it was lost, put back or repartitioned. What is known changes nothing.

    Uses KAFKA_BOOTSTRAP_SERVERS, DATABASE_URL and STADGA_TENANT. Exits with 1 if one of them is wrong, with 2 if either
    cannot be reached.
    """
    from services.metrics.intake.realigning import realign as work
    from shared.kit.settings import Settings, load

    with failures(language):
        settings = load(Settings)
        done = asyncio.run(work(settings.kafka_bootstrap_servers, settings.database_url, settings.tenant))
    named = ", ".join(map(str, done.partitions))
    typer.echo((READ_ANEW if named else NOTHING)[language].format(count=len(done.partitions), of=done.of, named=named))
