"""Reading files that people put somewhere: a pipe without a writer, or a device without an end, holds nobody up."""

import os
import stat
from pathlib import Path
from typing import NamedTuple

from shared.language.said import Said


class FileRead(NamedTuple):
    """What a file held; ``changed`` is when it was, in seconds since 1970."""

    content: bytes
    changed: float


class UnfitFileError(OSError):
    """What can be opened and is not a file to be read: not a regular one, or too large.

    ``sentence`` says which, and ``strerror`` says it in English.
    """

    def __init__(self, path: Path, sv: str, en: str) -> None:
        """In both languages, without the path."""
        super().__init__(0, en, str(path))
        self.sentence = Said(sv, en)


def read(path: Path, most: int) -> FileRead:
    """A regular file of at most so many bytes; raises OSError, and UnfitFileError of anything else."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY), "rb") as opened:
        found = os.fstat(opened.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise UnfitFileError(path, "ingen vanlig fil", "not a regular file")
        content = opened.read(most + 1)
    if len(content) > most:
        said = f"{most:,}"
        raise UnfitFileError(path, f"större än {said.replace(',', ' ')} byte", f"larger than {said} bytes")
    return FileRead(content, found.st_mtime)
