"""What is known of a person, and erasing it: asked of the services by the pseudonym that ingest makes."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime

import msgspec
from rich.table import Table

from cli.connect.service import AskingError, At, at
from cli.terminal import harmless, harmless_json
from shared.contracts.erasings import (
    Counted,
    Erasing,
    Erasings,
    Known,
    KnownEvent,
    OfPerson,
    Pseudonym,
    Reference,
    ToErase,
)
from shared.language.language import Language

SECONDS, LOOK_SECONDS = 300.0, 1.0
"""How long it is waited until an erasing is done, and between looks."""

Words = dict[Language, str]
TYPES: dict[str, tuple[str, str]] = {
    "hr.employment.started.v1": ("anställning börjar", "employment starts"),
    "hr.employment.changed.v1": ("anställning ändras", "employment changes"),
    "hr.employment.ended.v1": ("anställning slutar", "employment ends"),
    "hr.absence.started.v1": ("frånvaro börjar", "absence starts"),
    "hr.absence.changed.v1": ("frånvaro ändras", "absence changes"),
    "hr.absence.ended.v1": ("frånvaro slutar", "absence ends"),
    "hr.milestone.reached.v1": ("introduktion och uppföljning", "introduction and follow-up"),
    "hr.bonus.paid.v1": ("tillägg utbetalas", "bonus is paid"),
    "hr.time.reported.v1": ("tid rapporteras", "time is reported"),
    "hr.caseload.reported.v1": ("ärenden rapporteras", "cases are reported"),
    "hr.event.retracted.v1": ("uppgift tas tillbaka", "event is retracted"),
}
EVENTS: dict[Language, tuple[str, ...]] = {
    "sv": ("registrerad", "vad", "uppgifter", "källsystem: id"),
    "en": ("recorded", "what", "it says", "source: id"),
}
COUNTED: dict[Language, tuple[str, ...]] = {
    "sv": ("dag", "mått", "enhet", "yrke", "kön", "ålder", "ändring"),
    "en": ("day", "measure", "unit", "occupation", "gender", "age", "change"),
}
NOTHING: Words = {"sv": "Inget är känt om personen.", "en": "Nothing is known of the person."}
ERASED: Words = {"sv": "Det som var känt före {} är raderat.", "en": "What was known before {} is erased."}
TRIMMED: dict[str, tuple[str, str]] = {
    "absence": ("frånvaro", "absences"),
    "bonus": ("tillägg", "bonuses"),
    "caseload": ("ärenden", "cases"),
    "milestone": ("introduktion och uppföljning", "introduction and follow-up"),
    "time": ("tid", "time"),
}
UNTIL: Words = {"sv": "Gallrat: {} till och med {}.", "en": "Trimmed: {} up to {}."}
GONE: Words = {"sv": "gäller inte längre; innehållet är borta", "en": "holds no longer; what it said is gone"}
TITLES: dict[Language, tuple[str, str]] = {
    "sv": ("Händelser", "Vad de räknas till (från dagen, eller på den)"),
    "en": ("Events", "What they count to (from the day on, or on it)"),
}
ASIDE: Words = {"sv": "Lagda åt sidan (stadga dead-letters show): {}", "en": "Put aside (stadga dead-letters show): {}"}
WRONG: Words = {"sv": "Motsägelser: {}", "en": "Contradictions: {}"}
WHO: Words = {
    "sv": "Vem som har frågat vad tjänsten metrics vet om någon står i dess åtkomstlogg (GET /v1/access-log), utan"
    " vem frågan gällde.",
    "en": "Who asked what the metrics service knows of anybody is in its access log (GET /v1/access-log), without"
    " whom it was about.",
}


class Services:
    """Ingest, which makes the pseudonym, and metrics, which knows what it is called by."""

    def __init__(self, ingest: str | None, metrics: str | None) -> None:
        """At addresses; where they run here, without."""
        self._ingest, self._metrics = at("ingest", ingest), at("metrics", metrics)

    def pseudonym(self, ref: str) -> str:
        """What a person is called behind ingest; the reference goes no further. Raises AskingError."""
        return self._ingest.post("/v1/persons/pseudonym", Reference(ref), Pseudonym).pseudonym

    def known(self, person: str) -> Known:
        """What is known of a person; raises AskingError."""
        return self._metrics.post("/v1/persons/known", OfPerson(person), Known)

    def erase(self, person: str, why: str) -> Erasing:
        """Erase a person; raises AskingError."""
        return self._metrics.post("/v1/persons/erasings", ToErase([person], why), Erasing)

    def done(self, show: Callable[[int], None]) -> None:
        """Wait until all erasings are done; ``show`` is told how many are not. Raises AskingError."""
        until = time.monotonic() + SECONDS
        while open_ := [one for one in _erasings(self._metrics) if one.done is None]:
            show(len(open_))
            if time.monotonic() > until:
                raise AskingError(
                    f"{len(open_)} radering är inte klar än; den fortsätter av sig själv, kör om kommandot för att se",
                    f"{len(open_)} erasing is not done yet; it goes on by itself, run the command again to see",
                )
            time.sleep(LOOK_SECONDS)


def _erasings(metrics: At) -> list[Erasing]:
    return metrics.call(lambda http: http.get("/v1/persons/erasings"), Erasings).erasings


def is_nothing(found: Known) -> bool:
    """Whether there is nothing to erase."""
    return not (found.events or found.put_aside)


def as_json(found: Known) -> bytes:
    """As JSON."""
    return harmless_json(msgspec.json.format(msgspec.json.encode(found), indent=2))


def told(found: Known, language: Language) -> Iterator[Table | str]:
    """What is known, to read."""
    if found.erased:
        yield ERASED[language].format(_moment(found.erased))
    for family, day in found.trimmed.items():
        yield UNTIL[language].format(TRIMMED[family][language == "en"], day)
    if is_nothing(found):
        yield NOTHING[language]
        return
    events, counted = TITLES[language]
    yield _table(events, EVENTS[language], (_event(one, language) for one in found.events))
    yield _table(counted, COUNTED[language], map(_count, found.counted))
    if found.anomalies:
        yield WRONG[language].format(", ".join(f"{kind} {count}" for kind, count in sorted(found.anomalies.items())))
    if found.put_aside:
        yield ASIDE[language].format(", ".join(map(str, found.put_aside)))
    yield WHO[language]


def _count(one: Counted) -> tuple[str, ...]:
    return one.day.isoformat(), one.measure, one.unit, one.occupation, one.gender, one.age, f"{one.change:+g}"


def _event(one: KnownEvent, language: Language) -> tuple[str, ...]:
    words = TYPES.get(one.type, (one.type, one.type))
    said = ", ".join(f"{name}: {value}" for name, value in (one.data or {}).items()) if one.holds else GONE[language]
    return _moment(one.recorded), words[language == "en"], said, f"{one.source}: {one.id}"


def _moment(at_: datetime) -> str:
    return f"{at_:%Y-%m-%d %H:%M} UTC"


def _table(title: str, headings: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Table:
    made = Table(title=title)
    for heading in headings:
        made.add_column(heading, overflow="fold")
    for row in rows:
        made.add_row(*map(harmless, row))
    return made
