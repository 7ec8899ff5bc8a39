"""The records of a CSV file, each with the line it begins on; one that cannot be read spoils no other."""

import csv
import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple

from cli.connect.publishing.line import LONGEST, CellError, FilePlace, raw_lines
from services.ingest.domain.refusal import RefusalError

_TEXT = re.compile(r'="(.*)"', re.DOTALL)
"""What programs write so that a spreadsheet leaves a text alone."""
_GAP = re.compile(r"\s*[\r\n]+\s*")


class Layout(NamedTuple):
    """How a file is written, and how many lines stand before its header."""

    encoding: str
    delimiter: str
    before: int = 0


class Record(NamedTuple):
    """Cells, or why they cannot be read; ``is_cut`` is the last of a file that ends without the end of a line."""

    place: FilePlace
    cells: Sequence[str]
    error: RefusalError | None = None
    is_cut: bool = False


def records(file: BinaryIO, name: str, layout: Layout) -> Iterator[Record]:
    """From the beginning of the file; raises HindranceError if it cannot be read as lines of text."""
    file.seek(0)
    lines = _Lines(file, name, layout)
    reader = csv.reader(lines, delimiter=layout.delimiter)
    while True:
        place = lines.begin()
        try:
            cells = [_plain(cell) for cell in next(reader)]
            yield Record(place, cells, lines.fault(), lines.is_cut)
        except StopIteration:
            return
        except csv.Error as error:
            yield Record(place, (), lines.fault() or lines.unread(error))


def _plain(cell: str) -> str:
    """A cell without what is written around it, on one line: names have none to break."""
    if cell.startswith('="'):
        cell = _TEXT.sub(r"\1", cell.strip())
    return _GAP.sub(" ", cell.strip()) if "\n" in cell or "\r" in cell else cell.strip()


class _Lines:
    """The lines of a file after some, and what is wrong with those of the record that is being read."""

    def __init__(self, file: BinaryIO, name: str, layout: Layout) -> None:
        self._name, self._encoding = name, layout.encoding
        self._lines = raw_lines(file, name)
        self._number = 0
        self._begun = 1
        self._quotes = self._length = 0
        self._is_long = self._has_ended = False
        self.is_cut = False
        for _ in range(layout.before):
            next(self, "")

    def begin(self) -> FilePlace:
        """The next line begins a record."""
        self._quotes, self._length, self._is_long = 0, 0, False
        self._begun = self._number + 1
        return FilePlace(self._name, self._begun)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        """Bytes that are not of the encoding survive as surrogates, so that only their row is at fault."""
        try:
            (_, self._number), line = next(self._lines)
        except StopIteration:
            self._has_ended = True
            raise
        self._quotes += line.count(b'"')
        self._length += len(line)
        self.is_cut = not line.endswith((b"\n", b"\r"))
        self._is_long |= self.is_cut and len(line) >= LONGEST
        return line.decode(self._encoding, "surrogateescape")

    def fault(self) -> RefusalError | None:
        """What is wrong with the lines of the record as a whole."""
        if self._is_long:
            return CellError("too_large", "$", f"a line of more than {LONGEST:,} bytes", "long_line")
        if self._number > self._begun and self._quotes % 2:
            message = f"a quote is opened and not closed: lines {self._begun}–{self._number} cannot be read"
            return CellError("invalid_value", "$", message, "open_quote")
        return None

    def unread(self, error: csv.Error) -> RefusalError:
        """Why the record is no CSV: mostly since a cell is longer than any that means something."""
        is_long = self._length > csv.field_size_limit()
        return CellError("invalid_value", "$", f"no CSV: {error}", "long_line" if is_long else "")
