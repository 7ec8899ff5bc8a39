"""Where a single person may be met at all, outside the topic of events: each way out, by what, and why.

All else that leaves is about nobody: ``tests/integration/test_about_nobody.py`` looks for people everywhere, and fails
both where somebody is found whom this does not name and where nobody is found whom it does.
"""

from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What somebody is recognised by; a record is an employment, an absence or an assignment as its source names it."""

    REFERENCE = "reference"
    PSEUDONYM = "pseudonym"
    NAME = "name"
    RECORD = "record"
    EVENT = "event"
    NUMBER = "number"
    DAY = "day"


SWEDISH = {
    Kind.REFERENCE: "beteckning hos källan, också personnummer",
    Kind.PSEUDONYM: "pseudonym",
    Kind.NAME: "namn",
    Kind.RECORD: "nummer på anställning, frånvaro eller uppdrag",
    Kind.EVENT: "händelsens nummer hos källan",
    Kind.NUMBER: "belopp, timmar",
    Kind.DAY: "datum",
}
"""Each as the record of processing says it."""


class Exposure(NamedTuple):
    """A way out, as routes and topics are named with their service before them; by what, to whom and why."""

    way: str
    kinds: frozenset[Kind]
    to: str
    why: str


ANYTHING = frozenset(Kind)
NO_PSEUDONYM = ANYTHING - {Kind.PSEUDONYM}
EXPOSED = (
    Exposure(
        "topic hr.raw",
        NO_PSEUDONYM,
        "Kafkas förvaltare",
        "det som källorna skickar; några timmar efter att det har lästs, oläst sju dagar",
    ),
    Exposure(
        "topic hr.events",
        ANYTHING - {Kind.REFERENCE, Kind.NAME},
        "Kafkas förvaltare",
        "de mottagna händelserna, under pseudonym: av dem räknas allt; där står också vem som har raderats",
    ),
    Exposure(
        "topic hr.keys",
        frozenset({Kind.PSEUDONYM}),
        "Kafkas förvaltare",
        "nycklar till förseglade händelser, inslagna: vems var och en är, borta vid radering; och vem som är raderad",
    ),
    Exposure(
        "topic hr.rejected.originals",
        ANYTHING,
        "Kafkas förvaltare",
        "det som inte togs emot, som det kom, så att källan kan rättas; ett dygn",
    ),
    Exposure(
        "ingest POST /v1/events",
        frozenset({Kind.EVENT, Kind.NAME}),
        "källan själv",
        "svaret säger vilka av dess egna händelser, och vilka fältnamn, som inte stämde",
    ),
    Exposure("ingest POST /v1/events/batch", frozenset({Kind.EVENT, Kind.NAME}), "källan själv", "likadant"),
    Exposure(
        "ingest POST /v1/persons/pseudonym",
        frozenset({Kind.PSEUDONYM}),
        "den som svarar på personers begäran (persons:manage)",
        "pseudonymen för en beteckning, så att ett utdrag eller en radering kan begäras",
    ),
    Exposure(
        "metrics POST /v1/persons/known",
        ANYTHING - {Kind.REFERENCE, Kind.NAME},
        "den som svarar på personers begäran (persons:manage)",
        "utdraget: allt som är känt om en person, under pseudonym",
    ),
    Exposure(
        "metrics GET /v1/anomalies",
        frozenset({Kind.PSEUDONYM, Kind.RECORD, Kind.EVENT}),
        "den som får läsa talen, om sina enheter",
        "vems uppgifter som motsäger varandra, och i vilka händelser: aldrig vad de säger (beslut 45)",
    ),
    Exposure(
        "metrics GET /v1/dead-letters/{topic}/{partition}/{offset}",
        ANYTHING - {Kind.NUMBER, Kind.DAY},
        "den som sköter driften",
        "ett meddelande som tjänsten inte kunde läsa, som det kom, så att felet kan hittas",
    ),
    Exposure(
        "alerts GET /v1/dead-letters/{topic}/{partition}/{offset}",
        frozenset({Kind.REFERENCE, Kind.NAME, Kind.EVENT}),
        "den som sköter driften",
        "likadant",
    ),
)
"""Every way out by which anybody can be found; who may ask a route is in docs/access.md."""
