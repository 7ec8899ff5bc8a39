"""A file of employments to events: the mapping says what its rows state; the file's own day is when they were so."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import msgspec

from cli.connect.importing.pax_fields import ZONE
from cli.connect.importing.understood import Understood
from cli.connect.publishing.line import Line, LineFault
from cli.connect.publishing.mapping import Mapping, read
from cli.connect.publishing.rows import events_of
from cli.connect.publishing.table import Table
from shared.contracts.envelope import decode
from shared.contracts.event_types import EMPLOYMENT_ENDED, EMPLOYMENT_STARTED
from shared.contracts.events import EmploymentEnded, EmploymentStarted

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
    """A row is used as a whole or not at all: half of it would say something else."""
    with file.open("rb") as content:
        table = Table(content, str(file), rules, {AS_OF: as_of.replace(tzinfo=ZONE).isoformat()})
        report.columns_not_read = table.not_read(rules)
        for _, group in groupby(events_of(table, rules), key=attrgetter("place")):
            made = list(group)
            events = [one for one in made if isinstance(one, Line)]
            faults = [one for one in made if isinstance(one, LineFault)] or list(_backwards(events))
            report.records += 1
            for fault in faults:
                report.add_fault(fault)
            if not faults:
                report.used += 1
                yield from events


def _backwards(events: list[Line]) -> Iterator[LineFault]:
    """An end before the start of the same row."""
    told = {event.type: event.data for event in (decode(line.body) for line in events)}
    if EMPLOYMENT_STARTED in told and EMPLOYMENT_ENDED in told:
        start = msgspec.json.decode(told[EMPLOYMENT_STARTED], type=EmploymentStarted).effective
        end = msgspec.json.decode(told[EMPLOYMENT_ENDED], type=EmploymentEnded).last_day
        if end < start:
            message = f"the employment ends {end}, before it starts, {start}"
            yield LineFault(events[0].place, "ends_before_start", "$.data.last_day", message)
