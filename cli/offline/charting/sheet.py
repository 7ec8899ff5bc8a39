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
        raise ChartError(_nothing(series, "sv"), _nothing(series, "en"))
    chart = document(series, months.starts(series.months, plan_starts))
    return ChartSheet(language, chart, text(chart, language))


def as_json(sheet: ChartSheet) -> bytes:
    """Everything that the picture shows."""
    return harmless_json(msgspec.json.format(msgspec.json.encode(sheet), indent=2)) + b"\n"


def as_png(sheet: ChartSheet) -> bytes:
    """The picture."""
    from cli.offline.charting.picture import png  # noqa: PLC0415

    return png(sheet.chart, sheet.text, sheet.language)


WHY: dict[Language, dict[str, str]] = {
    "sv": {
        "suppressed": "alla är dolda",
        "not_reported": "ingen källa berättar det som det görs av",
        "": "det finns inget att mäta",
        "known": "det som det görs av är känt från och med {}",
        "nothing": "ingen månad från {} till {} har ett värde av {} för {}: {}",
    },
    "en": {
        "suppressed": "all are hidden",
        "not_reported": "no source reports what it is made of",
        "": "there is nothing to measure",
        "known": "what it is made of is known from {} on",
        "nothing": "no month from {} to {} has a value of {} for {}: {}",
    },
}
"""What it is that all months have, by the status of their values."""


def _nothing(series: MonthlySeries, language: Language) -> str:
    span = months.name(series.months[0]), months.name(series.months[-1])
    return WHY[language]["nothing"].format(*span, series.metric.name, series.unit_name, _why(series, WHY[language]))


def _why(series: MonthlySeries, words: dict[str, str]) -> str:
    if series.known_from:
        return words["known"].format(series.known_from)
    one, *others = {value.status for value in series.values}
    return words[""] if others else words.get(one, words[""])
