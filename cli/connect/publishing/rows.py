"""CSV rows to events, as a mapping says.

The id of an event is a digest of what it says: the same file again makes the same events, and of equal rows in a file
each is an event of its own. Where a rule says what a row ``states``, a later statement of the same replaces it.
"""

from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from cli.connect.publishing import cells as cell_values
from cli.connect.publishing.cells import Row
from cli.connect.publishing.digests import name_of
from cli.connect.publishing.judged import refusal
from cli.connect.publishing.line import FilePlace, Line, LineFault, faulty
from cli.connect.publishing.mapping import Mapping, Rule
from cli.connect.publishing.statement import Event, stated, statement
from cli.connect.publishing.table import Table
from services.ingest.domain.refusal import RefusalError
from shared.contracts.event_types import RETRACTED


def events(file: BinaryIO, name: str, mapping: Mapping) -> Iterator[Line | LineFault]:
    """The events of a CSV file; a row at fault is reported and the others go on."""
    return events_of(Table(file, name, mapping, {}), mapping)


def events_of(table: Table, mapping: Mapping) -> Iterator[Line | LineFault]:
    """The events of a table's rows."""
    made = _Made(mapping)
    for row in table.rows():
        if isinstance(row, LineFault):
            yield row
        else:
            yield from made.of_row(*row)


class _Made:
    """Events made so far: what makes equal rows differ, and what was stated where."""

    def __init__(self, mapping: Mapping) -> None:
        self._mapping = mapping
        self._seen: Counter[str] = Counter()
        self._stated: dict[str, FilePlace] = {}

    def of_row(self, place: FilePlace, row: Row) -> Iterator[Line | LineFault]:
        for rule in self._mapping.events:
            if _applies(rule, row):
                try:
                    yield Line(place, self._body(rule, row, place))
                except RefusalError as error:
                    yield faulty(place, error)

    def _body(self, rule: Rule, row: Row, place: FilePlace) -> bytes:
        """The event as it is sent; raises RefusalError with the cell for which ingest would refuse it."""
        body = msgspec.json.encode(self._event(rule, row, place))
        if refused := refusal(body):
            raise cell_values.blamed(RefusalError(refused.reason, refused.path, refused.message), rule, row)
        return body

    def _event(self, rule: Rule, row: Row, place: FilePlace) -> Event:
        subject, time = cell_values.filled(rule.subject, row, "$.subject"), cell_values.time(rule.time, row)
        data = {} if rule.type == RETRACTED else cell_values.data(rule, row, self._mapping.decimal, int(time[:4]))
        event = statement(self._mapping.source, rule.type, subject, time, data)
        if rule.states is not None:
            return stated((self._statement(rule.states, row, place),), event)
        return {"id": self._id(rule, row, event), **event}

    def _statement(self, states: str, row: Row, place: FilePlace) -> str:
        statement = cell_values.filled(states, row, "$")
        before = self._stated.setdefault(statement, place)
        if before != place:
            raise RefusalError("invalid_value", "$", f"row {before.number} states this already: {statement}")
        return statement

    def _id(self, rule: Rule, row: Row, event: Event) -> str:
        if rule.id is not None:
            return cell_values.filled(rule.id, row, "$.id")
        digest = name_of(msgspec.json.encode(event, order="deterministic"))
        self._seen[digest] += 1
        return digest if self._seen[digest] == 1 else f"{digest}-{self._seen[digest]}"


def _applies(rule: Rule, row: Row) -> bool:
    return all(row[column] for column in rule.filled) and all(
        row[column] in map(str, allowed) for column, allowed in rule.where.items()
    )
