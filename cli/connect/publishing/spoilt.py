"""What is in cells besides values: what spreadsheets made of them, what stands under lists, letters that are none."""

import re

from cli.connect.publishing.line import CellError, in_column

_SPOILT = re.compile(
    r"(?P<power>[0-9]+(?:[.,][0-9]+)?[Ee]\+[0-9]+)|(?P<formula>=.+|[@+-]+[^\W\d_][\w.]*\(.*\).*|#(?:#{2,}|N/A|[A-ZÅÄÖ]{2,}[A-ZÅÄÖ/0]*[!?]))"
)
"""A number whose digits a spreadsheet has left out, a formula in place of its value, or the error that came of one."""
_FOOTER = re.compile(
    r"(?:del|slut|total)?summa\b|s:a\b|total(?:t|er)?\b|antal\b|utskri(?:ft|ven|vet|vna)\b|sida\b|\x1a", re.IGNORECASE
)
"""How rows begin that are written under a list: its sums, when it was printed, and what ends a file of DOS."""
_BROKEN = re.compile("[\udc80-\udcff]")
_SUSPECT = re.compile(r"(?:^|\x1f)(?:[=#]|[@+-]+[^\W\d_]|[0-9.,]+[Ee]\+)")


def is_suspect(row: str) -> bool:
    """Whether any cell of a row, joined by unit separators, may be spoilt: quick, and never wrongly False."""
    return _SUSPECT.search(row) is not None


def is_under_list(begins: str) -> bool:
    """Whether a row that begins so may be one of those under a list."""
    return _FOOTER.match(begins) is not None


def is_broken(text: str) -> bool:
    """Whether some bytes of it were not of its encoding."""
    return _BROKEN.search(text) is not None


def check(column: str, cell: str) -> None:
    """Raise RefusalError for a cell that a spreadsheet has spoilt."""
    if found := _SPOILT.fullmatch(cell):
        raise in_column(_powers() if found["power"] else _formula(), column, cell)


def check_seen(column: str, cell: str) -> None:
    """Raise RefusalError for a cell with a NUL byte: nobody wrote it there."""
    if "\0" in cell:
        message = "a NUL byte, which no text has: export the file again"
        raise in_column(
            CellError("invalid_value", "$", message, "nul"), column, cell.replace("\0", "\N{SYMBOL FOR NULL}")
        )


def _powers() -> CellError:
    message = "a spreadsheet has made a power of ten of the number, and its digits are lost: export the file again"
    return CellError("invalid_value", "$", message, "digits_lost")


def _formula() -> CellError:
    return CellError("invalid_value", "$", "a formula or its error, not a value: save the file as values", "formula")
