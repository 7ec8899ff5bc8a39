"""A file of employments: what its rows say, which of it is used, and what was said of whom."""

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, datetime
from typing import BinaryIO

import msgspec
import numpy as np

from cli.connect.importing.ahead import Ahead
from cli.connect.importing.progress import Progress
from cli.connect.importing.understood import Understood
from cli.connect.publishing.cells import blamed
from cli.connect.publishing.days import ZONE
from cli.connect.publishing.histories import AGAIN
from cli.connect.publishing.line import Line, LineFault, faulty
from cli.connect.publishing.mapping import AS_OF, Mapping
from cli.connect.publishing.rows import Made, made_of
from cli.connect.publishing.survey import Survey
from cli.connect.publishing.table import Table
from services.ingest.domain.refusal import RefusalError
from shared.contracts.envelope import decode
from shared.contracts.event_types import EMPLOYMENT_CHANGED, EMPLOYMENT_ENDED, EMPLOYMENT_STARTED
from shared.contracts.events import EmploymentEnded, EmploymentStarted

_ENDED = EMPLOYMENT_ENDED.encode()


class _Days(msgspec.Struct, frozen=True):
    effective: date = date.min
    last_day: date | None = None


class _Told(msgspec.Struct, frozen=True):
    type: str
    data: _Days = _Days()


_told = msgspec.json.Decoder(_Told)


class StaffFile:
    """A file that tells what was so at ``as_of``; rows at fault are known once ``lines`` have been read."""

    def __init__(self, file: BinaryIO, name: str, mapping: Mapping, as_of: datetime, progress: Progress) -> None:
        """Raises HindranceError if columns are missing or cannot be right."""
        self.mapping, self.as_of = mapping, as_of.replace(tzinfo=ZONE)
        self.table = Table(file, name, mapping, {AS_OF: self.as_of.isoformat()})
        progress.begin(file, name)
        self.survey = Survey(self.table, mapping)
        self.faulty: set[int] = set()
        self.unreadable = 0
        self._ahead = Ahead()

    def made(self) -> Iterator[Made]:
        """What becomes of each row."""
        return made_of(self.table, self.mapping, self.survey)

    def said(self) -> "Said":
        """All that the file says."""
        return Said(line.body for made in self.made() for line in made.lines if isinstance(line, Line))

    def lines(self, report: Understood, known: "Said | None") -> Iterator[Line]:
        """The events that are not known; a row is used whole or not at all: half of it would say something else."""
        report.columns_not_read = self.table.not_read(self.mapping)
        report.expected = len(self.survey.histories.of)
        report.findings = list(self.survey.findings)
        for made in self.made():
            report.records += 1
            faults = [one for one in made.lines if isinstance(one, LineFault)]
            if faults or (faults := list(self._backwards(made, report))):
                self._take_faults(made, faults, report)
            elif made.role == AGAIN:
                report.passed_over += 1
            else:
                report.used += 1
                self._note_days(made, report)
                for one in made.lines:
                    if isinstance(one, Line) and not (known and one.body in known):
                        yield one
        report.add_footers(self.table.footers)
        report.remarks.extend(self._ahead.remarks(self.as_of.date()))

    def _backwards(self, made: Made, report: Understood) -> Iterator[LineFault]:
        """An end before the start of the same row; ends that lie behind are counted."""
        if made.row is None or not any(isinstance(one, Line) and _ENDED in one.body for one in made.lines):
            return
        start, end = told(made)
        if start and end and end < start:
            error = RefusalError("ends_before_start", "$.data.last_day", f"it ends {end}, before it starts, {start}")
            ends = next(rule for rule in self.mapping.events if rule.type == EMPLOYMENT_ENDED)
            yield faulty(made.place, blamed(error, ends, made.row))
        elif end and end <= self.as_of.date():
            report.add_end(end)

    def _note_days(self, made: Made, report: Understood) -> None:
        """Note days ahead, and count a row whose terms hold since before its employment begins."""
        said = [_told.decode(one.body) for one in made.lines if isinstance(one, Line)]
        terms = [one.data.effective for one in said if one.type == EMPLOYMENT_CHANGED]
        starts = [one.data.effective for one in said if one.type == EMPLOYMENT_STARTED]
        if starts and terms and min(terms) < min(starts):
            report.add_early_terms(made.place.number)
        own = self.as_of.date()
        self._ahead.take("starts_ahead", max(starts + terms, default=None), own, made.place)
        for one in said:
            self._ahead.take("ends_ahead", one.data.last_day, own, made.place)

    def _take_faults(self, made: Made, faults: list[LineFault], report: Understood) -> None:
        report.add_fault(*faults)
        if made.row is None:
            self.unreadable += 1
        else:
            self.faulty.add(self.survey.of(made.row))


class Said:
    """Events by hashes of their bodies: eight bytes each."""

    def __init__(self, bodies: Iterator[bytes]) -> None:
        """Take all of them."""
        self._hashes = array("q", np.sort(np.frombuffer(array("q", map(hash, bodies)), np.int64)).tobytes())

    def __contains__(self, body: object) -> bool:
        """Whether an event was said."""
        at = bisect_left(self._hashes, hash(body))
        return at < len(self._hashes) and self._hashes[at] == hash(body)


def told(made: Made) -> tuple[date | None, date | None]:
    """The first and the last day of employment that the events of a row tell."""
    start = end = None
    for line in made.lines:
        event = decode(line.body) if isinstance(line, Line) else None
        if event and event.type == EMPLOYMENT_STARTED:
            start = msgspec.json.decode(event.data, type=EmploymentStarted).effective
        elif event and event.type == EMPLOYMENT_ENDED:
            end = msgspec.json.decode(event.data, type=EmploymentEnded).last_day
    return start, end
