"""Files and folders that hold persons or say how to reach them: for the eyes of their owner."""

import os
from pathlib import Path

MASK = 0o077
"""What a process that writes such files leaves out of their rights (umask)."""


def folder(path: Path) -> None:
    """Make the folder and its parents, and close it to others if it was there.

    Root's can be passed through by name, since PostgreSQL runs as another user: what lies in it is closed by itself.
    """
    rights = 0o711 if os.geteuid() == 0 else 0o700
    for missing in reversed([parent for parent in (path, *path.parents) if not parent.exists()]):
        missing.mkdir(mode=rights, exist_ok=True)
    if path.stat().st_mode & 0o777 & ~rights:
        path.chmod(rights)


def opener(path: str, flags: int) -> int:
    """For ``open``: a file that is made is for its owner; one that is there keeps its rights."""
    return os.open(path, flags, 0o600)


def write(path: Path, content: bytes) -> None:
    """Write a whole file."""
    with open(path, "wb", opener=opener) as file:
        file.write(content)
