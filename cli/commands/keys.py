"""``stadga keys rotate``: another master key, without touching what is sealed."""

import asyncio

import typer

from cli import terminal
from cli.commands.backup import failures
from cli.spoken import Language, Words

keys = typer.Typer(help="Keys of persons, by which events are sealed.", no_args_is_help=True)


@keys.callback()
def of_persons() -> None:
    """Keys of persons, by which events are sealed."""


@keys.command()
def rotate(language: Words = Language.sv) -> None:
    """Wrap every person's key anew by the first master key of STADGA_MASTER_KEY_FILE, while the services run.

    Uses KAFKA_BOOTSTRAP_SERVERS and STADGA_TENANT, else what runs here. May be interrupted, and run again. Exits with 1
    if a master key is missing, or a key cannot be unwrapped; with 2 if Kafka does not answer.
    """
    from cli.connect.rewrapping import Rewrapping
    from cli.local.backup.neighbours import found
    from shared.contracts.topics import HR_KEYS
    from shared.kit.sealing.masters import named

    with failures(language):
        where, masters = found(), named()
        topic = where.tenant.topic(HR_KEYS).name
        work = Rewrapping(where.kafka, topic, masters, lambda said: typer.echo(said.told(language.value)))
        done = asyncio.run(work.run())
    sv, first, whole = language == Language.sv, masters.first.name, sum(done.by_master.values())
    if done.spoilt:
        count = len(done.spoilt)
        terminal.say(f"{count} nycklar har ändrats och kan inte öppnas" if sv else f"{count} keys were changed")
        raise typer.Exit(1)
    terminal.say(
        f'klart: {done.anew} av {whole} nycklar lades i "{first}"; andra huvudnycklar behövs inte längre'
        if sv
        else f'done: {done.anew} of {whole} keys were wrapped by "{first}"; no other master key is needed any more',
        error=False,
    )
