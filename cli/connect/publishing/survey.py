"""What a file shows as a whole, found out before its rows are read: its columns, and the histories its rows are of."""

from collections.abc import Sequence

from cli.connect.publishing import cells as cell_values
from cli.connect.publishing import columns
from cli.connect.publishing.cells import Row
from cli.connect.publishing.columns import Columns, Finding
from cli.connect.publishing.days import parsed
from cli.connect.publishing.hindrance import HindranceError
from cli.connect.publishing.histories import DIFFERENT, FIRST, LAST, NOTHING, Histories, distinct
from cli.connect.publishing.line import CellError, FilePlace, LineFault, in_column
from cli.connect.publishing.mapping import Mapping
from cli.connect.publishing.person_columns import PersonColumns
from cli.connect.publishing.table import Table
from services.ingest.domain.pseudonym import canonical
from services.ingest.domain.refusal import RefusalError
from shared.contracts.subjects import PERSON_PREFIX

FEW, EACH = 20, 5
"""In a file of so many employments nobody has more than so many of them on average."""
NOBODY = 0


class Survey:
    """A file read once; its rows are known by their index among those that can be read."""

    def __init__(self, table: Table, mapping: Mapping) -> None:
        """Raises HindranceError if what shall name persons there cannot."""
        self._mapping, self._asked = mapping, sorted(mapping.asked & set(table.columns))
        found = Columns(mapping)
        self._forms = found.forms.get(mapping.history.since, ()) if mapping.history else ()
        self.histories = Histories()
        self._persons = PersonColumns(mapping)
        for row in table.rows():
            if not isinstance(row, LineFault):
                found.take(row[0].number, row[1])
                self._take(*row)
        self.findings: Sequence[Finding] = [*found.findings(), *self._persons.findings()]
        self.shares = frozenset(f.column for f in self.findings if f.kind == "shares")
        self._turns = self.histories.turns()
        self._check_persons(table.name)

    def role(self, index: int) -> int:
        """What the row is in its history: FIRST, LAST, AGAIN; without histories each row is alone."""
        return self._turns.roles[index] if self._mapping.history else FIRST | LAST

    def of(self, row: Row) -> int:
        """A hash of what the row is of; NOTHING for one that does not say, and without histories."""
        named = row[self._mapping.history.of] if self._mapping.history else ""
        return hash(named) if named else NOTHING

    def check(self, index: int, row: Row) -> None:
        """Raise RefusalError for a cell that means two things in its column, and a row that another contradicts."""
        for found in self.findings:
            columns.check(found, row, self._mapping.decimal)
        self._persons.check(row)
        if self.role(index) == DIFFERENT and self._mapping.history:
            of = row[self._mapping.history.of]
            message = f"row {self._turns.before[index]} says something else of the same"
            raise in_column(CellError("invalid_value", "$", message, "repeated"), self._mapping.history.of, of)

    def _person(self, row: Row) -> str | None:
        """Whom the row is about, the same for all spellings of a number."""
        rule = self._mapping.events[0]
        try:
            year = int(cell_values.time(rule.time, row)[:4])
            subject = cell_values.filled(rule.subject, row, "$.subject")
        except (RefusalError, ValueError):
            return None
        return canonical(subject.removeprefix(PERSON_PREFIX), year)

    def _take(self, place: FilePlace, row: Row) -> None:
        if self._mapping.history:
            person = self._person(row)
            self._persons.take(place.number, row)
            said = hash(tuple(row[column] for column in self._asked))
            named = NOBODY if person is None else hash(person)
            self.histories.take(place.number, self.of(row), self._since(row), named, said)

    def _since(self, row: Row) -> int:
        """The day from which the row holds; 0 for one that says none, or none that can be read."""
        try:
            text = row[self._mapping.history.since] if self._mapping.history else ""
            return parsed(text, self._forms, "$").toordinal() if text else 0
        except RefusalError:
            return 0

    def _check_persons(self, name: str) -> None:
        employments, persons = distinct(self.histories.of), distinct(self.histories.persons)
        if employments >= FEW and employments > EACH * persons:
            raise HindranceError("no_persons", name, employments=employments, persons=persons)
