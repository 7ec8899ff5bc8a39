"""One PAXml file, read: its transactions and schedules, and everything in it that could not be read."""

from collections import Counter
from datetime import datetime
from pathlib import Path

from cli.connect.importing import pax_fields, pax_person, pax_text
from cli.connect.importing.codes import UNKNOWN, Meaning
from cli.connect.importing.pax_fields import Scheduled, Transaction
from cli.connect.importing.pax_person import PersonRecord
from cli.connect.importing.pax_text import PaxElement
from cli.connect.importing.period import Days
from cli.connect.importing.understood import Understood
from cli.connect.publishing.line import FilePlace, LineFault, faulty
from services.ingest.domain.refusal import RefusalError


class PaxFile:
    """What a file says. ``created`` is None if its header does not tell.

    ``assumed`` counts its transactions by code, of codes whose meaning each employer decides.
    """

    def __init__(self, file: Path, codes: dict[str, Meaning], report: Understood) -> None:
        """Read it; faults and unknown codes go to the report. Raises HindranceError if it is no PAXml."""
        self.name, self.report = str(file), report
        self.created: datetime | None = None
        self.transactions: list[tuple[FilePlace, Transaction, Meaning]] = []
        self.scheduled: list[tuple[FilePlace, Scheduled]] = []
        self.persons: list[tuple[FilePlace, PersonRecord]] = []
        self.assumed: Counter[str] = Counter()
        self._codes = codes
        for record in pax_text.records(pax_text.text(file), str(file)):
            if isinstance(record, LineFault):
                report.records += record.path != "header"
                report.add_fault(record)
            else:
                self._take(record)

    @property
    def days(self) -> Days | None:
        """The first and last day the file tells of; None without any.

        A schedule tells nothing of days to come, and what takes back hours tells no more of its day than that.
        """
        made = self.created and self.created.date()
        told = [t for _, t, meaning in self.transactions if meaning.use != "unknown" and not t.takes_back]
        days = [day for t in told for day in (t.first, t.last)]
        days += [s.day for _, s in self.scheduled if made is None or s.day <= made]
        return Days(min(days), max(days)) if days else None

    def _take(self, record: PaxElement) -> None:
        try:
            match record.name:
                case "header":
                    self.created = pax_fields.created(record.element)
                case "tidtrans":
                    self._transaction(record)
                case "person":
                    self._person(record)
                case _:
                    self._schedule(record)
        except RefusalError as error:
            self.report.add_fault(faulty(record.place, error))

    def _transaction(self, record: PaxElement) -> None:
        """What is passed over may say anything: its hours are a balance, an amount, or a share of others."""
        self.report.records += 1
        found = pax_fields.fields(record.element)
        code = pax_fields.code(found)
        meaning = self._codes.get(code, UNKNOWN)
        if meaning.assumed:
            self.assumed[code] += 1
        if meaning.use == "passed_over":
            self.report.passed_over += 1
            return
        t = pax_fields.transaction(found)
        if meaning.use == "unknown":
            self.report.add_unknown(code, *record.place)
        elif t.hours is None and meaning.use != "absence":
            raise RefusalError("missing_field", "timmar", f"timmar is missing: how many hours of {code}")
        self.transactions.append((record.place, t, meaning))

    def _person(self, record: PaxElement) -> None:
        self.report.records += 1
        found = pax_person.person(record.element)
        if found is None or not found.is_employment:
            self.report.passed_over += 1
        else:
            self.report.used += 1
        if found:
            self.persons.append((record.place, found))

    def _schedule(self, record: PaxElement) -> None:
        about = pax_fields.who(pax_fields.fields(record.element))
        for day in record.element:
            try:
                self.scheduled.append((record.place, pax_fields.scheduled(about, day)))
            except RefusalError as error:
                self.report.add_fault(faulty(record.place, error))
