"""Reading event logs: every line is judged as ingest would, except that references stay as they are.

Which lines were not accepted is told, so that the rest can be trusted.
"""

import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec
import typer

from cli import terminal
from cli.connect.publishing import beginnings
from cli.connect.publishing.faults import said
from cli.connect.publishing.hindrance import HindranceError, of_system
from cli.connect.publishing.line import FilePlace, LineFault
from cli.offline.computing.words import WORDS
from cli.terminal import harmless
from services.ingest.domain import identity_number
from services.ingest.domain.acceptance import from_anyone, judge
from services.ingest.domain.outcome import Incoming, Refused
from services.ingest.domain.pseudonym import pseudonyms
from services.ingest.domain.rules import AHEAD
from services.metrics.domain.coverage.coverage import Coverage
from services.metrics.domain.facts.entry import Entry, ReadEntry, entry_of
from services.metrics.domain.facts.reported import Reported, reported
from services.metrics.domain.facts.tally import Tally
from services.metrics.domain.record.memory import Memory, by_subject
from services.metrics.domain.sources.recorded import SourceDay, recorded
from shared.contracts import envelope
from shared.contracts.subjects import MEASURE_PREFIX
from shared.language.language import Language


class Counts(msgspec.Struct):
    """What became of the events of a log."""

    read: int = 0
    accepted: int = 0
    rejected: int = 0
    duplicates: int = 0
    anomalies: int = 0


class RecordedSpan(msgspec.Struct):
    """When the first and the last accepted event was recorded; None while there is none."""

    first: datetime | None = None
    last: datetime | None = None

    def take(self, time: datetime) -> None:
        """Reach as far as this event."""
        self.first = min(self.first or time, time)
        self.last = max(self.last or time, time)


NO_CLOCK = datetime.max.replace(tzinfo=UTC)
"""A log is computed as it stands: the same file comes to the same on any day, and may be of a simulated future.

What ingest would refuse for being recorded in the future therefore counts; ``tell_ahead`` says so.
"""
_TABLES = frozenset({".csv", ".tsv", ".xls", ".xlsx", ".xlsm"})


class Computed(NamedTuple):
    """Facts and definitions of a log, counts, the faults found, when it was recorded, and since when it tells of what;
    without ``coverage`` everything counts as known, always.
    """

    tally: Tally
    memory: Memory
    counts: Counts
    faults: list[LineFault]
    span: RecordedSpan
    coverage: Coverage | None = None
    measures: Sequence[envelope.CloudEvent] = ()


def compute(files: Iterable[Path], known_at: datetime | None) -> Computed:
    """Fold every event recorded by ``known_at`` (all of them when None) into facts.

    Ends the command with 2 and a sentence if a file is what ``stadga import`` makes events of.
    """
    counts, faults, span = Counts(), list[LineFault](), RecordedSpan()
    tally, memory, told, measures = Tally(), Memory(), dict[Reported, int](), list[envelope.CloudEvent]()
    memory.fold(by_subject(_folded(files, known_at, counts, faults, span, told, measures)), tally)
    counts.duplicates = memory.duplicates
    counts.anomalies = sum(tally.anomalies.values())
    return Computed(tally, memory, counts, faults, span, Coverage(told), measures)


def arrived(files: Iterable[Path]) -> tuple[Counter[SourceDay], list[LineFault]]:
    """How many events each source recorded of each type and day, each once; and the faults found."""
    faults = list[LineFault]()
    first = dict[tuple[str, str], Entry]()
    for event, told in entries(files, Counts(), faults):
        first.setdefault((event.subject, told.entry.key), told.entry)
    return recorded(first.values()), faults


def _folded(
    files: Iterable[Path],
    known_at: datetime | None,
    counts: Counts,
    faults: list[LineFault],
    span: RecordedSpan,
    told: dict[Reported, int],
    measures: list[envelope.CloudEvent],
) -> Iterator[tuple[str, ReadEntry]]:
    for event, entry in entries(files, counts, faults):
        if known_at is None or event.time <= known_at:
            counts.accepted += 1
            span.take(event.time)
            for one, day in reported(event, entry.data):
                told[one] = min(day, told.get(one, day))
            if event.subject.startswith(MEASURE_PREFIX):
                measures.append(event)
            yield event.subject, entry


def entries(
    files: Iterable[Path], counts: Counts, faults: list[LineFault]
) -> Iterator[tuple[envelope.CloudEvent, ReadEntry]]:
    """Every event that is taken, as its record takes it, in the order of the lines; the others are added to ``faults``.

    Ends the command with 2 and a sentence if a file is what ``stadga import`` makes events of.
    """
    for place, line in _lines(files):
        counts.read += 1
        outcome = judge(Incoming(line), _plain, from_anyone, NO_CLOCK, None)
        if isinstance(outcome, Refused):
            counts.rejected += 1
            faults.append(LineFault(place, outcome.reason, outcome.path, outcome.message))
            continue
        event = envelope.decode(outcome.body)
        yield event, entry_of(event)


def need(files: Iterable[Path], language: Language) -> None:
    """End the command with 2 and a sentence for a file that is not there or is none of events: none of its lines is."""
    for file in files:
        try:
            if found := _hindrance(file):
                raise found
        except (HindranceError, OSError) as error:
            hindrance = of_system(error) if isinstance(error, OSError) else error
            terminal.say(harmless(hindrance.said(language)))
            raise typer.Exit(2) from None


def _hindrance(file: Path) -> HindranceError | None:
    """What the file is instead of a log, so far as its beginning tells."""
    if file.exists() and not file.is_file() and not file.is_dir():
        return None
    with file.open("rb") as content:
        beginning = content.read(beginnings.LENGTH)
    kind = beginnings.kind(beginning)
    if kind is None or kind in {"events", "half_archive", "old_workbook"}:
        is_table = kind != "events" and (kind is not None or file.suffix.lower() in _TABLES)
        return HindranceError("table", file) if is_table else None
    return HindranceError(kind, file, **({"wanted": "events"} if kind in beginnings.OTHERS else {}))


def _lines(files: Iterable[Path]) -> Iterator[tuple[FilePlace, bytes]]:
    for file in files:
        need([file], "en")
        with file.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield FilePlace(str(file), number), line


_pseudonym = pseudonyms(secrets.token_bytes(32), "compute")


def _plain(ref: str, year: int) -> str:
    """A file on one's own disk keeps its references, but for identity numbers and texts that hold one."""
    is_number = identity_number.canonical(ref, year) or identity_number.is_in(ref)
    return _pseudonym(ref, year) if is_number else ref


SHOWN = 20


def tell(faults: Sequence[LineFault], language: Language) -> None:
    """Print the first of them to standard error, a line each, and how many more there are."""
    for fault in faults[:SHOWN]:
        terminal.say(harmless(f"{fault.place.file}:{fault.place.number}: {said(fault, language)}"))
    if len(faults) > SHOWN:
        terminal.say(WORDS[language].more.format(n=len(faults) - SHOWN))


def tell_ahead(span: RecordedSpan, language: Language) -> None:
    """Say so if some events were recorded later than ingest takes them."""
    if span.last and span.last - datetime.now(UTC) > AHEAD:
        terminal.say(WORDS[language].ahead.format(last=span.last.isoformat(timespec="seconds")))
