"""An Excel workbook as CSV, row by row: its line numbers are Excel's, its days and numbers are what Excel holds.

It is written to a file that has no name, since it is read more than once and workbooks are slow to read.
"""

import csv
import io
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from itertools import repeat
from typing import Any, BinaryIO

from openpyxl import load_workbook
from openpyxl.xml.constants import (
    ARC_CONTENT_TYPES,
    ARC_CORE,
    ARC_CUSTOM,
    ARC_STYLE,
    ARC_THEME,
    ARC_WORKBOOK,
    ARC_WORKBOOK_RELS,
)

from cli.connect.publishing.hindrance import HindranceError
from cli.connect.publishing.mapping import DETECT, Mapping
from cli.connect.publishing.worksheets import Worksheet, cells, chosen, worksheets

LARGEST = 4_000_000_000
"""Bytes of a part of a workbook: Excel's own million rows of forty cells are half of it."""
HELD = 50_000_000
"""Bytes of a part that the library holds as a tree, which is some twenty times as large."""
MOST_TEXT = 500_000_000
"""Bytes of the texts of cells, which are held too: those of a million rows and five different ones a row."""
LONGEST = 1 << 20
"""Bytes between two tags: the 32,767 characters of a cell, each written as a number, are a quarter of it."""
_SHEETS = "xl/worksheets/"
_TEXTS = "xl/sharedStrings.xml"
_HELD = {ARC_CONTENT_TYPES, ARC_CORE, ARC_CUSTOM, ARC_STYLE, ARC_THEME, ARC_WORKBOOK, ARC_WORKBOOK_RELS}
_MOST = {_TEXTS: MOST_TEXT} | dict.fromkeys(_HELD, HELD)
_FORMULA = (b"f>", b"f ")
_NUMBER = re.compile(rb'\sr="([0-9]{1,9})"')
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
def as_csv(file: BinaryIO, mapping: Mapping) -> Iterator[tuple[BinaryIO, list[Worksheet]]]:
    """The sheet in which most of the mapping's columns are found, as a CSV file as the mapping wants it; all sheets."""
    with tempfile.TemporaryFile() as content:
        text = io.TextIOWrapper(content, "utf-8" if mapping.encoding == DETECT else mapping.encoding, newline="")
        writer = csv.writer(text, delimiter=";" if mapping.delimiter == DETECT else mapping.delimiter)
        with _told():
            formulas = _checked(file)
            values = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            title = chosen(values, mapping)
            found = worksheets(values, title, mapping)
            told = load_workbook(file, read_only=True, keep_links=False) if formulas else None
            writer.writerows(_rows(values[title], told[title] if told else None))
        text.flush()
        yield content, found
        text.detach()


def _checked(file: BinaryIO) -> bool:
    """Whether the archive, which is a workbook, has formulas; raises HindranceError."""
    with zipfile.ZipFile(file) as archive:
        parts = {part.filename: part.file_size for part in archive.infolist()}
        if "xl/workbook.xml" not in parts:
            raise HindranceError("archive")
        for name, size in parts.items():
            if size > (most := _MOST.get(name, LARGEST)):
                raise HindranceError("large_part", most=most)
        formulas = [_has_formula(archive, name) for name in parts if name.startswith((_SHEETS, _TEXTS))]
        return any(formulas)


def _has_formula(archive: zipfile.ZipFile, name: str) -> bool:
    """Raises HindranceError for a cell with more text than Excel's may have: a small file may unpack to gigabytes;
    and ValueError for rows that are not in order, of which the library would leave some out.
    """
    has_formula, begun, row = False, b"", 0
    with archive.open(name) as part:
        while chunk := part.read(_CHUNK):
            pieces = (begun + chunk).split(b"<")
            if max(map(len, pieces)) > LONGEST:
                raise HindranceError("large_cell")
            row = _last_row(pieces[:-1], row)
            has_formula = has_formula or any(piece.startswith(_FORMULA) for piece in pieces)
            begun = b"<" + pieces[-1]
    return has_formula


def _last_row(pieces: Iterable[bytes], last: int) -> int:
    """The number of the last row that begins in some pieces, ``last`` being that of the row before them."""
    for piece in pieces:
        if piece.startswith(b"row ") and (found := _NUMBER.search(piece)):
            if int(found[1]) <= last:
                raise ValueError(f"row {int(found[1])} comes after row {last}")
            last = int(found[1])
    return last


def _rows(values: Any, formulas: Any | None) -> Iterator[list[str]]:  # noqa: ANN401 -- sheets of the library
    """The cells of each row; a formula whose value the workbook does not hold is itself."""
    told = cells(formulas) if formulas else repeat(())
    for row, formula in zip(cells(values), told, strict=False):
        yield list(map(_text, row, (*formula, *repeat(None, len(row) - len(formula)))))


def _text(value: object, formula: object) -> str:
    """A day without the midnight that Excel gives it, a whole number without decimals."""
    if value is None:
        return formula if isinstance(formula, str) and formula.startswith("=") else ""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).splitlines())
