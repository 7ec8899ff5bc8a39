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
    """What a column shows, in how many of its cells; ``row`` is the first of them, 0 where that is not asked."""

    kind: Literal["shares", "mixed_degrees", "forms_of_days", "month_first", "odd_numbers"]
    column: str
    cells: int
    row: int = 0


def check(finding: Finding, row: Row, decimal: str) -> None:
    """Raise RefusalError if the row's cell means two things in its column."""
    text = row[finding.column]
    if finding.kind == "mixed_degrees" and _part(text, decimal) == "share":
        message = "per cent, or a share of one? Most of the column are per cent"
        raise in_column(CellError("invalid_value", "$", message, "mixed_degrees"), finding.column, text)
    if finding.kind == "month_first" and _form(text, (_DAY_FIRST,)):
        message = "the day or the month first? The column has days that begin with the month"
        raise in_column(CellError("invalid_value", "$", message, "month_first"), finding.column, text)


class Columns:
    """The columns of a file whose cells are judged together."""

    def __init__(self, mapping: Mapping) -> None:
        """Those that the mapping reads as per cent, or as days in several forms."""
        told = [c for rule in mapping.events for c in rule.data.values() if isinstance(c, FieldSource) and c.column]
        self._decimal = mapping.decimal
        self._degrees = {str(c.column): Counter[str]() for c in told if c.divide == PER_CENT}
        self.forms = {str(c.column): (c.date,) if isinstance(c.date, str) else c.date for c in told if c.date}
        self._days = {column: Counter[str]() for column, forms in self.forms.items() if len(forms) > 1}

    def take(self, row: Row) -> None:
        """The next row."""
        for column, parts in self._degrees.items():
            parts[_part(row[column], self._decimal)] += 1
        for column, forms in self._days.items():
            if text := row[column]:
                forms[_form(text, self.forms[column]) or _form(text, (_MONTH_FIRST,))] += 1

    def findings(self) -> Iterator[Finding]:
        """What all rows show."""
        for column, parts in self._degrees.items():
            if parts["share"]:
                is_share = parts["share"] > parts["percent"]
                yield Finding("shares" if is_share else "mixed_degrees", column, parts["share"])
        for column, forms in self._days.items():
            if forms[_MONTH_FIRST]:
                yield Finding("month_first", column, forms[_MONTH_FIRST] + forms[_DAY_FIRST])
            elif len(several := [n for form, n in forms.items() if form]) > 1:
                yield Finding("forms_of_days", column, sum(several) - max(several))


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
