"""What a column shows as a whole: of degrees whether they are per cent, of days in which forms they are written.

A degree of 1 is full time in a column of 0.5, 0.75 and 1, and one per cent in one of 50, 75 and 100.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Literal

import msgspec

from cli.connect.publishing.cells import Row, number
from cli.connect.publishing.line import CellError, in_column
from cli.connect.publishing.mapping import FieldSource, Mapping
from services.ingest.domain.refusal import RefusalError

PER_CENT = 100
_DAY_FIRST, _MONTH_FIRST = "%d/%m/%Y", "%m/%d/%Y"


class Finding(msgspec.Struct, frozen=True):
    """What a column shows, in how many of its cells; ``row`` is that of the first.

    ``first`` are rows and texts of some, where each cell is of interest by itself.
    """

    kind: Literal["shares", "mixed_degrees", "forms_of_days", "month_first", "day_first", "odd_numbers"]
    column: str
    cells: int
    row: int
    first: tuple[tuple[int, str], ...] = ()


def check(finding: Finding, row: Row, decimal: str) -> None:
    """Raise RefusalError if the row's cell means two things in its column."""
    text = row[finding.column]
    if finding.kind == "mixed_degrees" and _part(text, decimal) == "share":
        message = "per cent, or a share of one? Most of the column are per cent"
        raise in_column(CellError("invalid_value", "$", message, "mixed_degrees"), finding.column, text)
    if finding.kind == "month_first" and _form(text, (_DAY_FIRST,)):
        message = "the day or the month first? The column has days that begin with the month"
        raise in_column(CellError("invalid_value", "$", message, "month_first"), finding.column, text)


class Parts:
    """The cells of a column by what they show: how many, and the row of the first."""

    def __init__(self) -> None:
        """None yet."""
        self.cells, self._first = Counter[str](), dict[str, int]()

    def take(self, part: str, row: int) -> None:
        """The next cell."""
        self.cells[part] += 1
        self._first.setdefault(part, row)

    def first(self, *parts: str) -> int:
        """The first row of any of some parts, of which there is one."""
        return min(self._first[part] for part in parts if part in self._first)


class Columns:
    """The columns of a file whose cells are judged together."""

    def __init__(self, mapping: Mapping) -> None:
        """Those that the mapping reads as per cent, or as days in several forms."""
        told = [c for rule in mapping.events for c in rule.data.values() if isinstance(c, FieldSource) and c.column]
        self._decimal = mapping.decimal
        self._degrees = {str(c.column): Parts() for c in told if c.divide == PER_CENT}
        self.forms = {str(c.column): (c.date,) if isinstance(c.date, str) else c.date for c in told if c.date}
        self._days = {column: Parts() for column, forms in self.forms.items() if len(forms) > 1}
        self._orders = {column: Parts() for column in self._days}

    def take(self, line: int, row: Row) -> None:
        """The next row."""
        for column, parts in self._degrees.items():
            parts.take(_part(row[column], self._decimal), line)
        for column, forms in self._days.items():
            if text := row[column]:
                form = _form(text, self.forms[column]) or _form(text, (_MONTH_FIRST,))
                forms.take(form, line)
                if form == _DAY_FIRST:
                    self._orders[column].take("either" if _form(text, (_MONTH_FIRST,)) else "day", line)

    def findings(self) -> Iterator[Finding]:
        """What all rows show."""
        for column, parts in self._degrees.items():
            if shares := parts.cells["share"]:
                is_share = shares > parts.cells["percent"]
                yield Finding("shares" if is_share else "mixed_degrees", column, shares, parts.first("share"))
        has_months = any(forms.cells[_MONTH_FIRST] for forms in self._days.values())
        has_days = any(orders.cells["day"] for orders in self._orders.values())
        for column, forms in self._days.items():
            either, is_sure = self._orders[column].cells["either"], self._orders[column].cells["day"] > 0
            if forms.cells[_MONTH_FIRST] or (has_months and either and not is_sure):
                unclear = forms.cells[_MONTH_FIRST] + forms.cells[_DAY_FIRST]
                yield Finding("month_first", column, unclear, forms.first(_MONTH_FIRST, _DAY_FIRST))
                continue
            if others := [form for form, _ in forms.cells.most_common() if form][1:]:
                cells = sum(forms.cells[form] for form in others)
                yield Finding("forms_of_days", column, cells, forms.first(*others))
            if either and not has_days:
                yield Finding("day_first", column, either, self._orders[column].first("either"))


@lru_cache(10_000)
def _part(text: str, decimal: str) -> str:
    try:
        value = number(text, decimal, "$")
    except RefusalError:
        return ""
    if value <= 0:
        return ""
    return "share" if value <= 1 and "%" not in text else "percent"


@lru_cache(50_000)
def _form(text: str, forms: tuple[str, ...]) -> str:
    """The first form that a text is written in, or nothing."""
    for form in forms:
        try:
            datetime.strptime(text.replace("T", " ").partition(" ")[0], form)  # noqa: DTZ007 -- a day has no zone
        except ValueError:
            continue
        return form
    return ""
