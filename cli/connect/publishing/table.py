"""A CSV file as rows by column: its encoding and delimiter, and the names its columns go by."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from cli.connect.publishing.cells import Row
from cli.connect.publishing.line import FilePlace, LineFault, faulty, raw_lines
from cli.connect.publishing.mapping import DETECT, Mapping, MappingError
from services.ingest.domain.refusal import RefusalError

DELIMITERS = (";", "\t", ",")
SINGLE_BYTE = "windows-1252"
"""What Swedish programs write that do not write UTF-8; for letters it is ISO-8859-1."""


class Table:
    """The rows of a file, with the values that are ``given`` for every row under names of their own."""

    def __init__(self, file: BinaryIO, name: str, mapping: Mapping, given: Row) -> None:
        """Read the header. Raises MappingError if columns are missing, EncodingError if the file cannot be read."""
        self._name, self._given = name, given
        self._encoding = mapping.encoding
        if mapping.encoding == DETECT:
            file, self._encoding = _detected(file)
        lines = self._text(file)
        first = next(lines, "")
        delimiter = _delimiter(first) if mapping.delimiter == DETECT else mapping.delimiter
        self._reader = csv.reader(_again(first, lines), delimiter=delimiter)
        self._header = _named(self._first(), mapping)
        self._absent = {c: "" for c in mapping.optional if c not in self._header}
        self._check(mapping)

    def not_read(self, mapping: Mapping) -> list[str]:
        """The columns that the mapping does not ask for."""
        return [column for column in self._header if column not in mapping.asked]

    def rows(self) -> Iterator[tuple[FilePlace, Row] | LineFault]:
        """The rows that have something in them; one that cannot be read is a fault."""
        while True:
            try:
                cells = self._next()
                if any(cell.strip() for cell in cells):
                    yield self._place(), self._row(cells)
            except StopIteration:
                return
            except RefusalError as error:
                yield faulty(self._place(), error)

    def _place(self) -> FilePlace:
        return FilePlace(self._name, self._reader.line_num)

    def _first(self) -> list[str]:
        try:
            return self._next()
        except StopIteration:
            return []
        except RefusalError as error:
            raise MappingError(f"{self._name}:1: {error}") from None

    def _next(self) -> list[str]:
        try:
            return next(self._reader)
        except csv.Error as error:
            raise RefusalError("invalid_value", "$", f"no CSV: {error}") from None

    def _text(self, file: BinaryIO) -> Iterator[str]:
        """Bytes that are not of the encoding survive as surrogates, so that only their row is at fault."""
        for _, line in raw_lines(file, self._name):
            yield line.decode(self._encoding, "surrogateescape")

    def _check(self, mapping: Mapping) -> None:
        if twice := sorted(c for c, times in Counter(self._header).items() if times > 1 and c in mapping.asked):
            raise MappingError(f"{self._name}: more than one column is {', '.join(twice)}")
        if missing := sorted(mapping.asked - set(self._header) - self._absent.keys() - self._given.keys()):
            has = ", ".join(self._header) or "no header"
            raise MappingError(f"{self._name}: no column {', '.join(missing)}; the file has {has}")

    def _row(self, cells: Sequence[str]) -> Row:
        if len(cells) != len(self._header):
            raise RefusalError("invalid_value", "$", f"{len(cells)} cells where the header has {len(self._header)}")
        try:
            "".join(cells).encode()
        except UnicodeEncodeError:
            code = self._encoding.upper()
            raise RefusalError("not_utf8", "$", f"not {code}; save the file as UTF-8") from None
        told = {column: cell.strip() for column, cell in zip(self._header, cells, strict=True)}
        return self._given | self._absent | told


def _detected(file: BinaryIO) -> tuple[BinaryIO, str]:
    content = file.read()
    try:
        content.decode()
    except UnicodeDecodeError:
        return io.BytesIO(content), SINGLE_BYTE
    return io.BytesIO(content), "utf-8"


def _delimiter(header: str) -> str:
    return max(DELIMITERS, key=header.count)


def _again(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first
    yield from lines


def _named(header: Sequence[str], mapping: Mapping) -> list[str]:
    """Columns under the names the mapping uses, whatever the file calls them."""
    known = {other.casefold(): name for name, others in mapping.columns.items() for other in (name, *others)}
    return [known.get(column.strip().casefold(), column.strip()) for column in header]
