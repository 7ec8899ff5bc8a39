"""Columns that name persons: which of their cells are no personal identity numbers, in a file that has such numbers."""

import re
from collections.abc import Iterator
from functools import lru_cache

from cli.connect.publishing.cells import Row
from cli.connect.publishing.columns import Finding
from cli.connect.publishing.line import CellError, Kind, in_column
from cli.connect.publishing.mapping import FieldSource, Mapping
from cli.connect.publishing.statement import PERSONS
from services.ingest.domain import identity_number
from shared.contracts.subjects import PERSON_PREFIX

SHOWN = 20
"""Cells that are told one by one."""
_NUMBER = re.compile(r"([0-9]{7,12})([.,]0+)?")
_DIGITS, _SHORTEST = 10, 7
"""Digits of a number without its century; those of the 2000s begin with up to three zeros."""
_THIS_CENTURY = 2099
_MESSAGES: dict[Kind, str] = {
    "zero_lost": "a personal identity number without the zero in front, which a spreadsheet has left out",
    "decimals_added": "a personal identity number with decimals, which a program has added",
}


class _Cells:
    """The cells of a column."""

    def __init__(self) -> None:
        self.numbers = self.spoilt = self.others = 0
        self.first: list[tuple[int, str]] = []

    def take(self, line: int, text: str) -> None:
        if not text:
            return
        if _is_number(text):
            self.numbers += 1
            return
        self.spoilt += spoilt(text) is not None
        self.others += 1
        if len(self.first) < SHOWN:
            self.first.append((line, text))


class PersonColumns:
    """The column that says whom rows are about, and those that name others, such as the manager."""

    def __init__(self, mapping: Mapping) -> None:
        """No rows yet."""
        rule = mapping.events[0]
        others = (cell for name, cell in rule.data.items() if name in PERSONS)
        named = [cell.column if isinstance(cell, FieldSource) else cell for cell in others]
        self._subject = rule.subject.removeprefix(PERSON_PREFIX).strip("{}")
        is_whole = rule.subject == f"{PERSON_PREFIX}{{{self._subject}}}"
        self._columns = {column: _Cells() for column in (self._subject, *named) if column} if is_whole else {}

    def take(self, line: int, row: Row) -> None:
        """The next row."""
        for column, cells in self._columns.items():
            cells.take(line, row[column])

    def findings(self) -> Iterator[Finding]:
        """What each column has that are no such numbers."""
        for column, cells in self._columns.items() if self._has_numbers() else ():
            if cells.others:
                first = tuple(cells.first)
                yield Finding("odd_numbers", column, cells.others, first[0][0], first)

    def check(self, row: Row) -> None:
        """Raise RefusalError for a number that a spreadsheet has spoilt: it would be somebody else's reference."""
        for column in self._columns if self._has_numbers() else ():
            if kind := spoilt(row[column]):
                raise in_column(CellError("invalid_value", "$.subject", _MESSAGES[kind], kind), column, row[column])

    def _has_numbers(self) -> bool:
        """Whether most persons are named by such numbers."""
        cells = self._columns.get(self._subject)
        return cells is not None and cells.numbers > cells.others - cells.spoilt


@lru_cache(50_000)
def _is_number(text: str) -> bool:
    return identity_number.canonical(text, _THIS_CENTURY) is not None


def spoilt(text: str) -> Kind | None:
    """How a spreadsheet has changed a personal identity number; None for any other text."""
    match = _NUMBER.fullmatch(text)
    if match is None or not (match[2] or _SHORTEST <= len(match[1]) < _DIGITS):
        return None
    if not _is_number(match[1].zfill(_DIGITS)):
        return None
    return "decimals_added" if match[2] else "zero_lost"
