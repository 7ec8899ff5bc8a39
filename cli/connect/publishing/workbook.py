"""An Excel workbook as CSV, row by row: its line numbers are Excel's, its days and numbers are what Excel holds.

It is written to a file that has no name, since it is read more than once and workbooks are slow to read.
"""

import csv
import io
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import islice, repeat
from typing import Any, BinaryIO

from openpyxl import load_workbook

from cli.connect.publishing.hindrance import HindranceError
from cli.connect.publishing.mapping import DETECT, Mapping

LARGEST = 4_000_000_000
"""Bytes of a part of a workbook: Excel's own million rows of forty cells are half of it."""
LONGEST = 1 << 20
"""Bytes between two tags: the 32,767 characters of a cell, each written as a number, are a quarter of it."""
LOOKED_AT = 30
"""Rows in which the header is looked for."""
_SHEETS = "xl/worksheets/"
_TEXTS = "xl/sharedStrings.xml"
_FORMULA = (b"f>", b"f ")
_CHUNK = 1 << 20


_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, SyntaxError),
    *(ArithmeticError, AttributeError, LookupError, TypeError, ValueError),
)
"""What the library raises for an archive or a part that is broken: whatever its code comes upon."""


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        said = f"{type(error).__name__}: {error}"
        raise HindranceError("broken_workbook", said=said) from None


@contextmanager
def as_csv(file: BinaryIO, mapping: Mapping) -> Iterator[BinaryIO]:
    """The sheet in which most of the mapping's columns are found, as a CSV file as the mapping wants it."""
    with tempfile.TemporaryFile() as content:
        text = io.TextIOWrapper(content, "utf-8" if mapping.encoding == DETECT else mapping.encoding, newline="")
        writer = csv.writer(text, delimiter=";" if mapping.delimiter == DETECT else mapping.delimiter)
        with _told():
            writer.writerows(_rows(file, mapping, formulas=_checked(file)))
        text.flush()
        yield content
        text.detach()


def _checked(file: BinaryIO) -> bool:
    """Whether the archive, which is a workbook, has formulas; raises HindranceError."""
    with zipfile.ZipFile(file) as archive:
        parts = {part.filename: part.file_size for part in archive.infolist()}
        if "xl/workbook.xml" not in parts:
            raise HindranceError("archive")
        if max(parts.values()) > LARGEST:
            raise HindranceError("large_part", most=LARGEST)
        formulas = [_has_formula(archive, name) for name in parts if name.startswith((_SHEETS, _TEXTS))]
        return any(formulas)


def _has_formula(archive: zipfile.ZipFile, name: str) -> bool:
    """Raises HindranceError for a cell with more text than Excel's may have: a small file may unpack to gigabytes."""
    has_formula, begun = False, b""
    with archive.open(name) as part:
        while chunk := part.read(_CHUNK):
            pieces = (begun + chunk).split(b"<")
            if max(map(len, pieces)) > LONGEST:
                raise HindranceError("large_cell")
            has_formula = has_formula or any(piece.startswith(_FORMULA) for piece in pieces)
            begun = b"<" + pieces[-1]
    return has_formula


def _rows(file: BinaryIO, mapping: Mapping, *, formulas: bool) -> Iterator[list[str]]:
    """The cells of each row; a formula whose value the workbook does not hold is itself."""
    values = load_workbook(file, read_only=True, data_only=True)
    title = _sheet(values, mapping)
    told = load_workbook(file, read_only=True)[title].iter_rows(values_only=True) if formulas else repeat(())
    for row, formula in zip(values[title].iter_rows(values_only=True), told, strict=False):
        yield list(map(_text, row, (*formula, *repeat(None, len(row) - len(formula)))))


def _sheet(book: Any, mapping: Mapping) -> str:  # noqa: ANN401 -- the library's own types say little of its sheets
    """The first of those sheets that can be seen that has most of the columns."""
    titles: list[str] = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if not titles:
        raise HindranceError("no_sheet")
    return max(titles, key=lambda title: _score(islice(book[title].iter_rows(values_only=True), LOOKED_AT), mapping))


def _score(rows: Iterable[Sequence[object]], mapping: Mapping) -> int:
    named = (mapping.named([str(cell) for cell in row if cell is not None]) for row in rows)
    return max((len(mapping.asked & set(names)) for names in named), default=0)


def _text(value: object, formula: object) -> str:
    """A day without the midnight that Excel gives it, a whole number without decimals."""
    if value is None:
        return formula if isinstance(formula, str) and formula.startswith("=") else ""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).splitlines())
