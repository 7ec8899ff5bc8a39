"""The disclosure as a table to read, as CSV to open elsewhere, or as JSON."""

import io

import msgspec
from babel.numbers import format_decimal, format_percent
from rich import box
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from cli import spreadsheet
from cli.offline.reporting.words import WORDS, ReportWords
from cli.terminal import harmless, harmless_json
from shared.contracts.metrics import ALL
from shared.contracts.sickness import KEY_FIGURES, Disclosure, Figure, KeyFigure
from shared.language.language import Language
from shared.language.numbers import LOCALES, day

WIDTH = 100
"""Columns of a table that is written to a file."""

KEYS = {key.name: key for key in KEY_FIGURES}


def as_json(report: Disclosure) -> str:
    """One JSON document."""
    return harmless_json(msgspec.json.format(msgspec.json.encode(report))).decode() + "\n"


def as_csv(report: Disclosure, language: Language) -> str:
    """A line for each key figure; shares are of one, times are days of full time."""
    fields = [field for field in Figure.__struct_fields__ if field != "name"]
    header = ("year", "unit", "as_of", "preliminary", "skr", "krl", "name", "key_figure", *fields)
    about = report.year, report.unit, report.as_of, str(report.preliminary).lower()
    lines = (
        (*about, *_named(figure, language), *(getattr(figure, field) for field in fields)) for figure in report.figures
    )
    return spreadsheet.written((header, *lines))


def as_text(report: Disclosure, language: Language) -> str:
    """The table without colours, as a file holds it."""
    file = io.StringIO()
    Console(width=WIDTH, file=file, markup=False, emoji=False).print(as_table(report, language))
    return "".join(f"{line.rstrip()}\n" for line in file.getvalue().splitlines())


def as_table(report: Disclosure, language: Language) -> Group:
    """The key figures with the time behind each and its rule, and what the words mean."""
    words = WORDS[language]
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column(words.number, justify="right")
    table.add_column(words.figure)
    for name in (words.share, words.sick, words.of):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column(words.rule)
    for figure in report.figures:
        table.add_row(*_row(figure, KEYS[figure.name], words, language))
    notes = (Text(f"{note}\n", "dim") for note in words.notes)
    return Group(*_head(report, words, language), table, *notes)


def _named(figure: Figure, language: Language) -> tuple[object, ...]:
    key = KEYS[figure.name]
    return key.number, key.rule, key.name, getattr(key, language)


def _head(report: Disclosure, words: ReportWords, language: Language) -> list[Text]:
    unit = words.everywhere if report.unit == ALL else harmless(report.unit_name)
    first, last, as_of = (day(on, language) for on in (report.first, report.last, report.as_of))
    mind = {words.so_far: report.preliminary, words.no_sickness: report.figures[0].sick_days == 0}
    return [
        Text(words.title.format(year=report.year, unit=unit), "bold"),
        Text(words.covers.format(first=first, last=last, as_of=as_of)),
        *(Text(said, "bold") for said, so in mind.items() if so),
    ]


def _row(figure: Figure, key: KeyFigure, words: ReportWords, language: Language) -> tuple[str | Text, ...]:
    number, label = str(key.number or ""), getattr(key, language)
    rule = Text(key.rule or words.no_rule, "dim")
    if figure.reason:
        because = Text.assemble(label, (f"\n  {words.reasons[figure.reason]}", "italic dim"))
        return number, because, Text(words.hidden, "italic"), "", "", rule
    days = (format_decimal(days or 0, "#,##0", LOCALES[language]) for days in (figure.sick_days, figure.of_days))
    return number, label, _share(figure.value, words, language), *days, rule


def _share(value: float | None, words: ReportWords, language: Language) -> str:
    if value is None:
        return words.nothing
    pattern = str(LOCALES[language].percent_formats[None].pattern).replace("#,##0", "0.00")
    return str(format_percent(value, pattern, LOCALES[language]))
