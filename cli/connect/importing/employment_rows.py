"""A file of employments to events: the mapping says what its rows state; the file's own day is when they were so."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from cli.connect.importing.leaving import Leaving
from cli.connect.importing.progress import Progress
from cli.connect.importing.staff_file import StaffFile
from cli.connect.importing.understood import Remark, Understood
from cli.connect.publishing.file_kind import table_file
from cli.connect.publishing.hindrance import HindranceError
from cli.connect.publishing.line import Line
from cli.connect.publishing.mapping import read
from cli.connect.publishing.worksheets import Worksheet


def lines(
    file: Path,
    previous: Path | None,
    mapping: Path,
    as_of: datetime,
    report: Understood,
    *,
    complete: bool = False,
    progress: Progress | None = None,
) -> Iterator[Line]:
    """The events of the file; with ``previous``, those that it did not make already, and who has left or has another
    number since. With ``complete`` the file has everybody who is employed.

    Raises HindranceError if the mapping is wrong, a column is missing, the file is of another kind, or nobody can know
    who is not in the file.
    """
    rules, progress = read(mapping), progress or Progress(report)
    if complete and (previous is None or rules.history is None):
        raise HindranceError("nobody_before")
    with ExitStack() as files:
        told = files.enter_context(table_file(previous, rules)) if previous else None
        before = StaffFile(told.content, str(previous), rules, as_of, progress) if told else None
        table = files.enter_context(table_file(file, rules))
        if complete:
            _check_alone(table.sheets, file)
        report.remarks.extend(_sheet_remarks(table.sheets))
        now = StaffFile(table.content, str(file), rules, as_of, progress)
        yield from now.lines(report, before.said() if before else None)
        report.is_cut = now.table.is_cut
        if complete:
            _check_whole(now)
        if before and rules.history:
            yield from Leaving(before, now, report, complete=complete).lines()


def _sheet_remarks(sheets: list[Worksheet]) -> Iterator[Remark]:
    """Which sheet of several was read, and how much stands in each of the others."""
    if len(sheets) > 1:
        yield from (Remark("sheet_read", {}, {"sheet": sheet.title}) for sheet in sheets if sheet.is_read)
    for sheet in sheets:
        if not sheet.is_read:
            kind = "sheet_hidden" if sheet.is_hidden else "sheet_left_out"
            yield Remark(kind, {"n": sheet.rows}, {"sheet": sheet.title})


def _check_alone(sheets: list[Worksheet], file: Path) -> None:
    """Raise HindranceError if another sheet may have some of the employments."""
    read = next((sheet.title for sheet in sheets if sheet.is_read), "")
    for sheet in sheets:
        if sheet.is_alike and not sheet.is_read:
            raise HindranceError("sheet_alike", file, n=sheet.rows, sheet=sheet.title, read=read)


def _check_whole(now: StaffFile) -> None:
    """Raise HindranceError if somebody may be in the file whom we do not see."""
    if not len(now.survey.histories.of):
        raise HindranceError("no_rows", now.table.name)
    if now.table.is_cut:
        raise HindranceError("cut", now.table.name)
    if now.unreadable:
        raise HindranceError("unreadable", now.table.name, n=now.unreadable)
