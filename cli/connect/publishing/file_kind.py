"""What a file is, by how it begins: a table that can be read, or what else, and what to do about it."""

import re
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO

from cli.connect.publishing import workbook
from cli.connect.publishing.line import EncodingError
from cli.connect.publishing.mapping import Mapping

_BEGINNING = 4096
_CHUNK = 1 << 20
_ADVICE = "export it as CSV or as an Excel workbook (.xlsx)"
_KINDS = (
    (re.compile(rb"%PDF-"), f"a PDF, no table: {_ADVICE}"),
    (
        re.compile(rb"\xd0\xcf\x11\xe0"),
        "an old Excel file (.xls), or one with a password: save it as .xlsx without one",
    ),
    (re.compile(rb"\x1f\x8b|7z\xbc\xaf|Rar!|BZh"), "compressed: unpack it first"),
    (re.compile(rb"\s*<(?:!doctype html|html|table|head|body|meta)\b", re.IGNORECASE), f"a web page (HTML): {_ADVICE}"),
    (re.compile(rb"\{\\rtf"), f"a text document (RTF): {_ADVICE}"),
)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class FileKindError(EncodingError):
    """The file is no table; the message says which file, what it is, and what to do."""


@contextmanager
def table_file(path: Path, mapping: Mapping) -> Iterator[BinaryIO]:
    """The file as CSV, to be read as often as needed; raises FileKindError, OSError."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise FileKindError(f"{path}: no file but a pipe or a device: save what comes from it, and give that file")
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
    except workbook.WorkbookError as error:
        raise FileKindError(f"{path}: {error}") from None


@contextmanager
def _lines(file: BinaryIO) -> Iterator[BinaryIO]:
    """The file as it is; one whose lines end as on old Macs, with the ends of lines that everybody else writes."""
    file.seek(0)
    is_macs = b"\r" in file.read(_BEGINNING)
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
    beginning = file.read(_BEGINNING).removeprefix(b"\xef\xbb\xbf")
    for form, said in _KINDS:
        if form.match(beginning):
            raise FileKindError(f"{path}: {said}")
    if beginning.startswith(b"PK"):
        raise FileKindError(f"{path}: half of a workbook or of an archive: fetch the file again")
    if b"\0" in beginning and not beginning.startswith(_UTF16):
        raise FileKindError(f"{path}: no text: {_ADVICE}")
