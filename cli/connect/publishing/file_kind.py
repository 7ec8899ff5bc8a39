"""What a file is, by how it begins: a table that can be read, or what else, and what to do about it."""

import stat
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO, NamedTuple

from cli.connect.publishing import beginnings, workbook
from cli.connect.publishing.hindrance import HindranceError
from cli.connect.publishing.mapping import Mapping
from cli.connect.publishing.worksheets import Worksheet

_CHUNK = 1 << 20


class TableFile(NamedTuple):
    """A table as CSV, to be read as often as needed; ``sheets`` are those of the workbook it comes from."""

    content: BinaryIO
    sheets: list[Worksheet]


@contextmanager
def table_file(path: Path, mapping: Mapping) -> Iterator[TableFile]:
    """The file as a table; raises HindranceError for one of another kind and for an empty one, OSError."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise HindranceError("pipe", path)
    with path.open("rb") as file:
        if zipfile.is_zipfile(file):
            with _workbook(file, path, mapping) as table:
                yield table
        else:
            _check(file, path)
            with _lines(file) as content:
                yield TableFile(content, [])


@contextmanager
def _workbook(file: BinaryIO, path: Path, mapping: Mapping) -> Iterator[TableFile]:
    try:
        with workbook.as_csv(file, mapping) as (content, sheets):
            yield TableFile(content, sheets)
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
    beginning = file.read(beginnings.LENGTH)
    if len(beginning) < beginnings.LENGTH and not beginning.removeprefix(b"\xef\xbb\xbf").strip():
        raise HindranceError("empty", path)
    if kind := beginnings.kind(beginning):
        raise HindranceError(kind, path, **({"wanted": "table"} if kind in beginnings.OTHERS else {}))
