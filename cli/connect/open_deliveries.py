"""Deliveries that are not whole, as a table in the reader's language and as JSON."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from rich.table import Table

from cli.connect.service import ask
from cli.terminal import harmless, harmless_json
from shared.contracts.deliveries import OpenDeliveries, OpenDelivery
from shared.contracts.metrics import ALL
from shared.language.language import Language

HEADINGS: dict[Language, tuple[str, ...]] = {
    "sv": ("källsystem", "leverans", "händelser", "av", "sedan", "hålls till", "enheter"),
    "en": ("source", "delivery", "events", "of", "since", "held until", "units"),
}
ONE: dict[Language, str] = {"sv": "1 leverans är inte fullständig", "en": "1 delivery is not whole"}
MANY: dict[Language, str] = {"sv": "{} leveranser är inte fullständiga", "en": "{} deliveries are not whole"}
GIVEN_UP: dict[Language, str] = {"sv": "inväntas inte längre", "en": "waited for no longer"}
UNKNOWN: dict[Language, str] = {"sv": "okänt", "en": "unknown"}
EVERY: dict[Language, str] = {"sv": "alla", "en": "all"}
FURTHER: dict[Language, str] = {"sv": "och {} till", "en": "and {} more"}
NAMED = 5
"""Units of a delivery that are named in a table."""


def found(url: str | None) -> list[OpenDelivery]:
    """Those of the service at an address, or of the one that runs here; raises AskingError."""
    return ask("/v1/deliveries", {}, OpenDeliveries, url).deliveries


def table(found: Sequence[OpenDelivery], language: Language) -> Table:
    """A line for each."""
    made = Table(title=ONE[language] if len(found) == 1 else MANY[language].format(len(found)))
    for heading in HEADINGS[language]:
        made.add_column(heading, overflow="fold")
    for one in found:
        size = UNKNOWN[language] if one.of is None else str(one.of)
        until = GIVEN_UP[language] if one.given_up else _moment(one.held_until)
        cells = one.source, one.id, str(one.arrived), size, _moment(one.since), until, _units(one.units, language)
        made.add_row(*map(harmless, cells))
    return made


def as_json(found: Sequence[OpenDelivery]) -> bytes:
    """The same as JSON."""
    return harmless_json(msgspec.json.format(msgspec.json.encode(found), indent=2))


def _units(units: Sequence[str], language: Language) -> str:
    if ALL in units:
        return EVERY[language]
    named = ", ".join(units[:NAMED])
    return f"{named} {FURTHER[language].format(len(units) - NAMED)}" if len(units) > NAMED else named


def _moment(at: datetime) -> str:
    return at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
