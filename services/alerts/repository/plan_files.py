"""Plan files as they lie on disk: a folder of them, or one."""

from pathlib import Path
from typing import NamedTuple

LARGEST = 1_000_000
ENDINGS = (".yaml", ".yml")


class PlanFile(NamedTuple):
    """A file's name within the folder, and its text or why there is none."""

    name: str
    text: str
    problem: str | None = None


def files(path: Path) -> list[PlanFile]:
    """Every plan file, by name; raises OSError when there is no such folder or file."""
    if not path.is_dir():
        path.stat()
        return [_file(path)]
    return [_file(one) for one in sorted(path.iterdir()) if one.suffix in ENDINGS and not one.name.startswith(".")]


def _file(path: Path) -> PlanFile:
    try:
        body = path.read_bytes()
        if len(body) > LARGEST:
            return PlanFile(path.name, "", f"larger than {LARGEST:,} bytes")
        return PlanFile(path.name, body.decode())
    except UnicodeDecodeError as error:
        return PlanFile(path.name, "", f"not UTF-8: byte {error.start}")
    except OSError as error:
        return PlanFile(path.name, "", error.strerror or str(error))
