"""What a file shows as a whole, found out before its rows are read: its columns, and the histories its rows are of."""

from collections.abc import Iterator, Sequence

from cli.connect.publishing import cells as cell_values
from cli.connect.publishing import columns
from cli.connect.publishing.cells import Row
from cli.connect.publishing.columns import Columns, Finding
from cli.connect.publishing.days import parsed
from cli.connect.publishing.hindrance import HindranceError
from cli.connect.publishing.histories import DIFFERENT, FIRST, LAST, Histories, distinct
from cli.connect.publishing.line import CellError, FilePlace, LineFault, in_column
from cli.connect.publishing.mapping import COLUMN, Mapping
from cli.connect.publishing.table import Table
from services.ingest.domain import identity_number
from services.ingest.domain.pseudonym import canonical
from services.ingest.domain.refusal import RefusalError
from shared.contracts.subjects import PERSON_PREFIX

FEW, EACH = 20, 5
"""In a file of so many employments nobody has more than so many of them on average."""
NOBODY = 0
_DIGITS, _SHORT, _THIS_CENTURY = 12, (8, 9), 2099
"""Digits of a personal identity number; of ten of them without zeros in front, which begin those of the 2000s."""


class Survey:
    """A file read once; its rows are known by their index among those that can be read."""

    def __init__(self, table: Table, mapping: Mapping) -> None:
        """Raises HindranceError if what shall name persons there cannot."""
        self._column = next(iter(COLUMN.findall(mapping.events[0].subject)), None)
        self._mapping, self._asked = mapping, sorted(mapping.asked & set(table.columns))
        found = Columns(mapping)
        self._forms = found.forms.get(mapping.history.since, ()) if mapping.history else ()
        self.histories = Histories()
        self._numbers = self._others = self._odd = 0
        for row in table.rows():
            if not isinstance(row, LineFault):
                found.take(row[0].number, row[1])
                self._take(*row)
        self.findings: Sequence[Finding] = [*found.findings(), *self._odd_numbers()]
        self.shares = frozenset(f.column for f in self.findings if f.kind == "shares")
        self._turns = self.histories.turns()
        self._check_persons(table.name)

    def role(self, index: int) -> int:
        """What the row is in its history: FIRST, LAST, AGAIN; without histories each row is alone."""
        return self._turns.roles[index] if self._mapping.history else FIRST | LAST

    def of(self, row: Row) -> int:
        """A hash of what the row is of; 0 without histories."""
        return hash(row[self._mapping.history.of]) if self._mapping.history else 0

    def check(self, index: int, row: Row) -> None:
        """Raise RefusalError for a cell that means two things in its column, and a row that another contradicts."""
        for found in self.findings:
            columns.check(found, row, self._mapping.decimal)
        self._check_zero(row)
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
            is_number = person is not None and len(person) == _DIGITS and person.isdecimal()
            self._numbers += is_number
            self._others += person is not None and not is_number
            self._odd = self._odd or (place.number if person is not None and not is_number else 0)
            said = hash(tuple(row[column] for column in self._asked))
            named = NOBODY if person is None else hash(person)
            self.histories.take(place.number, self.of(row), self._since(row), named, said)

    def _odd_numbers(self) -> Iterator[Finding]:
        if self._others and self._column and self._numbers > self._others:
            yield Finding("odd_numbers", self._column, self._others, self._odd)

    def _check_zero(self, row: Row) -> None:
        """A number whose zeros in front a spreadsheet has left out: it would be somebody else's reference."""
        text = row[self._column] if self._column and self._numbers > self._others else ""
        if len(text) in _SHORT and text.isdecimal() and identity_number.canonical(text.zfill(10), _THIS_CENTURY):
            message = "a personal identity number without the zero in front, which a spreadsheet has left out"
            raise in_column(CellError("invalid_value", "$.subject", message, "zero_lost"), self._column, text)

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
