"""The mapping file: which events a row of a CSV file means. Described in services/ingest/README.md."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from cli import yaml_file
from cli.connect.publishing.hindrance import HindranceError
from cli.yaml_file import YamlFileError
from shared.contracts.event_types import RETRACTED
from shared.contracts.events import TYPES

COLUMN = re.compile(r"\{([^{}]+)\}")
"""A column's place in a template."""
DETECT = "detect"
AS_OF = "as_of"
"""The column that a mapping reads the time of an imported file from: RFC 3339. No file has it."""
Scalar = str | int | float | bool


class FieldSource(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a field is read: from a column, or one constant.

    ``values`` translates what the column holds, in capitals or not, ``date`` is its format (as in strptime; of several
    the first that fits), ``divide`` turns percent into shares, ``identity`` takes gender or year of birth from a
    personal identity number. An empty cell is read as ``otherwise`` says, or else leaves the field out; ``default``
    stands for an empty cell, and for one that ``values`` does not know.
    """

    column: str | None = None
    constant: Scalar | None = None
    values: dict[Scalar, Scalar] | None = None
    date: str | tuple[str, ...] | None = None
    divide: Annotated[float, Meta(gt=0)] | None = None
    identity: Literal["gender", "born"] | None = None
    default: Scalar | None = None
    otherwise: "FieldSource | None" = None

    def columns(self) -> Iterator[str]:
        """The columns it is read from."""
        if self.column is not None:
            yield self.column
        if self.otherwise:
            yield from self.otherwise.columns()


class Time(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When the source recorded the row: a column, its format, and the zone its clock shows."""

    column: str
    format: str
    zone: str = "Europe/Stockholm"


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One event for each row in which every column of ``filled`` has a value and ``where`` holds.

    In ``subject``, ``time``, ``id`` and ``states``, ``{column}`` stands for the row's value. ``states`` names what the
    row is a statement of: the latest recorded statement of the same replaces all others. ``row``: of rows that are one
    thing's history only the first, or the last, makes the event.
    """

    type: str
    subject: str
    time: str | Time
    data: dict[str, str | FieldSource] = {}
    id: str | None = None
    states: str | None = None
    filled: tuple[str, ...] = ()
    where: dict[str, tuple[Scalar, ...]] = {}
    row: Literal["first", "last"] | None = None

    def columns(self) -> Iterator[str]:
        """The columns it is made of."""
        yield from (*self.filled, *self.where)
        for template in (self.subject, self.id, self.states, self.time if isinstance(self.time, str) else None):
            yield from COLUMN.findall(template or "")
        if isinstance(self.time, Time):
            yield self.time.column
        for cell in self.data.values():
            yield from [cell] if isinstance(cell, str) else cell.columns()


class History(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Rows with the same in the column ``of`` are one thing's history: each holds from the day in ``since`` on."""

    of: str
    since: str


class Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a file's rows mean. ``decimal`` is the character before decimals.

    ``columns`` are other names a column goes by, ``optional`` columns are empty in a file that lacks them. With
    ``detect`` the file itself shows its encoding (UTF-8, else Windows-1252), and its delimiter. In ``open_ended``
    columns a day of the year 9999 or 2999 is none, nor is "tills vidare", NULL or a dash.
    Without ``history`` no two rows may state the same.
    """

    source: str
    events: Annotated[tuple[Rule, ...], Meta(min_length=1)]
    delimiter: Annotated[str, Meta(pattern=f"^(.|{DETECT})$")] = ","
    decimal: Annotated[str, Meta(min_length=1, max_length=1)] = "."
    encoding: str = "utf-8"
    columns: dict[str, tuple[str, ...]] = {}
    optional: tuple[str, ...] = ()
    open_ended: tuple[str, ...] = ()
    history: History | None = None

    @property
    def asked(self) -> set[str]:
        """Every column that an event is made of."""
        of_history = {self.history.of, self.history.since} if self.history else set()
        return {column for rule in self.events for column in rule.columns()} | of_history

    def named(self, header: Sequence[str]) -> list[str]:
        """Columns under the names used here, whatever the file calls them."""
        known = {_spelled(other): name for name, others in self.columns.items() for other in (name, *others)}
        return [known.get(_spelled(column), column.strip()) for column in header]


def _spelled(column: str) -> str:
    return unicodedata.normalize("NFC", " ".join(column.split())).casefold()


def read(path: Path) -> Mapping:
    """The mapping in a file; raises HindranceError with the place of what is wrong."""
    try:
        mapping = yaml_file.read(path, Mapping)
    except YamlFileError as error:
        raise HindranceError("yaml", said=error) from None
    if mapping.encoding != DETECT:
        _check_encoding(mapping.encoding, path)
    for number, rule in enumerate(mapping.events):
        _check(rule, f"{path}: events[{number}]")
    return mapping


def _check_encoding(encoding: str, path: Path) -> None:
    try:
        plain = "\n;,".encode(encoding)
    except LookupError:
        raise HindranceError("no_encoding", path, encoding=encoding) from None
    if plain != b"\n;,":
        raise HindranceError("no_lines", path, encoding=encoding)


def _check(rule: Rule, place: str) -> None:
    if rule.type == RETRACTED:
        if rule.data or rule.states is None:
            raise HindranceError("bare_retraction", place, type=rule.type)
        return
    if rule.type not in TYPES:
        raise HindranceError("no_type", place, type=rule.type)
    known = {field.encode_name for field in msgspec.structs.fields(TYPES[rule.type][1])}
    if unknown := sorted(set(rule.data) - known):
        fields, has = ", ".join(unknown), ", ".join(sorted(known))
        raise HindranceError("no_field", place, type=rule.type, fields=fields, known=has)
    for name, cell in rule.data.items():
        if isinstance(cell, FieldSource) and (cell.column is None) == (cell.constant is None):
            raise HindranceError("no_source", place, name=name)
