"""``stadga restore``: a backup put back, on whatever machine."""

import asyncio
import time
from pathlib import Path
from typing import Annotated

import typer

from cli.commands.backup import failures
from cli.spoken import Language, Words

DONE = {
    "sv": "klart: {messages} meddelanden, {room}, {took} s\n"
    "lägg tillbaka {kept} som de var, och starta sedan tjänsterna\n"
    "radera på nytt de personer som har raderats efter {since}: deras nycklar finns igen",
    "en": "done: {messages} messages, {room}, {took} s\n"
    "put back {kept} as they were, then start the services\n"
    "erase again the persons who were erased after {since}: their keys are back",
}


def restore(
    folder: Annotated[Path, typer.Argument(help="what stadga backup made")], language: Words = Language.sv
) -> None:
    """Put a backup back into an empty database and empty topics, with no service running. May be run again.

    Uses DATABASE_URL, KAFKA_BOOTSTRAP_SERVERS, STADGA_TENANT and STADGA_REPLICATION, else what runs here. Every file is
    checked before anything is changed. Exits with 1 if it cannot be done as things are, with 2 if the database or Kafka
    does not answer.
    """
    from cli.local.backup.neighbours import found
    from cli.local.backup.progress import size
    from cli.local.backup.restoring import Restore

    begun = time.monotonic()
    with failures(language):
        work = Restore(found(), folder, lambda said: typer.echo(said.told(language.value)))
        done = asyncio.run(work.run())
    room, took = size(done.size()).told(language.value), f"{time.monotonic() - begun:.0f}"
    kept, since = ", ".join(done.keep_elsewhere), f"{done.begun:%Y-%m-%d %H:%M} UTC"
    typer.echo(DONE[language].format(messages=done.messages(), room=room, took=took, kept=kept, since=since))
