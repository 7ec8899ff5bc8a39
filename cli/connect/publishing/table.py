"""A CSV file as rows by column, as often as they are asked for."""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from cli.connect.publishing import layout, spoilt
from cli.connect.publishing.cells import Row
from cli.connect.publishing.days import is_never
from cli.connect.publishing.hindrance import HindranceError
from cli.connect.publishing.line import CellError, FilePlace, LineFault, faulty
from cli.connect.publishing.mapping import AS_OF, COLUMN, Mapping
from cli.connect.publishing.records import Record, records
from services.ingest.domain.refusal import RefusalError


class Table:
    """The rows of a file, with the values that are ``given`` for every row under names of their own."""

    def __init__(self, file: BinaryIO, name: str, mapping: Mapping, given: Row) -> None:
        """Read the header. Raises HindranceError if columns are missing or it cannot be read."""
        self.name = name
        self._file, self._given = file, given
        self._layout = layout.detected(file, name, mapping)
        self._first_cells = self._first()
        self._header = mapping.named(self._first_cells)
        self._absent = {c: "" for c in mapping.optional if c not in self._header}
        self._asked = [n for n, column in enumerate(self._header) if column in mapping.asked]
        self._open_ended = [c for c in mapping.open_ended if c in self._header]
        self._naming = [n for n, column in enumerate(self._header) if column in _naming(mapping)]
        self.footers: list[int] = []
        self.is_cut = False
        self._check(mapping)

    @property
    def columns(self) -> list[str]:
        """All that a row has, also those that are empty since the file lacks them."""
        return [*self._header, *self._absent]

    def not_read(self, mapping: Mapping) -> list[str]:
        """The columns that the mapping does not ask for."""
        return [column for column in self._header if column and column not in mapping.asked]

    def rows(self) -> Iterator[tuple[FilePlace, Row] | LineFault]:
        """The rows that have something in them and are no header, from the first; what cannot be read is a fault.

        ``footers`` are the lines of sums and the like, which are passed over.
        """
        found = records(self._file, self.name, self._layout)
        next(found, None)
        self.footers, self.is_cut = [], False
        for record in found:
            if not record.error and self._is_footer(record.cells):
                self.footers.append(record.place.number)
                continue
            try:
                if record.error or (any(record.cells) and record.cells != self._first_cells):
                    yield record.place, self._row(record)
            except RefusalError as error:
                yield faulty(record.place, error)

    def _is_footer(self, cells: Sequence[str]) -> bool:
        """Whether a row begins as sums do, and does not name both an employment and a person."""
        begins = next(filter(None, cells), "")
        return spoilt.is_under_list(begins) and not all(any(cells[n : n + 1]) for n in self._naming)

    def _first(self) -> Sequence[str]:
        header = next(records(self._file, self.name, self._layout), None)
        if header and header.error:
            raise _unread(header.place, header.error)
        return header.cells if header else ()

    def _check(self, mapping: Mapping) -> None:
        if twice := sorted(c for c, times in Counter(self._header).items() if times > 1 and c in mapping.asked):
            raise HindranceError("columns_twice", self.name, columns=", ".join(twice))
        if missing := sorted(mapping.asked - set(self._header) - self._absent.keys() - self._given.keys()):
            self._check_header()
            raise self._lacking(missing)

    def _check_header(self) -> None:
        """Raise HindranceError if a column may be missing since its letters cannot be read."""
        if spoilt.is_broken("".join(self._header)):
            raise HindranceError("unread_letters", f"{self.name}:{self._layout.before + 1}")

    def _lacking(self, columns: Sequence[str]) -> HindranceError:
        if AS_OF in columns:
            return HindranceError("no_as_of", self.name)
        if not self._header:
            return HindranceError("no_header", self.name, columns=", ".join(columns))
        return HindranceError("no_column", self.name, columns=", ".join(columns), has=", ".join(self._header))

    def _row(self, record: Record) -> Row:
        if record.error:
            raise record.error
        self.is_cut = record.is_cut and len(record.cells) < len(self._header)
        cells = self._whole(record.cells)
        joined = "\x1f".join(cells)
        if not joined.isascii():
            self._check_encoding(joined)
            cells = [unicodedata.normalize("NFC", cell) for cell in cells]
        for n in self._asked if "\0" in joined else ():
            spoilt.check_seen(self._header[n], cells[n])
        for n in self._asked if spoilt.is_suspect(joined) else ():
            spoilt.check(self._header[n], cells[n])
        row = self._given | self._absent | dict(zip(self._header, cells, strict=True))
        for column in self._open_ended:
            if is_never(row[column]):
                row[column] = ""
        return row

    def _whole(self, cells: Sequence[str]) -> Sequence[str]:
        """As many cells as the header has: spreadsheets leave out empty ones at the end, or write more of them."""
        columns = len(self._header)
        if any(cells[columns:]):
            message = f"{len(cells)} cells where the header has {columns}"
            raise CellError("invalid_value", "$", message, "cells")
        return [*cells[:columns], *[""] * (columns - len(cells))]

    def _check_encoding(self, joined: str) -> None:
        try:
            joined.encode()
        except UnicodeEncodeError:
            code = self._layout.encoding.upper()
            raise RefusalError("not_utf8", "$", f"not {code}; save the file as UTF-8") from None


def _naming(mapping: Mapping) -> set[str]:
    """Columns that say what a row is of, if rows are of something that has a history."""
    return {mapping.history.of, *COLUMN.findall(mapping.events[0].subject)} if mapping.history else set()


def _unread(place: FilePlace, error: RefusalError) -> HindranceError:
    where = f"{place.file}:{place.number}"
    match error.kind if isinstance(error, CellError) else "":
        case "long_line":
            return HindranceError("header_long", where)
        case "open_quote":
            return HindranceError("header_quote", where)
        case _:
            return HindranceError("header_unread", where, said=error.message)
