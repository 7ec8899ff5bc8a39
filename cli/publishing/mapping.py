"""The mapping file: which events a row of a CSV file means. Described in services/ingest/README.md."""

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from shared.contracts.events import TYPES

Scalar = str | int | float | bool


class MappingError(Exception):
    """The mapping is wrong, or does not fit the file; the message names both."""


class Cell(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a field is read: from a column, or one constant.

    ``values`` translates what the column holds, ``date`` is its format (as in strptime), ``divide`` turns percent
    into shares. An empty cell leaves the field out unless there is a ``default``.
    """

    column: str | None = None
    constant: Scalar | None = None
    values: dict[Scalar, Scalar] | None = None
    date: str | None = None
    divide: Annotated[float, Meta(gt=0)] | None = None
    default: Scalar | None = None


class Time(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When the source recorded the row: a column, its format, and the zone its clock shows."""

    column: str
    format: str
    zone: str = "Europe/Stockholm"


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One event for each row in which every column of ``filled`` has a value and ``where`` holds.

    In ``subject``, ``time`` and ``id``, ``{column}`` stands for the row's value.
    """

    type: str
    subject: str
    time: str | Time
    data: dict[str, str | Cell]
    id: str | None = None
    filled: tuple[str, ...] = ()
    where: dict[str, tuple[Scalar, ...]] = {}


class Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a file's rows mean. ``decimal`` is the character before decimals."""

    source: str
    events: Annotated[tuple[Rule, ...], Meta(min_length=1)]
    delimiter: Annotated[str, Meta(min_length=1, max_length=1)] = ","
    decimal: Annotated[str, Meta(min_length=1, max_length=1)] = "."


def read(path: Path) -> Mapping:
    """The mapping in a file; raises MappingError with the place of what is wrong."""
    try:
        mapping = msgspec.convert(YAML(typ="safe", pure=True).load(path.read_text("utf-8-sig")), Mapping)
    except (UnicodeDecodeError, YAMLError, msgspec.ValidationError) as error:
        raise MappingError(f"{path}: {error}") from None
    for number, rule in enumerate(mapping.events):
        _check(rule, f"{path}: events[{number}]")
    return mapping


def _check(rule: Rule, place: str) -> None:
    if rule.type not in TYPES:
        raise MappingError(f"{place}: no type is called {rule.type}")
    known = {field.encode_name for field in msgspec.structs.fields(TYPES[rule.type][1])}
    if unknown := sorted(set(rule.data) - known):
        raise MappingError(f"{place}: {rule.type} has no field {', '.join(unknown)}; it has {', '.join(sorted(known))}")
    for name, cell in rule.data.items():
        if isinstance(cell, Cell) and (cell.column is None) == (cell.constant is None):
            raise MappingError(f"{place}: {name} needs either a column or a constant")
