"""The rows as a table to read, as JSON, or as CSV to open elsewhere."""

import msgspec
from rich.table import Table

from cli import spreadsheet
from cli.offline.computing.rows import Number, Report
from cli.offline.computing.words import WORDS
from cli.terminal import harmless, harmless_json
from services.metrics.domain.sums.groups import Group
from shared.contracts.catalogue import BY_NAME, Unit
from shared.language.language import Language
from shared.language.numbers import fixed

COLUMNS = ("headcount", "leaver_rate_own_request", "sick_rate", "agency_share", "vacancy_rate", "caseload")
"""What a table shows unless told otherwise: as much as fits a terminal."""

PLACES: dict[Unit, int] = {"sek": 0, "quotient": 2}
"""Decimals of a unit's numbers, where not one."""
PER_CENT: dict[Language, str] = {"sv": "\N{NO-BREAK SPACE}%", "en": "%"}


def as_json(report: Report) -> str:
    """One JSON document."""
    return harmless_json(msgspec.json.encode(report)).decode()


def as_csv(report: Report) -> str:
    """A line for each row and metric."""
    sides = _sides(report)
    header = ("as_of", *sides, "metric", *Number.__struct_fields__)
    lines = (
        (report.as_of, *(getattr(row, side) for side in sides), name, *msgspec.structs.astuple(number))
        for row in report.rows
        for name, number in row.metrics.items()
    )
    return spreadsheet.written((header, *lines))


def as_table(report: Report, columns: tuple[str, ...], language: Language) -> Table:
    """Rows by metric; a number of low reliability is marked with ~."""
    words = WORDS[language]
    table = Table(title=words.title.format(day=report.as_of, days=report.window_days))
    sides = _sides(report)
    for side in sides:
        table.add_column(words.sides[side])
    for metric in map(BY_NAME.__getitem__, columns):
        table.add_column(metric.sv if language == "sv" else metric.en, justify="right")
    for row in report.rows:
        told = (harmless(getattr(row, side)) for side in sides)
        table.add_row(*told, *(shown(name, row.metrics[name], language) for name in columns))
    return table


def summary(report: Report, language: Language) -> str:
    """What became of the events, and what contradicts the rest, if anything does."""
    words = WORDS[language].counts
    lines = [" · ".join(f"{word} {getattr(report.events, part)}" for part, word in words.items())]
    if report.anomalies:
        kinds = " · ".join(f"{kind} {count}" for kind, count in sorted(report.anomalies.items()))
        lines.append(f"{words['anomalies']}: {kinds}")
    return "\n".join(lines)


def _sides(report: Report) -> list[str]:
    """What tells the rows apart."""
    return [side for side in Group._fields if all(getattr(row, side) is not None for row in report.rows)]


def shown(name: str, number: Number, language: Language) -> str:
    """A number as a person reads it."""
    if number.value is None:
        return WORDS[language].marks[number.status]
    text = _written(number.value, BY_NAME[name].unit, language)
    return f"~{text}" if number.status == "low_reliability" else text


def _written(value: float, unit: Unit, language: Language) -> str:
    if unit == "ratio":
        return fixed(100 * value, 1, language) + PER_CENT[language]
    return fixed(value, PLACES.get(unit, 1), language)
