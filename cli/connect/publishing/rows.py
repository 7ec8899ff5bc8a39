"""CSV rows to events, as a mapping says.

The id of an event is a digest of what it says: the same file again makes the same events, and of equal rows in a file
each is an event of its own. Where a rule says what a row ``states``, a later statement of the same replaces it.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple

import msgspec

from cli.connect.publishing import cells as cell_values
from cli.connect.publishing.cells import Row
from cli.connect.publishing.digests import name_of
from cli.connect.publishing.histories import AGAIN, FIRST, LAST
from cli.connect.publishing.judged import refusal
from cli.connect.publishing.line import FilePlace, Line, LineFault, faulty
from cli.connect.publishing.mapping import Mapping, Rule
from cli.connect.publishing.statement import Event, stated, statement
from cli.connect.publishing.survey import Survey
from cli.connect.publishing.table import Table
from services.ingest.domain.refusal import RefusalError
from shared.contracts.event_types import RETRACTED


class Made(NamedTuple):
    """What became of a row; ``row`` is None for one that cannot be read, ``role`` is what it is in its history."""

    place: FilePlace
    row: Row | None
    role: int
    lines: Sequence[Line | LineFault]


def events(file: BinaryIO, name: str, mapping: Mapping) -> Iterator[Line | LineFault]:
    """The events of a CSV file; a row at fault is reported and the others go on."""
    table = Table(file, name, mapping, {})
    for made in made_of(table, mapping, Survey(table, mapping)):
        yield from made.lines


def made_of(table: Table, mapping: Mapping, survey: Survey) -> Iterator[Made]:
    """What becomes of each row of a table."""
    maker, index = Maker(mapping, survey), 0
    for row in table.rows():
        if isinstance(row, LineFault):
            yield Made(row.place, None, 0, [row])
        else:
            yield Made(row[0], row[1], survey.role(index), list(maker.of_row(index, *row)))
            index += 1


class Maker:
    """Events made so far: what makes equal rows differ, and what was stated where."""

    def __init__(self, mapping: Mapping, survey: Survey) -> None:
        """Nothing yet; ``survey`` is of the file that the rows are of."""
        self._mapping, self._survey = mapping, survey
        self._seen: Counter[str] = Counter()
        self._stated: dict[str, FilePlace] = {}

    def of_row(self, index: int, place: FilePlace, row: Row) -> Iterator[Line | LineFault]:
        """The events of a row, and what is wrong with those that cannot be made."""
        try:
            self._survey.check(index, row)
        except RefusalError as error:
            yield faulty(place, error)
            return
        role = self._survey.role(index)
        for rule in self._mapping.events if role != AGAIN else ():
            if _applies(rule, row, role):
                try:
                    yield self.line(rule, row, place)
                except RefusalError as error:
                    yield faulty(place, error)

    def line(self, rule: Rule, row: Row, place: FilePlace) -> Line:
        """The event as it is sent; raises RefusalError with the cell for which ingest would refuse it."""
        body = msgspec.json.encode(self._event(rule, row, place))
        if refused := refusal(body):
            raise cell_values.blamed(RefusalError(refused.reason, refused.path, refused.message), rule, row)
        return Line(place, body)

    def _event(self, rule: Rule, row: Row, place: FilePlace) -> Event:
        subject, time = cell_values.filled(rule.subject, row, "$.subject"), cell_values.time(rule.time, row)
        shares, decimal = self._survey.shares, self._mapping.decimal
        data = {} if rule.type == RETRACTED else cell_values.data(rule, row, decimal, int(time[:4]), shares)
        event = statement(self._mapping.source, rule.type, subject, time, data)
        if rule.states is not None:
            return stated((self._statement(rule.states, row, place),), event)
        return {"id": self._id(rule, row, event), **event}

    def _statement(self, states: str, row: Row, place: FilePlace) -> str:
        """What is stated; where rows are no histories, no two may state the same."""
        statement = cell_values.filled(states, row, "$")
        if self._mapping.history is None:
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


_TURNS = {"first": FIRST, "last": LAST}


def _applies(rule: Rule, row: Row, role: int) -> bool:
    return (
        (rule.row is None or bool(role & _TURNS[rule.row]))
        and all(row[column] for column in rule.filled)
        and all(row[column] in map(str, allowed) for column, allowed in rule.where.items())
    )
