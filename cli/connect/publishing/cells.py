"""Cells to values: what a template, a date, a number or a translated word of a row means."""

from collections.abc import Set
from functools import cache
from zoneinfo import ZoneInfo

import msgspec
from msgspec import inspect

from cli.connect.publishing.days import parsed
from cli.connect.publishing.line import CellError, in_column
from cli.connect.publishing.mapping import COLUMN, FieldSource, Rule, Scalar, Time
from services.ingest.domain import identity_number, plausible, rules
from services.ingest.domain.refusal import RefusalError, explained
from shared.contracts.events import TYPES, Data

_IGNORED = str.maketrans("", "", " \u00a0\u202f%")
"""What numbers are written with beside digits: spaces between thousands, and the sign of percent."""
Row = dict[str, str]


def filled(template: str, row: Row, path: str) -> str:
    """The template with the row's values; raises RefusalError where one is empty."""
    empty = [column for column in COLUMN.findall(template) if not row[column]]
    if empty:
        raise CellError("missing_field", path, f"{empty[0]} is empty", "empty", empty[0])
    return COLUMN.sub(lambda match: row[match[1]], template)


def time(told: str | Time, row: Row) -> str:
    """RFC 3339, with the offset of the source's clock that day."""
    if isinstance(told, str):
        return filled(told, row, "$.time")
    try:
        read = parsed(row[told.column], (told.format,), "$.time")
    except RefusalError as error:
        raise in_column(error, told.column, row[told.column]) from None
    return read.replace(tzinfo=ZoneInfo(told.zone)).isoformat()


def data(rule: Rule, row: Row, decimal: str, year: int, shares: Set[str] = frozenset()) -> dict[str, object]:
    """The data of the rule's type, each text read as the type of its field; defaults are left out.

    ``year`` is when the row was recorded; columns of ``shares`` hold parts of one already. Raises RefusalError with
    the column, what stands there and what was expected.
    """
    kind = TYPES[rule.type][1]
    numeric = _numeric(kind)
    fields = {}
    for name, told in rule.data.items():
        cell = FieldSource(column=told) if isinstance(told, str) else told
        try:
            value = _value(cell, row, f"$.data.{name}", decimal, year, shares)
        except RefusalError as error:
            raise _in(error, cell.column, row) from None
        if isinstance(value, str) and name in numeric:
            value = _plain(value, decimal)
        elif isinstance(value, float) and name in plausible.DECIMALS:
            value = round(value, plausible.DECIMALS[name])
        if value is not None:
            fields[name] = value
    try:
        read: dict[str, object] = msgspec.to_builtins(_checked(fields, kind))
    except RefusalError as error:
        raise blamed(error, rule, row) from None
    return read


def blamed(error: RefusalError, rule: Rule, row: Row) -> RefusalError:
    """What is wrong with an event, said of the cell that it was made of."""
    if error.path.startswith("$.data."):
        at = rule.data.get(error.path.removeprefix("$.data."))
        return _in(error, _read_from(at, row) if isinstance(at, FieldSource) else at, row)
    template = {"$.subject": rule.subject, "$.id": rule.id, "$.corrects": rule.states}.get(error.path)
    return _in(error, next(iter(COLUMN.findall(template or "")), None), row)


def _checked(fields: dict[str, Scalar], kind: type[Data]) -> Data:
    try:
        data = msgspec.convert(fields, kind, strict=False)
    except msgspec.ValidationError as error:
        raise explained(error, "$.data") from None
    rules.check_dates(data)
    plausible.check(data)
    return data


def _read_from(cell: FieldSource, row: Row) -> str | None:
    """The column that the value was taken from: an empty cell may be read otherwise."""
    filled = (column for column in cell.columns() if row[column])
    return next(filled, cell.column)


def _in(error: RefusalError, column: str | None, row: Row) -> RefusalError:
    if column is not None and not row[column] and error.reason == "missing_field":
        error = CellError(error.reason, error.path, error.message, "empty")
    return in_column(error, column, row[column] if column is not None else "")


@cache
def _numeric(kind: type[Data]) -> set[str]:
    numbers = (inspect.FloatType, inspect.IntType)
    described = inspect.type_info(kind)
    assert isinstance(described, inspect.StructType)  # noqa: S101 -- tells the type checker what Data is
    return {f.encode_name for f in described.fields if any(isinstance(t, numbers) for t in _choices(f.type))}


def _choices(described: inspect.Type) -> tuple[inspect.Type, ...]:
    return described.types if isinstance(described, inspect.UnionType) else (described,)


def _value(cell: FieldSource, row: Row, path: str, decimal: str, year: int, shares: Set[str]) -> Scalar | None:
    if cell.column is None:
        return cell.constant
    text = row[cell.column]
    if not text:
        return _value(cell.otherwise, row, path, decimal, year, shares) if cell.otherwise else cell.default
    if cell.values is not None:
        return _translated(cell, text, path)
    if cell.date is not None:
        return parsed(text, (cell.date,) if isinstance(cell.date, str) else cell.date, path).date().isoformat()
    if cell.identity is not None:
        return _of_identity(cell.identity, text, year)
    return text if cell.divide is None else number(text, decimal, path) / (cell.column in shares or cell.divide)


def _translated(cell: FieldSource, text: str, path: str) -> Scalar:
    values = cell.values or {}
    if text in values:
        return values[text]
    known = {str(given).casefold(): value for given, value in values.items()}
    value = known.get(text.casefold(), cell.default)
    if value is None:
        message = f"expected one of {', '.join(map(str, values))}"
        raise CellError("invalid_value", path, message, "unknown_word")
    return value


def _of_identity(what: str, text: str, year: int) -> Scalar | None:
    """The year of birth, or the gender: an odd last digit but one is a man's (SKV 704)."""
    number = identity_number.canonical(text, year)
    if number is None:
        return None
    return int(number[:4]) if what == "born" else "fm"[int(number[-2]) % 2]


def number(text: str, decimal: str, path: str) -> float:
    """The number that a text tells, whatever separates its thousands; raises RefusalError for anything else."""
    try:
        return float(_plain(text, decimal))
    except ValueError:
        raise CellError("invalid_value", path, "expected a number", "no_number") from None


def _plain(text: str, decimal: str) -> str:
    return text.translate(_IGNORED).replace(decimal, ".")
