"""Cells to values: what a template, a date, a number or a translated word of a row means."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
from msgspec import inspect

from cli.publishing.mapping import Cell, Rule, Scalar, Time
from services.ingest.domain.refusal import RefusalError, explained
from shared.contracts.events import TYPES, Data

COLUMN = re.compile(r"\{([^{}]+)\}")
"""A column's place in a template."""
_SPACES = str.maketrans("", "", " \u00a0\u202f")
Row = dict[str, str]


def filled(template: str, row: Row, path: str) -> str:
    """The template with the row's values; raises RefusalError where one is empty."""
    empty = [column for column in COLUMN.findall(template) if not row[column]]
    if empty:
        raise RefusalError("missing_field", path, f"{empty[0]} is empty")
    return COLUMN.sub(lambda match: row[match[1]], template)


def time(told: str | Time, row: Row) -> str:
    """RFC 3339, with the offset of the source's clock that day."""
    if isinstance(told, str):
        return filled(told, row, "$.time")
    return _parsed(row[told.column], told.format, "$.time").replace(tzinfo=ZoneInfo(told.zone)).isoformat()


def data(rule: Rule, row: Row, decimal: str) -> Data:
    """The data of the rule's type, each text read as the type of its field."""
    kind = TYPES[rule.type][1]
    numeric = _numeric(kind)
    fields = {}
    for name, cell in rule.data.items():
        value = _value(Cell(column=cell) if isinstance(cell, str) else cell, row, f"$.data.{name}", decimal)
        if isinstance(value, str) and name in numeric:
            value = _plain(value, decimal)
        if value is not None:
            fields[name] = value
    try:
        return msgspec.convert(fields, kind, strict=False)
    except msgspec.ValidationError as error:
        raise explained(error, "$.data") from None


def _numeric(kind: type[Data]) -> set[str]:
    numbers = (inspect.FloatType, inspect.IntType)
    described = inspect.type_info(kind)
    assert isinstance(described, inspect.StructType)  # noqa: S101 -- tells the type checker what Data is
    return {f.encode_name for f in described.fields if any(isinstance(t, numbers) for t in _choices(f.type))}


def _choices(described: inspect.Type) -> tuple[inspect.Type, ...]:
    return described.types if isinstance(described, inspect.UnionType) else (described,)


def _value(cell: Cell, row: Row, path: str, decimal: str) -> Scalar | None:
    if cell.column is None:
        return cell.constant
    text = row[cell.column]
    if not text:
        return cell.default
    if cell.values is not None:
        return _translated(cell, text, path)
    if cell.date is not None:
        return _parsed(text, cell.date, path).date().isoformat()
    return text if cell.divide is None else _number(text, decimal, path) / cell.divide


def _translated(cell: Cell, text: str, path: str) -> Scalar:
    known = {str(given): value for given, value in (cell.values or {}).items()}
    value = known.get(text, cell.default)
    if value is None:
        raise RefusalError("invalid_value", path, f"the mapping has no value for {text!r}")
    return value


def _parsed(text: str, form: str, path: str) -> datetime:
    try:
        return datetime.strptime(text, form)  # noqa: DTZ007 -- the zone, where one matters, is added by the caller
    except ValueError:
        raise RefusalError("invalid_value", path, f"{text!r} is not of the form {form}") from None


def _number(text: str, decimal: str, path: str) -> float:
    try:
        return float(_plain(text, decimal))
    except ValueError:
        raise RefusalError("invalid_value", path, f"{text!r} is not a number") from None


def _plain(text: str, decimal: str) -> str:
    return text.translate(_SPACES).replace(decimal, ".")
