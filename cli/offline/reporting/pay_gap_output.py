"""The pay report as a table to read, as a page to print, as CSV to open elsewhere, or as JSON."""

import io
from collections.abc import Iterator
from html import escape

import msgspec
from rich import box
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from cli import spreadsheet
from cli.offline.reporting.pay_gap_table import columns, head, name, row
from cli.offline.reporting.pay_gap_words import WORDS
from cli.terminal import harmless, harmless_json
from shared.contracts.pay_gap import PayGapReport, PayGroup, Told
from shared.language.language import Language

WIDTH = 160
"""Columns of a table that is written to a file."""

STYLE = """
@page { size: A4 landscape; margin: 14mm }
body { font: 10pt/1.35 sans-serif; color: #222; margin: 2em auto; max-width: 75em }
table { border-collapse: collapse; width: 100% }
th, td { padding: .25em .5em; text-align: right; vertical-align: bottom; border-bottom: 1px solid #ddd }
th:first-child, td:first-child { text-align: left }
thead { display: table-header-group } tr { break-inside: avoid }
tr.all, tr.occupation { font-weight: bold }
p { max-width: 65em } .note { color: #555; font-size: 9pt }
@media print { body { margin: 0 } }
"""


def as_json(report: PayGapReport) -> str:
    """One JSON document."""
    return harmless_json(msgspec.json.format(msgspec.json.encode(report))).decode() + "\n"


def as_csv(report: PayGapReport, language: Language) -> str:
    """A line for each figure of each group; gaps and shares are of one."""
    header = ("year", "level", "group", "occupation", "grade", "category", "women", "men", "others", "figure")
    lines = (
        (report.year, *_about(group, language), figure, told.status, told.value, told.reason)
        for group in report.groups
        for figure, told in _figures(group)
    )
    return spreadsheet.written(((*header, "status", "value", "reason"), *lines))


def _about(group: PayGroup, language: Language) -> tuple[object, ...]:
    called = name(group, WORDS[language])
    of = group.occupation, group.grade, group.category
    return group.level, called, *of, group.women, group.men, group.others


def _figures(group: PayGroup) -> Iterator[tuple[str, Told]]:
    for field in group.__struct_fields__:
        value = getattr(group, field)
        if isinstance(value, Told):
            yield field, value
    yield from ((f"women_in_band_{n}", told) for n, told in enumerate(group.women_in_bands, 1))


def as_text(report: PayGapReport, language: Language) -> str:
    """The table without colours, as a file holds it."""
    file = io.StringIO()
    Console(width=WIDTH, file=file, markup=False, emoji=False).print(as_table(report, language))
    return "".join(f"{line.rstrip()}\n" for line in file.getvalue().splitlines())


def as_table(report: PayGapReport, language: Language) -> Group:
    """A row for each group, and what the words mean."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    first, *rest = columns(language)
    table.add_column(first, overflow="fold")
    for column in rest:
        table.add_column(column, justify="right", overflow="fold")
    for group in report.groups:
        table.add_row(*map(harmless, row(group, language)), style="" if group.level == "category" else "bold")
    title, *more = head(report, language)
    notes = (Text(f"{note}\n", "dim") for note in WORDS[language].notes)
    return Group(Text(title, "bold"), *map(Text, more), table, *notes)


def as_page(report: PayGapReport, language: Language) -> str:
    """A page that a browser shows and prints; it loads nothing from anywhere."""
    title, *more = head(report, language)
    heads = "".join(f"<th scope=col>{escape(column)}</th>" for column in columns(language))
    body = "".join(_page_row(group, language) for group in report.groups)
    notes = "".join(f"<p class=note>{escape(note)}</p>" for note in WORDS[language].notes)
    said = "".join(f"<p>{escape(text)}</p>" for text in more)
    return (
        f'<!doctype html><html lang={language}><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style><h1>{escape(title)}</h1>{said}"
        f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>{notes}</html>\n"
    )


def _page_row(group: PayGroup, language: Language) -> str:
    cells = "".join(f"<td>{escape(harmless(text))}</td>" for text in row(group, language))
    return f"<tr class={group.level}>{cells}</tr>\n"
