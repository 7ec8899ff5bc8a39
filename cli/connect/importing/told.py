"""The report of an import as lines to read: what cannot be used and why, what is good to know, what comes of it."""

from collections.abc import Container, Iterator
from pathlib import Path

from cli.connect.importing.understood import Broken, Remark, Understood
from cli.connect.importing.words import WORDS, Words
from cli.connect.publishing.columns import Finding
from cli.connect.publishing.line import SHOWN
from cli.connect.publishing.words import filled
from shared.language.language import Language
from shared.language.phrase import shortened

EXAMPLES = 5
"""Rows that are shown of one kind of fault."""
_CLEAR = frozenset(
    {
        *("decimals_added", "digits_lost", "excel_day", "formula", "mixed_degrees", "not_in_register", "nul"),
        *("other_encoding", "repeated", "zero_lost"),
    }
)
"""Kinds that say themselves what to do."""
_WHOLE = frozenset({"outside_employment", "nothing_to_take_back", "not_well_formed", "not_utf8"})
"""Reasons that are about more than a field."""


def report_lines(report: Understood, shown: int, language: Language) -> Iterator[str]:
    """The report in a language, with at most ``shown`` kinds of faults."""
    words = WORDS[language]
    unknown = sum(u.count for u in report.unknown_codes.values())
    counts = {"used": report.used, "passed": report.passed_over, "unknown": unknown, "faulty": report.faults}
    yield ", ".join(report.files)
    pattern = words.read_rows if report.is_table else words.read
    yield filled(pattern, language, {"n": report.records, **counts}, {}) + "."
    if report.broken:
        yield ""
        yield words.faults
        yield from _faults(report, shown, language)
    if notes := [*_remarks(report, language)]:
        yield ""
        yield words.notes
        yield from (f"  {note}" for note in notes)
    yield ""
    yield _made(report, words, language)


def _faults(report: Understood, shown: int, language: Language) -> Iterator[str]:
    """What is wrong, once for all rows of which it is so, and the first of those."""
    words, found = WORDS[language], dict[tuple[str, str], list[Broken]]()
    shares = {finding.column for finding in report.findings if finding.kind == "shares"}
    for b in report.broken:
        found.setdefault((_where(b, words), _what(b, words, shares)), []).append(b)
    told = list(found.items())[:shown]
    for (where, what), rows in told:
        yield f"  {where}{what}"
        places = [_place(b, words, is_named=len(report.files) > 1) for b in rows[:EXAMPLES]]
        more = [filled(words.more, language, {"n": len(rows) - EXAMPLES}, {})] if len(rows) > EXAMPLES else []
        yield "    " + ", ".join(places + more)
    if hidden := report.faults - len({(b.file, b.line, b.record) for _, rows in told for b in rows}):
        yield "  " + filled(words.hidden, language, {"n": hidden}, {})


def _where(b: Broken, words: Words) -> str:
    """The column of a table, or the field of a record."""
    if b.column:
        return words.column.format(column=b.column) + ": "
    return words.field.format(field=b.field) + ": " if b.field.isidentifier() and b.reason not in _WHOLE else ""


def _what(b: Broken, words: Words, shares: Container[str]) -> str:
    """What is wrong, and what it should be; a degree in a column of ``shares`` is no per cent."""
    field = "share" if b.column in shares else b.field.rpartition(".")[2]
    said = words.kinds.get(b.kind) or words.reasons.get(b.reason)
    should = (
        words.should.format(should=words.fields[field])
        if field in words.fields and not {b.kind, b.reason} & (_CLEAR | _WHOLE)
        else ""
    )
    return " ".join(filter(None, [said and f"{said}.", should])) or words.unusable


def _place(b: Broken, words: Words, *, is_named: bool) -> str:
    place = words.row.format(line=b.line) + (words.cell.format(cell=b.cell) if b.column or b.cell else "")
    return f"{Path(b.file).name} {place}" if is_named else place


def _remarks(report: Understood, language: Language) -> Iterator[str]:
    for kind, numbers, texts in (*_noted(report, WORDS[language], language), *report.remarks):
        yield filled(WORDS[language].remarks[kind], language, numbers, texts)


def _cells(found: Finding, words: Words, language: Language) -> str:
    """The first cells of a finding that are told one by one, and how many more there are."""
    first = [words.row.format(line=row) + words.cell.format(cell=shortened(text, SHOWN)) for row, text in found.first]
    more = found.cells - len(first)
    return ", ".join([*first, *([filled(words.more, language, {"n": more}, {})] if more else [])])


def _noted(report: Understood, words: Words, language: Language) -> Iterator[Remark]:
    """What is to be remarked on, by kind."""
    for code, u in report.unknown_codes.items():
        yield Remark("code", {"n": u.count}, {"code": code, "line": str(u.first_line), "file": Path(u.file).name})
    for found in report.findings:
        texts = {"column": found.column, "row": str(found.row), "first": _cells(found, words, language)}
        yield Remark(found.kind, {"cells": found.cells}, texts)
    if report.is_bare:
        yield Remark("no_rows", {}, {})
    if report.is_cut:
        yield Remark("cut", {}, {})
    if report.moved:
        yield Remark("moved", {"n": report.moved}, {})
    if left := report.missing - report.never_began:
        yield Remark("left" if report.left_on else "missing", {"n": left}, {"day": str(report.left_on)})
    if report.never_began:
        yield Remark("never_began", {"n": report.never_began}, {})
    if report.early_terms:
        yield Remark("terms_before_start", {"n": report.early_terms}, {"row": str(report.first_early_terms)})
    if report.columns_not_read:
        yield Remark("columns", {}, {"columns": ", ".join(report.columns_not_read)})
    if report.known_from:
        yield Remark("known", {}, {"day": str(report.known_from)})
    if report.ends and not report.is_said_since:
        yield Remark("ends", {"n": report.ends}, {"day": str(report.first_end)})


def _made(report: Understood, words: Words, language: Language) -> str:
    """What comes of the file; that there is no end of something is no news."""
    told = {t: report.events[t] for t in words.events if t in report.events} or report.events
    if not told:
        return words.nothing
    made = (filled(words.events.get(t, words.taken_back), language, {"n": n}, {}) for t, n in told.items())
    return filled(words.made, language, {"people": report.people}, {"events": ", ".join(made)}) + "."
