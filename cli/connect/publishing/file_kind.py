"""What a file is, by how it begins: a table that can be read, or what else, and what to do about it."""

import stat
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO

from cli.connect.publishing import beginnings, workbook
from cli.connect.publishing.hindrance import HindranceError
from cli.connect.publishing.mapping import Mapping

_CHUNK = 1 << 20


@contextmanager
def table_file(path: Path, mapping: Mapping) -> Iterator[BinaryIO]:
    """The file as CSV, to be read as often as needed; raises HindranceError for a file of another kind, OSError."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise HindranceError("pipe", path)
    with path.open("rb") as file:
        if zipfile.is_zipfile(file):
            with _workbook(file, path, mapping) as content:
                yield content
        else:
            _check(file, path)
            with _lines(file) as content:
                yield content


@contextmanager
def _workbook(file: BinaryIO, path: Path, mapping: Mapping) -> Iterator[BinaryIO]:
    try:
        with workbook.as_csv(file, mapping) as content:
            yield content
    except HindranceError as error:
        error.at(path)


@contextmanager
def _lines(file: BinaryIO) -> Iterator[BinaryIO]:
    """The file as it is; one whose lines end as on old Macs, with the ends of lines that everybody else writes."""
    file.seek(0)
    is_macs = b"\r" in file.read(beginnings.LENGTH)
    file.seek(0)
    if not is_macs or any(b"\n" in chunk for chunk in iter(partial(file.read, _CHUNK), b"")):
        yield file
        return
    with tempfile.TemporaryFile() as content:
        file.seek(0)
        for chunk in iter(partial(file.read, _CHUNK), b""):
            content.write(chunk.replace(b"\r", b"\n"))
        yield content


def _check(file: BinaryIO, path: Path) -> None:
    file.seek(0)
    if kind := beginnings.kind(file.read(beginnings.LENGTH)):
        raise HindranceError(kind, path, **({"wanted": "table"} if kind in beginnings.OTHERS else {}))
