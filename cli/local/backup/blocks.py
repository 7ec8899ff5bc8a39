"""Files of a backup: blocks packed with Zstandard, each behind a frame that says how long it is.

Such a frame is passed over by whatever unpacks Zstandard, so ``zstd -dc`` reads the files as well.
"""

import hashlib
import os
import struct
from collections.abc import Iterator
from pathlib import Path

import cramjam
import msgspec

from cli import private

LEVEL = 3
BLOCK = 1 << 20
"""About as many bytes are packed together."""
READ = 1 << 20
HEAD = struct.Struct("<III")
SKIPPED, SIZE = 0x184D2A50, 4


class File(msgspec.Struct, frozen=True):
    """A file as it was written; ``name`` is its path inside the backup."""

    name: str
    bytes: int
    sha256: str


class Writer:
    """Writes one file of a backup, for the eyes of its owner."""

    def __init__(self, folder: Path, name: str) -> None:
        """``folder``: the backup; raises FileExistsError."""
        path = folder / name
        private.folder(path.parent)
        self._name, self._file = name, open(path, "xb", opener=private.opener)  # noqa: SIM115  (``close`` does)
        self._digest, self.size = hashlib.sha256(), 0

    def block(self, content: bytes) -> None:
        """Pack and write a block."""
        packed = bytes(cramjam.zstd.compress(content, LEVEL))
        self.write(HEAD.pack(SKIPPED, SIZE, len(packed)) + packed)

    def write(self, content: bytes) -> None:
        """Write as it is."""
        self._file.write(content)
        self._digest.update(content)
        self.size += len(content)

    def close(self) -> File:
        """What was written, once it is on the disk."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return File(self._name, self.size, self._digest.hexdigest())


def blocks(path: Path) -> Iterator[bytes]:
    """The blocks of a file whose checksum was compared."""
    with path.open("rb") as file:
        while head := file.read(HEAD.size):
            yield bytes(cramjam.zstd.decompress(file.read(HEAD.unpack(head)[2])))


def sha256(path: Path) -> str:
    """The checksum of a file as it is now."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while some := file.read(READ):
            digest.update(some)
    return digest.hexdigest()
