"""The rows as a table to read, as JSON, or as CSV to open elsewhere."""

import msgspec
from rich.table import Table

from cli import spreadsheet
from cli.offline.computing.rows import Number, Report
from cli.terminal import harmless, harmless_json
from services.metrics.domain.sums.groups import Group
from shared.contracts.catalogue import BY_NAME, Unit

COLUMNS = ("headcount", "leaver_rate_own_request", "sick_rate", "agency_share", "vacancy_rate", "caseload")
"""What a table shows unless told otherwise: as much as fits a terminal."""

FORMATS: dict[Unit, str] = {"ratio": ".1%", "sek": ",.0f", "quotient": ".2f"}
"""How numbers of a unit are written, where not with one decimal."""

MARKS = {"suppressed": "hidden", "not_applicable": "–", "incomplete": "incomplete", "not_reported": "not reported"}


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


def as_table(report: Report, columns: tuple[str, ...]) -> Table:
    """Rows by metric; a number of low reliability is marked with ~."""
    table = Table(title=f"{report.as_of}, window {report.window_days} days")
    sides = _sides(report)
    for side in sides:
        table.add_column(side)
    for name in columns:
        table.add_column(BY_NAME[name].en, justify="right")
    for row in report.rows:
        told = (harmless(getattr(row, side)) for side in sides)
        table.add_row(*told, *(shown(name, row.metrics[name]) for name in columns))
    return table


def _sides(report: Report) -> list[str]:
    """What tells the rows apart."""
    return [side for side in Group._fields if all(getattr(row, side) is not None for row in report.rows)]


def shown(name: str, number: Number) -> str:
    """A number as a person reads it."""
    if number.value is None:
        return MARKS[number.status]
    text = format(number.value, FORMATS.get(BY_NAME[name].unit, ",.1f"))
    return f"~{text}" if number.status == "low_reliability" else text
