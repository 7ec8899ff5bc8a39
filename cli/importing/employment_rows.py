"""A file of employments to events: the mapping says what its rows state; the file's own day is when they were so."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from cli.importing.pax_fields import ZONE
from cli.importing.understood import Understood
from cli.publishing.line import Fault, Line
from cli.publishing.mapping import Mapping, read
from cli.publishing.rows import events_of
from cli.publishing.table import Table

AS_OF = "as_of"
"""The column that a mapping reads the time of the file from: RFC 3339."""


def lines(file: Path, previous: Path | None, mapping: Path, as_of: datetime, report: Understood) -> list[Line]:
    """The events of the file; with ``previous``, those that it did not make already.

    Raises MappingError if the mapping is wrong or a column is missing, EncodingError for UTF-16.
    """
    rules = read(mapping)
    known = {line.body for line in _events(previous, rules, as_of, Understood([]))} if previous else set()
    return [line for line in _events(file, rules, as_of, report) if line.body not in known]


def _events(file: Path, rules: Mapping, as_of: datetime, report: Understood) -> Iterator[Line]:
    with file.open("rb") as content:
        table = Table(content, str(file), rules, {AS_OF: as_of.replace(tzinfo=ZONE).isoformat()})
        report.columns_not_read = table.not_read(rules)
        rows, bad = set(), set()
        for made in events_of(table, rules):
            rows.add(made.place)
            if isinstance(made, Fault):
                report.add_fault(made)
                bad.add(made.place)
            else:
                yield made
        report.records, report.used = len(rows), len(rows - bad)
