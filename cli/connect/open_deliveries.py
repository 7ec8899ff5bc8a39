"""Deliveries that are not whole, as a table in the reader's language and as JSON."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from rich.table import Table

from cli.connect.service import ask
from cli.terminal import harmless, harmless_json
from shared.contracts.deliveries import OpenDeliveries, OpenDelivery
from shared.language.language import Language

HEADINGS: dict[Language, tuple[str, ...]] = {
    "sv": ("källsystem", "leverans", "händelser", "av", "sedan", "hålls till"),
    "en": ("source", "delivery", "events", "of", "since", "held until"),
}
TITLES: dict[Language, str] = {"sv": "{} leveranser är inte fullständiga", "en": "{} deliveries are not whole"}
GIVEN_UP: dict[Language, str] = {"sv": "inväntas inte längre", "en": "waited for no longer"}
UNKNOWN: dict[Language, str] = {"sv": "okänt", "en": "unknown"}


def found(url: str | None) -> list[OpenDelivery]:
    """Those of the service at an address, or of the one that runs here; raises AskingError."""
    return ask("/v1/deliveries", {}, OpenDeliveries, url).deliveries


def table(found: Sequence[OpenDelivery], language: Language) -> Table:
    """A line for each."""
    made = Table(title=TITLES[language].format(len(found)))
    for heading in HEADINGS[language]:
        made.add_column(heading, overflow="fold")
    for one in found:
        size = UNKNOWN[language] if one.of is None else str(one.of)
        until = GIVEN_UP[language] if one.given_up else _moment(one.held_until)
        cells = one.source, one.id, str(one.arrived), size, _moment(one.since), until
        made.add_row(*map(harmless, cells))
    return made


def as_json(found: Sequence[OpenDelivery]) -> bytes:
    """The same as JSON."""
    return harmless_json(msgspec.json.format(msgspec.json.encode(found), indent=2))


def _moment(at: datetime) -> str:
    return at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
