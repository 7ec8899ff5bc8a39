"""Bounces in a folder as mail servers keep mail in (Maildir): each new message is taken in once and marked as seen."""

import asyncio
import mailbox
from pathlib import Path

from services.alerts.notifiers.bounce import PART
from services.alerts.notifiers.bounce.taking import LARGEST, Takers, take
from shared.kit.health import Health
from shared.kit.settings import SettingsError
from shared.kit.trouble import PassingError

PARTS = ("cur", "new", "tmp")
POLL_SECONDS = 2.0


def at(folder: str) -> Path | None:
    """The folder of STADGA_BOUNCES, if there is one; raises SettingsError for one that is no Maildir."""
    if folder and not all((Path(folder) / part).is_dir() for part in PARTS):
        raise SettingsError(f"STADGA_BOUNCES={folder!r}: not a Maildir: it has not the folders {', '.join(PARTS)}")
    return Path(folder) if folder else None


async def watch(folder: Path, to: Takers, health: Health) -> None:
    """Take in what comes until cancelled; raises PassingError while the folder is away."""
    while True:
        try:
            for name in await asyncio.to_thread(_new, folder):
                await take(to, await asyncio.to_thread(_read, folder / "new" / name))
                await asyncio.to_thread(_mark, folder, name)
        except OSError as error:
            raise PassingError(f"{folder}: {error.strerror or error}") from error
        health.ok(PART)
        await asyncio.sleep(POLL_SECONDS)


def _new(folder: Path) -> list[str]:
    """The names of new messages, the earliest first: they begin with the second of delivery."""
    return sorted(path.name for path in (folder / "new").iterdir() if path.is_file() and not path.is_symlink())


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST)


def _mark(folder: Path, name: str) -> None:
    """As a reader of mail would: seen, in the folder of what is not new."""
    (folder / "new" / name).rename(folder / "cur" / f"{name.partition(':')[0]}{mailbox.Maildir.colon}2,S")
