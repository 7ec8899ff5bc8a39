"""What a backup leaves out unless it is told not to: secrets, and the files that say who may do what."""

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from cli.local.backup.blocks import File, Writer
from cli.local.backup.manifest import BackupError

NAME = "keys.json"
VALUES = ("STADGA_PSEUDONYM_KEY",)
FILES = (
    "STADGA_MASTER_KEY_FILE",
    "STADGA_LINK_KEY_FILE",
    "STADGA_DKIM_KEY_FILE",
    "STADGA_TOKENS_FILE",
    "STADGA_ACCESS",
    "STADGA_WEBHOOKS",
)
"""What lets us into Kafka, PostgreSQL and the mail server is not named: it belongs to the machine."""


def elsewhere(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The settings whose values are to be kept elsewhere, and the file of each; empty: a value, or not set here."""
    return dict.fromkeys(VALUES, "") | {name: environment.get(name, "") for name in FILES}


def write(folder: Path, environment: Mapping[str, str] = os.environ) -> File:
    """Write what is set in this environment into a file of its own, for its owner; raises BackupError."""
    held = {name: environment[name] for name in VALUES if environment.get(name)}
    held |= {name: _content(name, environment[name]) for name in FILES if environment.get(name)}
    if missing := [name for name in VALUES if name not in held]:
        named = ", ".join(missing)
        raise BackupError(
            f"--keys: {named} är inte satt här, och utan den är nycklarna inte hela",
            f"--keys: {named} is not set here, and without it the keys are not whole",
        )
    writer = Writer(folder, NAME)
    writer.write(msgspec.json.format(msgspec.json.encode(held)) + b"\n")
    return writer.close()


def _content(name: str, path: str) -> str:
    try:
        return Path(path).read_text()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "UTF-8"
        raise BackupError(
            f"{name}={path!r} kan inte läsas: {reason}", f"{name}={path!r} cannot be read: {reason}"
        ) from None
