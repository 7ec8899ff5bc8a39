"""CSV for spreadsheets: what others wrote stays text there, and is never run as a formula."""

import csv
import io
import re
from collections.abc import Iterable

from cli.terminal import harmless

_FORMULA = re.compile(r'(^|[;\t|])([\s"]*)(?=[=+\-@＝＋－＠])')
"""Where a cell could begin, also in a spreadsheet that takes semicolons for separators as those set to Swedish do,
followed by what begins a formula."""


def written(rows: Iterable[Iterable[object]]) -> str:
    """A line for each row; numbers stay numbers."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(map(_cell, row) for row in rows)
    return text.getvalue()


def _cell(value: object) -> object:
    return _FORMULA.sub(r"\1\2'", harmless(value)) if isinstance(value, str) else value
