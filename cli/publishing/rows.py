"""CSV rows to events, as a mapping says.

The id of an event is a digest of what it says: the same file again makes the same events, and of equal rows in a file
each is an event of its own.
"""

import csv
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import BinaryIO

import msgspec

from cli.publishing import cells as cell_values
from cli.publishing.cells import COLUMN, Row
from cli.publishing.line import Fault, Line, Place, faulty, raw_lines
from cli.publishing.mapping import Mapping, MappingError, Rule, Time
from services.ingest.domain.refusal import RefusalError


def events(file: BinaryIO, name: str, mapping: Mapping) -> Iterator[Line | Fault]:
    """The events of a CSV file; a row at fault is reported and the others go on."""
    seen: Counter[str] = Counter()
    reader = csv.reader(_text(file, name), delimiter=mapping.delimiter)
    header = [column.strip() for column in next(reader, [])]
    _check_columns(header, mapping, name)
    for cells in reader:
        if cells:
            yield from _of_row(Place(name, reader.line_num), header, cells, mapping, seen)


def _text(file: BinaryIO, name: str) -> Iterator[str]:
    """Bytes that are not UTF-8 survive as surrogates, so that only their row is at fault."""
    for _, line in raw_lines(file, name):
        yield line.decode("utf-8", "surrogateescape")


def _check_columns(header: Sequence[str], mapping: Mapping, name: str) -> None:
    missing = sorted({c for rule in mapping.events for c in _columns(rule)} - set(header))
    if missing:
        raise MappingError(f"{name}: no column {', '.join(missing)}; the file has {', '.join(header) or 'no header'}")


def _columns(rule: Rule) -> Iterator[str]:
    yield from (*rule.filled, *rule.where)
    for template in (rule.subject, rule.id or "", rule.time if isinstance(rule.time, str) else ""):
        yield from COLUMN.findall(template)
    if isinstance(rule.time, Time):
        yield rule.time.column
    for cell in rule.data.values():
        column = cell if isinstance(cell, str) else cell.column
        if column is not None:
            yield column


def _of_row(
    place: Place, header: Sequence[str], cells: Sequence[str], mapping: Mapping, seen: Counter[str]
) -> Iterator[Line | Fault]:
    try:
        row = _row(header, cells)
    except RefusalError as error:
        yield faulty(place, error)
        return
    for rule in mapping.events:
        if _applies(rule, row):
            try:
                yield Line(place, _event(rule, row, mapping, seen))
            except RefusalError as error:
                yield faulty(place, error)


def _row(header: Sequence[str], cells: Sequence[str]) -> Row:
    if len(cells) != len(header):
        raise RefusalError("invalid_value", "$", f"{len(cells)} cells where the header has {len(header)}")
    try:
        "".join(cells).encode()
    except UnicodeEncodeError:
        raise RefusalError("not_utf8", "$", "not UTF-8; save the file as UTF-8") from None
    return {column: cell.strip() for column, cell in zip(header, cells, strict=True)}


def _applies(rule: Rule, row: Row) -> bool:
    return all(row[column] for column in rule.filled) and all(
        row[column] in map(str, allowed) for column, allowed in rule.where.items()
    )


def _event(rule: Rule, row: Row, mapping: Mapping, seen: Counter[str]) -> bytes:
    event = {
        "specversion": "1.0",
        "source": mapping.source,
        "type": rule.type,
        "subject": cell_values.filled(rule.subject, row, "$.subject"),
        "time": cell_values.time(rule.time, row),
        "data": cell_values.data(rule, row, mapping.decimal),
    }
    return msgspec.json.encode({"id": _id(rule, row, event, seen), **event})


def _id(rule: Rule, row: Row, event: dict[str, object], seen: Counter[str]) -> str:
    if rule.id is not None:
        return cell_values.filled(rule.id, row, "$.id")
    digest = hashlib.sha256(msgspec.json.encode(event, order="deterministic")).hexdigest()[:32]
    seen[digest] += 1
    return digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"
