"""A line of a file: as an event ready to send, or as the fault that keeps it from being sent."""

from collections.abc import Iterator
from typing import BinaryIO, Literal, NamedTuple

import msgspec

from cli.connect.publishing.hindrance import HindranceError
from services.ingest.domain.decoding import LIMIT, MALFORMED
from services.ingest.domain.refusal import RefusalError, explained
from shared.contracts.rejections import Reason
from shared.language.phrase import shortened

BOM = b"\xef\xbb\xbf"
LONGEST = 2_000_000
"""Bytes of a line: twice what an event may have. Of a longer one no more is looked at."""
SHOWN = 60
"""Characters of a cell that a message repeats."""
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_any_json = msgspec.json.Decoder(msgspec.Raw)

Kind = Literal[
    "",
    "cells",
    "decimals_added",
    "digits_lost",
    "empty",
    "excel_day",
    "formula",
    "long_line",
    "mixed_degrees",
    "month_first",
    "no_date",
    "no_number",
    "not_in_register",
    "nul",
    "open_quote",
    "other_encoding",
    "repeated",
    "unknown_word",
    "zero_lost",
]
"""What is wrong with a row or a cell as spreadsheets and payroll systems make it; "" is what ingest's rules say."""


class CellError(RefusalError):
    """What is wrong is known by its kind, and where it is from a column, that column and what stands there."""

    def __init__(
        self, reason: Reason, path: str, message: str, kind: Kind = "", column: str = "", cell: str = ""
    ) -> None:
        """As a refusal, and where in the row."""
        super().__init__(reason, path, message)
        self.kind: Kind = kind
        self.column, self.cell = column, shortened(cell, SHOWN)


class FilePlace(NamedTuple):
    """Where in which file, counted from 1."""

    file: str
    number: int


class Line(NamedTuple):
    """An event in structured JSON."""

    place: FilePlace
    body: bytes


class LineFault(NamedTuple):
    """Why a line was not accepted; ``column`` and ``cell`` where a row of a table has them."""

    place: FilePlace
    reason: str
    path: str
    message: str
    kind: Kind = ""
    column: str = ""
    cell: str = ""


def faulty(place: FilePlace, error: RefusalError) -> LineFault:
    """The fault of a line that is refused before it is sent."""
    where = (error.kind, error.column, error.cell) if isinstance(error, CellError) else ("", "", "")
    return LineFault(place, error.reason, error.path, error.message, *where)


def in_column(error: RefusalError, column: str | None, cell: str) -> RefusalError:
    """The same error, said of a cell, if it is known which."""
    if column is None or (isinstance(error, CellError) and error.column):
        return error
    kind: Kind = error.kind if isinstance(error, CellError) else ""
    message = f"{column} {shortened(cell, SHOWN)!r}: {error.message}"
    return CellError(error.reason, error.path, message, kind, column, cell)


def raw_lines(file: BinaryIO, name: str) -> Iterator[tuple[FilePlace, bytes]]:
    """Lines without a byte order mark, and of the longest the beginning; raises HindranceError for UTF-16."""
    number, begins = 0, True
    while line := file.readline(LONGEST):
        if begins:
            number += 1
            if number == 1 and line.startswith(_UTF16):
                raise HindranceError("utf16", name)
            yield FilePlace(name, number), line.removeprefix(BOM) if number == 1 else line
        begins = line.endswith(b"\n")


def json_lines(file: BinaryIO, name: str) -> Iterator[Line | LineFault]:
    """The events of a file of JSON lines; blank lines are passed over."""
    for place, line in raw_lines(file, name):
        if body := line.strip():
            try:
                yield Line(place, _checked(body))
            except RefusalError as error:
                yield faulty(place, error)


def _checked(body: bytes) -> bytes:
    """What could spoil the batch it is sent in: whether it is an event is for ingest to say."""
    if len(body) > LIMIT:
        raise RefusalError("too_large", "$", f"{len(body)} bytes; an event has at most {LIMIT}")
    try:
        body.decode()
        _any_json.decode(body)
    except MALFORMED as error:
        raise explained(error) from None
    return body
