"""The sheets of a workbook: which one is read, and what stands in the others."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from cli.connect.publishing.hindrance import HindranceError
from cli.connect.publishing.mapping import AS_OF, Mapping

LOOKED_AT = 30
"""Rows in which the header is looked for."""
MOST_ROWS = 1_048_576
"""Of a sheet of Excel: one that numbers its rows otherwise would be empty rows without an end."""
_Cells = Sequence[object]


class Worksheet(NamedTuple):
    """A sheet with ``rows`` that have something in them, the header not counted; those of the one that is read are not.

    ``is_alike``: it has all columns that the mapping needs, so it may hold more of the same.
    """

    title: str
    rows: int
    is_read: bool
    is_hidden: bool
    is_alike: bool


def cells(sheet: Any) -> Iterator[_Cells]:  # noqa: ANN401 -- as below
    """The cells of each row that there is: how many a sheet says that it has is wrong in the files of some programs.

    Raises ValueError for more than Excel has.
    """
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        if number > MOST_ROWS:
            raise ValueError(f"more than {MOST_ROWS} rows")
        yield row


def chosen(book: Any, mapping: Mapping) -> str:  # noqa: ANN401 -- the library's own types say little of its sheets
    """The first of those sheets that can be seen that has most of the columns. Raises HindranceError without any."""
    titles: list[str] = [sheet.title for sheet in book.worksheets if not _is_hidden(sheet)]
    if not titles:
        raise HindranceError("no_sheet")
    return max(titles, key=lambda title: _most(cells(book[title]), mapping))


def worksheets(book: Any, title: str, mapping: Mapping) -> list[Worksheet]:  # noqa: ANN401 -- as above
    """Every sheet that has rows, of which the one of that ``title`` is read."""
    found = [_counted(sheet, title, mapping) for sheet in book.worksheets]
    return [sheet for sheet in found if sheet.rows or sheet.is_read]


def _counted(sheet: Any, title: str, mapping: Mapping) -> Worksheet:  # noqa: ANN401 -- as above
    if sheet.title == title:
        return Worksheet(title, 0, is_read=True, is_hidden=False, is_alike=True)
    needed = len(mapping.asked - {*mapping.optional, AS_OF})
    is_alike = _most(cells(sheet), mapping, mapping.optional) >= needed
    filled = sum(any(cell is not None for cell in row) for row in cells(sheet))
    return Worksheet(sheet.title, max(0, filled - is_alike), False, _is_hidden(sheet), is_alike)


def _is_hidden(sheet: Any) -> bool:  # noqa: ANN401 -- as above
    return bool(sheet.sheet_state != "visible")


def _most(rows: Iterable[_Cells], mapping: Mapping, without: Sequence[str] = ()) -> int:
    """How many of the columns that are asked for the row has that has most of them."""
    asked = mapping.asked - set(without)
    named = (mapping.named([str(cell) for cell in row if cell is not None]) for row in islice(rows, LOOKED_AT))
    return max((len(asked & set(names)) for names in named), default=0)
