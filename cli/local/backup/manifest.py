"""manifest.json: what a backup holds, and whether it still does."""

import hashlib
import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from cli import private
from cli.local.backup.blocks import File, sha256
from shared.language.refusal import SaidError

FORMAT = 1
NAME, CHECKSUM = "manifest.json", "manifest.json.sha256"
"""The second is of the form that ``sha256sum --check`` reads."""


class BackupError(SaidError):
    """It cannot be done as things are; nothing that was there is changed."""


class Table(msgspec.Struct, frozen=True):
    """A table of the database. ``bound`` says which part of ``parent`` it is, if it is one."""

    schema: str
    name: str
    columns: tuple[str, ...]
    parent: str | None
    bound: str | None
    rows: int = 0
    file: File | None = None

    @property
    def called(self) -> str:
        """With its schema."""
        return f"{self.schema}.{self.name}"


class Partition(msgspec.Struct, frozen=True):
    """The messages of a partition, from the offset ``first`` to before ``end``."""

    number: int
    first: int
    end: int
    messages: int
    file: File


class Messages(msgspec.Struct, frozen=True):
    """A topic, as it is called for the tenant. One that is made anew has another ``id``; None: brokers tell none."""

    topic: str
    id: str | None
    partitions: tuple[Partition, ...]


class Manifest(msgspec.Struct, frozen=True):
    """What a backup holds. Tables stand in the order in which they can be filled.

    ``migrations``: the numbers of the schema; ``keep_elsewhere``: settings whose values are not in the backup, and
    the files that they name.
    """

    format: int
    release: str
    tenant: str
    begun: datetime
    ended: datetime
    postgres: str
    migrations: tuple[str, ...]
    tables: tuple[Table, ...]
    sequences: dict[str, int]
    topics: tuple[Messages, ...]
    keep_elsewhere: dict[str, str]
    keys: File | None

    def files(self) -> Iterator[File]:
        """Every file but the manifest itself."""
        yield from (table.file for table in self.tables if table.file)
        yield from (part.file for topic in self.topics for part in topic.partitions)
        if self.keys:
            yield self.keys

    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.bytes for file in self.files())

    def messages(self) -> int:
        """Of all topics."""
        return sum(part.messages for topic in self.topics for part in topic.partitions)


class _Format(msgspec.Struct):
    format: int


def write(folder: Path, manifest: Manifest) -> None:
    """The last thing that is written of a backup."""
    content = msgspec.json.format(msgspec.json.encode(manifest)) + b"\n"
    private.write(folder / NAME, content)
    private.write(folder / CHECKSUM, f"{hashlib.sha256(content).hexdigest()}  {NAME}\n".encode())
    for path in (folder / NAME, folder / CHECKSUM, folder):
        opened = os.open(path, os.O_RDONLY)
        os.fsync(opened)
        os.close(opened)


def read(folder: Path) -> Manifest:
    """The manifest, whose files are yet to be checked; raises BackupError."""
    try:
        content, told = (folder / NAME).read_bytes(), (folder / CHECKSUM).read_text().split()
    except (OSError, UnicodeDecodeError):
        raise BackupError(
            f"{folder} är ingen säkerhetskopia: där finns inte {NAME} med {CHECKSUM}",
            f"{folder} is no backup: there is no {NAME} with {CHECKSUM}",
        ) from None
    if told[:1] != [hashlib.sha256(content).hexdigest()]:
        raise damaged(NAME)
    form = msgspec.json.decode(content, type=_Format).format
    if form != FORMAT:
        raise BackupError(
            f"säkerhetskopian har formatet {form}, och den här versionen av Stadga läser {FORMAT}: använd den "
            "version som gjorde den",
            f"the backup has the format {form}, and this version of Stadga reads {FORMAT}: use the one that made it",
        )
    return msgspec.json.decode(content, type=Manifest)


def check(folder: Path, manifest: Manifest, checked: Callable[[File], None]) -> None:
    """Compare every file with its checksum; raises BackupError for the first that is another or missing."""
    for file in manifest.files():
        try:
            found = sha256(folder / file.name)
        except OSError:
            raise damaged(file.name) from None
        if found != file.sha256:
            raise damaged(file.name)
        checked(file)


def damaged(name: str) -> BackupError:
    """What is said of a file that is not as it was written."""
    return BackupError(
        f"säkerhetskopian är skadad: {name} är inte som den skrevs, eller saknas",
        f"the backup is damaged: {name} is not as it was written, or missing",
    )
