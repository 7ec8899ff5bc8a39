"""One PAXml file, read: its transactions and schedules, and everything in it that could not be read."""

from collections import Counter
from datetime import date, datetime
from pathlib import Path

from cli.connect.importing import pax_encoding, pax_extents, pax_fields, pax_person, pax_text, pax_values
from cli.connect.importing.ahead import Ahead, AheadKind
from cli.connect.importing.codes import UNKNOWN, WORKED, Meaning
from cli.connect.importing.pax_fields import Scheduled, Transaction
from cli.connect.importing.pax_notes import PaxNotes
from cli.connect.importing.pax_person import PersonRecord
from cli.connect.importing.pax_text import PaxElement
from cli.connect.importing.period import Days
from cli.connect.importing.understood import Understood
from cli.connect.publishing.line import FilePlace, LineFault, faulty
from services.ingest.domain.refusal import RefusalError


class PaxFile:
    """What a file says. ``created`` is None if its header does not tell, or ``said`` something that is no time.

    ``assumed`` counts its transactions by code, of codes whose meaning each employer decides; ``ahead`` is what it says
    of days after it was made.
    """

    def __init__(
        self, file: Path, codes: dict[str, Meaning], report: Understood, recorded: datetime | None = None
    ) -> None:
        """Read it; faults and unknown codes go to the report. ``recorded`` is when it was made, if not as it says.

        Raises HindranceError if it is no PAXml.
        """
        self.name, self.report = str(file), report
        self.created: datetime | None = None
        self.said = ""
        self.transactions: list[tuple[FilePlace, Transaction, Meaning]] = []
        self.scheduled: list[tuple[FilePlace, Scheduled]] = []
        self.persons: list[tuple[FilePlace, PersonRecord]] = []
        self.assumed: Counter[str] = Counter()
        self.ahead = Ahead()
        self._codes, self._recorded = codes, recorded
        self._notes = PaxNotes(Path(self.name).name)
        text = pax_encoding.text(file)
        for record in pax_text.records(text.text, str(file)):
            if isinstance(record, LineFault):
                report.records += record.path != "header"
                report.add_fault(record)
            else:
                self._take(record)
        self._read_extents()
        report.remarks.extend(self._notes.remarks(text))

    @property
    def made(self) -> date | None:
        """The day it was made, if that is known."""
        known = self._recorded or self.created
        return known and known.date()

    @property
    def days(self) -> Days | None:
        """The first and last day the file tells of; None without any.

        A schedule tells nothing of days to come, and what takes back hours tells no more of its day than that.
        """
        made = self.made
        told = [t for _, t, meaning in self.transactions if meaning.use != "unknown" and not t.takes_back]
        days = [day for t in told for day in (t.first, t.last)]
        days += [s.day for _, s in self.scheduled if made is None or s.day <= made]
        return Days(min(days), max(days)) if days else None

    def _take(self, record: PaxElement) -> None:
        try:
            match record.name:
                case "header":
                    self.said = pax_fields.fields(record.element).get("datum", "")
                    self.created = pax_fields.created(self.said)
                case "tidtrans":
                    self._transaction(record)
                case "person":
                    self._person(record)
                case _:
                    self._schedule(record)
        except RefusalError as error:
            self.report.records += record.name == "schema"
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
        t = pax_fields.transaction(found, self.made)
        if meaning.use == "unknown":
            self.report.add_unknown(code, *record.place)
        elif t.hours is None and meaning.use != "absence":
            raise RefusalError("missing_field", "timmar", f"timmar is missing: how many hours of {code}")
        pax_values.check_near(found, t.last, self.made)
        if meaning.use != "unknown":
            kind: AheadKind = "hours_ahead" if meaning.use in WORKED else "absences_ahead"
            self.ahead.take(kind, t.last, self.made, record.place)
        self._notes.take(record, found, t)
        self.transactions.append((record.place, t, meaning))

    def _read_extents(self) -> None:
        """All of the file together show what they are."""
        told = [t for _, t, _ in self.transactions]
        if pax_extents.are_shares(told):
            self._notes.add("extents_are_shares", *(place for place, t, _ in self.transactions if t.extent is not None))
            self.transactions = [(place, pax_extents.as_share(t), meaning) for place, t, meaning in self.transactions]
        else:
            for fault in pax_extents.unclear([(place, t) for place, t, _ in self.transactions]):
                self.report.add_fault(fault)
            self.transactions = [one for one in self.transactions if not pax_extents.is_small(one[1])]

    def _person(self, record: PaxElement) -> None:
        self.report.records += 1
        found = pax_person.person(record.element)
        if found:
            told = pax_fields.fields(record.element)
            pax_values.check_within_life(told, found.first, "anstdatum", self.made)
            pax_values.check_within_life(told, found.last, "avgdatum", self.made)
        if found is None or not found.is_employment:
            self.report.passed_over += 1
        else:
            self.report.used += 1
        if found:
            self.persons.append((record.place, found))
            self.ahead.take(
                "starts_ahead",
                max(filter(None, (found.first, found.degree_since)), default=None),
                self.made,
                record.place,
            )
            self.ahead.take("ends_ahead", found.last, self.made, record.place)

    def _schedule(self, record: PaxElement) -> None:
        about, faults = pax_fields.who(pax_fields.fields(record.element)), list[LineFault]()
        for day in record.element:
            try:
                hours = pax_fields.scheduled(about, day)
                pax_values.check_near(pax_fields.fields(day), hours.day, self.made)
                self.scheduled.append((record.place, hours))
                self.ahead.take("schedules_ahead", hours.day, self.made, record.place)
            except RefusalError as error:
                faults.append(faulty(record.place, error))
        if faults:
            self.report.records += 1
            self.report.add_fault(*faults)
