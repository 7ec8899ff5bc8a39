"""``stadga backup``: everything that cannot be made again, as one folder, while the services run."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from cli import terminal
from cli.spoken import Language, Words

DONE = {
    "sv": "klart: {folder}, {messages} meddelanden, {room}, {took} s",
    "en": "done: {folder}, {messages} messages, {room}, {took} s",
}
SECRETS = {"sv": "i {file} ligger hemligheter", "en": "{file} holds secrets"}
KEEP = {"sv": "förvara för sig: {kept}", "en": "keep elsewhere: {kept}"}
AGAIN = {"sv": "kör om kommandot", "en": "run it again"}


def backup(
    folder: Annotated[Path, typer.Argument(help="a folder that is not there yet")],
    keys: Annotated[
        bool,
        typer.Option("--keys", help="with the keys and tokens that are set here, in keys.json"),
    ] = False,
    language: Words = Language.sv,
) -> None:
    """Copy the database and the topics that cannot be made again, while the services run.

    Uses DATABASE_URL, KAFKA_BOOTSTRAP_SERVERS and STADGA_TENANT, else what runs here. Exits with 1 if it cannot be done
    as things are, with 2 if the database or Kafka does not answer or the folder cannot be written: nothing is left then
    that could be taken for a backup.
    """
    from cli.local.backup.making import Backup
    from cli.local.backup.neighbours import found
    from cli.local.backup.progress import size

    begun = time.monotonic()
    with failures(language):
        work = Backup(found(), lambda said: typer.echo(said.told(language.value)))
        made = asyncio.run(work.make(folder, with_keys=keys))
    room, took = size(made.size()).told(language.value), f"{time.monotonic() - begun:.0f}"
    kept = ", ".join(made.keep_elsewhere)
    typer.echo(DONE[language].format(folder=folder, messages=made.messages(), room=room, took=took))
    secrets = SECRETS[language].format(file=made.keys.name) if made.keys else KEEP[language].format(kept=kept)
    typer.echo(secrets)


@contextmanager
def failures(language: Language) -> Iterator[None]:
    """Says what cannot be done, and exits: with 1 as things are, with 2 where another try can help."""
    from shared.kit import supervisor
    from shared.kit.settings import SettingsError
    from shared.language.refusal import SaidError

    try:
        yield
    except SaidError as error:
        terminal.say(error.said(language.value))
        raise typer.Exit(1) from None
    except SettingsError as error:
        terminal.say(str(error))
        raise typer.Exit(1) from None
    except Exception as error:
        if not supervisor.expected(error):
            raise
        terminal.say(f"{type(error).__name__}: {error}; {AGAIN[language]}")
        raise typer.Exit(2) from None
