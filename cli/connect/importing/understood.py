"""What an import understood and what not: as JSON, and as lines to read."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

import msgspec

from cli.connect.publishing.line import Kind, Line, LineFault
from shared.contracts.envelope import decode


class Unknown(msgspec.Struct):
    """A time code that has no meaning here: how often it occurs, and where first."""

    count: int
    file: str
    first_line: int


class Broken(msgspec.Struct):
    """A record that could not be used, and why; ``column`` and ``cell`` of a table."""

    file: str
    line: int
    field: str
    reason: str
    message: str
    kind: Kind = ""
    column: str = ""
    cell: str = ""


class Understood(msgspec.Struct):
    """The report of an import. ``columns_not_read`` are a CSV file's that the mapping does not ask for."""

    files: list[str]
    records: int = 0
    used: int = 0
    passed_over: int = 0
    people: int = 0
    first_day: date | None = None
    last_day: date | None = None
    known_from: date | None = None
    spells: int = 0
    events: dict[str, int] = {}
    unknown_codes: dict[str, Unknown] = {}
    broken: list[Broken] = []
    columns_not_read: list[str] = []
    remarks: list[str] = []

    @property
    def whole(self) -> bool:
        """Whether everything was understood."""
        return not self.unknown_codes and not self.broken

    def knows(self, since: date, ends: Sequence[date] = ()) -> date:
        """Remark since when the files tell all there is; ``ends`` are of employments that were over by then."""
        self.known_from = since
        self.remarks.append(
            f"what is known begins on {since}: values of a year, such as turnover, have no number until a year"
            " has passed since"
        )
        if ends:
            self.remarks.append(
                f"{len(ends)} employments had ended, the first on {ends[0]}: if the file has everybody who left since"
                " a day, say so with --known-from DAY"
            )
        return since

    def add_fault(self, fault: LineFault) -> None:
        """Take a record that could not be used."""
        where = (fault.kind, fault.column, fault.cell)
        self.broken.append(
            Broken(fault.place.file, fault.place.number, fault.path, fault.reason, fault.message, *where)
        )

    def add_unknown(self, code: str, file: str, line: int) -> None:
        """Take a record whose code is not known."""
        self.unknown_codes.setdefault(code, Unknown(0, file, line)).count += 1

    def count(self, lines: list[Line]) -> None:
        """Count the events made, by type, and the people they are about."""
        made = [decode(line.body) for line in lines]
        self.events = dict(sorted(Counter(e.type for e in made).items()))
        self.people = len({e.subject for e in made})


def report_lines(report: Understood, shown: int) -> Iterator[str]:
    """The report as lines to read, with at most ``shown`` broken records."""
    for b in report.broken[:shown]:
        yield f"{b.file}:{b.line}: {b.reason} at {b.field}: {b.message}"
    if len(report.broken) > shown:
        yield f"… and {len(report.broken) - shown} more"
    for code, u in report.unknown_codes.items():
        yield f"{u.file}:{u.first_line}: code {code} is not known: {u.count} records of it are left out"
    if report.columns_not_read:
        yield f"columns not read: {', '.join(report.columns_not_read)}"
    yield from report.remarks
    yield _summary(report)


def _summary(report: Understood) -> str:
    unknown = sum(u.count for u in report.unknown_codes.values())
    days = f", {report.first_day} to {report.last_day}" if report.first_day else ""
    made = ", ".join(f"{count} {type_}" for type_, count in report.events.items()) or "no events"
    return (
        f"{report.records} records{days}: {report.used} used, {report.passed_over} passed over, "
        f"{unknown} of unknown codes, {len(report.broken)} broken; {report.people} people: {made}"
    )
