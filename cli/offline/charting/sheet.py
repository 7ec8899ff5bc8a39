"""A chart ready to be handed over: as JSON, or as a PNG."""

from datetime import date

import msgspec

from cli.offline.charting import months
from cli.offline.charting.document import Document, document
from cli.offline.charting.months import MonthlySeries
from cli.offline.charting.question import ChartError
from cli.offline.charting.words import Text, text
from cli.terminal import harmless_json
from shared.language.language import Language


class ChartSheet(msgspec.Struct, frozen=True):
    """The chart, and what it says in words of ``language``."""

    language: Language
    chart: Document
    text: Text


def sheet(series: MonthlySeries, plan_starts: list[date], language: Language) -> ChartSheet:
    """The chart of a series; raises ChartError if there is nothing to show, or a plan starts outside of it."""
    if not any(value.value is not None for value in series.values):
        raise ChartError(_nothing(series))
    chart = document(series, months.starts(series.months, plan_starts))
    return ChartSheet(language, chart, text(chart, language))


def as_json(sheet: ChartSheet) -> bytes:
    """Everything that the picture shows."""
    return harmless_json(msgspec.json.format(msgspec.json.encode(sheet), indent=2)) + b"\n"


def as_png(sheet: ChartSheet) -> bytes:
    """The picture."""
    from cli.offline.charting.picture import png  # noqa: PLC0415

    return png(sheet.chart, sheet.text, sheet.language)


WHY = {"suppressed": "all are hidden", "not_reported": "no source reports what it is made of"}
"""What it is that all months have."""


def _nothing(series: MonthlySeries) -> str:
    first, last = months.name(series.months[0]), months.name(series.months[-1])
    return f"no month from {first} to {last} has a value of {series.metric.name} for {series.unit_name}: {_why(series)}"


def _why(series: MonthlySeries) -> str:
    if series.known_from:
        return f"what it is made of is known from {series.known_from} on"
    one, *others = {value.status for value in series.values}
    return "there is nothing to measure" if others else WHY.get(one, "there is nothing to measure")
