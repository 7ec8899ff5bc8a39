"""What an import understood and what not."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from cli.connect.publishing.columns import Finding
from cli.connect.publishing.line import FilePlace, Kind, LineFault

KEPT = 10_000
"""Records that could not be used, of which more is kept than their number."""


class Remark(NamedTuple):
    """What is to be known of what was read, by a kind that ``words`` has; with its numbers and other parts."""

    kind: str
    numbers: Mapping[str, float]
    texts: Mapping[str, str] = {}


class Unknown(msgspec.Struct):
    """A time code that has no meaning here: how often it occurs, and where first."""

    count: int
    file: str
    first_line: int


class Broken(msgspec.Struct):
    """A record that could not be used, and why; ``column`` and ``cell`` of a table.

    ``record`` counts such records, since several may stand on a line, and several things be wrong with one.
    """

    file: str
    line: int
    field: str
    reason: str
    message: str
    kind: Kind = ""
    column: str = ""
    cell: str = ""
    record: int = 0


class Understood(msgspec.Struct):
    """The report of an import. ``columns_not_read`` are a table's that the mapping does not ask for.

    ``expected`` records are known before they are used; ``broken`` are the first that could not be used, ``faults`` how
    many could not. ``missing`` employments were in a file before and are not in this one, which ended them on
    ``left_on`` if it has everybody; ``never_began`` of those were still to begin and are taken back; ``moved`` ones are
    another person's now. ``early_terms`` rows hold since before their employment begins. ``ends`` are employments that
    were over when the file was made. ``is_said_since``: the user says since when the files tell all there is.
    """

    files: list[str]
    is_table: bool = False
    expected: int = 0
    records: int = 0
    used: int = 0
    passed_over: int = 0
    people: int = 0
    first_day: date | None = None
    last_day: date | None = None
    known_from: date | None = None
    is_said_since: bool = False
    spells: int = 0
    events: dict[str, int] = {}
    unknown_codes: dict[str, Unknown] = {}
    broken: list[Broken] = []
    faults: int = 0
    columns_not_read: list[str] = []
    findings: list[Finding] = []
    is_cut: bool = False
    ends: int = 0
    first_end: date | None = None
    missing: int = 0
    left_on: date | None = None
    never_began: int = 0
    moved: int = 0
    early_terms: int = 0
    first_early_terms: int = 0
    remarks: list[Remark] = []

    @property
    def whole(self) -> bool:
        """Whether everything was understood."""
        return not self.unknown_codes and not self.faults

    @property
    def is_bare(self) -> bool:
        """Whether it is a table in which nothing stands under the header, or only what was passed over."""
        return self.is_table and self.records == self.passed_over

    def knows(self, since: date, *, is_said: bool) -> date:
        """Since when the files tell all there is, and whether the user says so."""
        self.known_from, self.is_said_since = since, is_said
        return since

    def add_end(self, day: date) -> None:
        """Take an employment that was over when the file was made."""
        self.ends += 1
        self.first_end = min(day, self.first_end or day)

    def add_footers(self, lines: Sequence[int]) -> None:
        """Take rows that stand under a list, such as its sums: they are passed over."""
        if lines:
            self.passed_over += len(lines)
            self.records += len(lines)
            self.remarks.append(Remark("footers", {"n": len(lines)}, {"row": str(lines[0])}))

    def add_early_terms(self, line: int) -> None:
        """Take a row whose terms hold since before its employment begins."""
        self.early_terms += 1
        self.first_early_terms = self.first_early_terms or line

    def add_fault(self, *faults: LineFault) -> None:
        """Take a record that could not be used, and all that is wrong with it, each once."""
        self.faults += 1
        for fault in dict.fromkeys(faults):
            if len(self.broken) < KEPT:
                where = (fault.path, fault.reason, fault.message, fault.kind, fault.column, fault.cell)
                self.broken.append(Broken(fault.place.file, fault.place.number, *where, record=self.faults))

    def add_unmade(self, faults: Iterable[LineFault]) -> None:
        """Take what is wrong with events of records that were used: of those none can be made."""
        by_place: dict[FilePlace, list[LineFault]] = {}
        for fault in faults:
            by_place.setdefault(fault.place, []).append(fault)
        for some in by_place.values():
            self.used -= 1
            self.add_fault(*some)

    def add_unknown(self, code: str, file: str, line: int) -> None:
        """Take a record whose code is not known."""
        self.unknown_codes.setdefault(code, Unknown(0, file, line)).count += 1
