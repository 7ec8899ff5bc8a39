"""Plan files as they lie on disk: a folder of them, or one."""

import os
from datetime import UTC, datetime
from pathlib import Path

from services.alerts.domain.plan.choice import PlanFile
from shared.kit import files
from shared.language.said import Said

LARGEST = 200_000
"""Bytes; a plan that says something of each of a thousand units is half as long."""

LATEST = datetime(9999, 1, 1, tzinfo=UTC).timestamp()
"""A file system may say that a file was changed later than there are dates."""

ENDINGS = (".yaml", ".yml")


def paths(path: Path) -> list[Path]:
    """Where plan files are, by name; raises OSError when there is no such folder or file."""
    if not path.is_dir():
        path.stat()
        return [path]
    return [one for one in sorted(path.iterdir()) if one.suffix in ENDINGS and not one.name.startswith(".")]


def printable(path: Path | str) -> str:
    """A name on disk as text that every log, answer and table can hold: it need not be UTF-8."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def moment(seconds: float) -> datetime:
    """A time since 1970 as a date, the nearest that there is."""
    return datetime.fromtimestamp(min(max(seconds, 0), LATEST), UTC)


def file(path: Path) -> PlanFile:
    """A plan file, or why it cannot be one. Nothing but a regular file is read: others have no end, or wait for one."""
    name, changed = printable(path.name), datetime.now(UTC)
    try:
        found = files.read(path, LARGEST)
        changed = moment(found.changed)
        return PlanFile(name, found.content.decode(), changed)
    except OSError as error:
        return PlanFile(name, "", changed, unread(error))
    except UnicodeDecodeError as error:
        said = Said(f"inte UTF-8: byte {error.start}", f"not UTF-8: byte {error.start}")
        return PlanFile(name, "", changed, said)


def unread(error: OSError) -> Said:
    """Why a file was not read; what the system says of it is English."""
    if isinstance(error, files.UnfitFileError):
        return error.sentence
    told = error.strerror or type(error).__name__
    return Said(f"går inte att läsa ({told})", told)
