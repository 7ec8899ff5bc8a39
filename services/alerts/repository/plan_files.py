"""Plan files as they lie on disk: a folder of them, or one."""

from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

LARGEST = 200_000
"""Bytes; a plan that says something of each of a thousand units is half as long."""

ENDINGS = (".yaml", ".yml")


class PlanFile(NamedTuple):
    """A file's name within the folder, its text or why there is none, and when it was last changed."""

    name: str
    text: str
    changed: datetime
    problem: str | None = None


def files(path: Path) -> list[PlanFile]:
    """Every plan file, by name; raises OSError when there is no such folder or file."""
    if not path.is_dir():
        path.stat()
        return [_file(path)]
    return [_file(one) for one in sorted(path.iterdir()) if one.suffix in ENDINGS and not one.name.startswith(".")]


def _file(path: Path) -> PlanFile:
    changed = datetime.now(UTC)
    try:
        found = path.stat()
        changed = datetime.fromtimestamp(found.st_mtime, UTC)
        if found.st_size > LARGEST:
            return PlanFile(path.name, "", changed, f"larger than {LARGEST:,} bytes")
        return PlanFile(path.name, path.read_bytes()[: LARGEST + 1].decode(), changed)
    except UnicodeDecodeError as error:
        return PlanFile(path.name, "", changed, f"not UTF-8: byte {error.start}")
    except OSError as error:
        return PlanFile(path.name, "", changed, error.strerror or str(error))
