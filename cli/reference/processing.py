"""What the record of processing says by itself: every event type with its fields, and where a person may be met."""

import re
from collections.abc import Iterator, Mapping

import msgspec

from cli.reference.exposures import EXPOSED, SWEDISH
from services.metrics.domain.coverage.kinds import KIND_OF_TYPE, Kind, needs
from shared.contracts import event_types
from shared.contracts.catalogue import METRICS
from shared.contracts.event_types import RETRACTED
from shared.contracts.events import TYPES
from shared.contracts.subjects import ASSIGNMENT, MEASURE, PERSON, UNIT, VACANCY

PART = re.compile(r"(<!-- av koden: (\w+) -->\n).*?(<!-- slut -->)", re.DOTALL)
"""A part of a page that is written from the code; all else of the page is written by hand."""

WHOM = {
    PERSON: "en anställd, under pseudonym",
    ASSIGNMENT: "en konsult, en ur poolen eller en student, under uppdragets nummer",
    VACANCY: "ingen: en ledig tjänst",
    UNIT: "ingen: en enhet",
    MEASURE: "ingen: en åtgärd i planen",
}
"""Whom an event is about, by the kind of its subject."""


def fields(type_: str) -> list[str]:
    """The fields of a type by their names in JSON."""
    return [field.encode_name for field in msgspec.structs.fields(TYPES[type_][1])]


HEALTH, GUARDED, FREE, SUMS = "**hälsa**", "*skyddsvärd*", "*fri text*", "*summa av svar*"
MARKED: Mapping[str, Mapping[str, str]] = {
    **{type_: dict.fromkeys(fields(type_), HEALTH) for type_ in event_types.ABSENCE},
    event_types.EMPLOYMENT_STARTED: dict.fromkeys(("gender", "born", "monthly_pay", "variable_pay"), GUARDED),
    event_types.EMPLOYMENT_CHANGED: dict.fromkeys(("monthly_pay", "variable_pay"), GUARDED),
    event_types.EMPLOYMENT_ENDED: {"reason": GUARDED},
    event_types.BONUS_PAID: dict.fromkeys(("kind", "amount"), GUARDED),
    event_types.TIME_REPORTED: dict.fromkeys(
        ("worked_hours", "overtime_hours", "documentation_hours", "client_hours"), GUARDED
    ),
    event_types.CASELOAD_REPORTED: dict.fromkeys(("open_cases", "points"), GUARDED),
    event_types.ASSIGNMENT_STARTED: {"hourly_cost": GUARDED},
    event_types.ASSIGNMENT_CHANGED: {"hourly_cost": GUARDED},
    event_types.INCIDENT_REPORTED: dict.fromkeys(("kind", "serious"), GUARDED),
    event_types.PULSE_REPORTED: dict.fromkeys(("answers", "score_sum", "negative"), SUMS),
    event_types.COST_REPORTED: {"personnel_cost": GUARDED},
    event_types.MEASURE_UPDATED: {"note": FREE},
}
"""The fields that ask for more care than that somebody works somewhere, by type."""


def filled(page: str) -> str:
    """A page with its parts as the code says; one that is not known raises KeyError."""
    parts = {"handelser": _events, "utvagar": _exposures}
    return PART.sub(lambda found: "".join((found[1], *parts[found[2]](), found[3])), page)


def _events() -> Iterator[str]:
    yield "\n| händelse | om vem | uppgifter | blir |\n|---|---|---|---|\n"
    for type_, (subject, _) in TYPES.items():
        marked = MARKED.get(type_, {})
        told = ", ".join(f"`{name}`" + (f" {marked[name]}" if name in marked else "") for name in fields(type_))
        yield f"| `{type_}` | {WHOM[subject]} | {told} | {_made(type_)} |\n"
    yield f"| `{RETRACTED}` | den som händelsen var om | inga: säger att en tidigare händelse aldrig hände | |\n\n"


def _made(type_: str) -> str:
    """The metrics that are made of it, if it is one of few that they are made of."""
    if type_ not in KIND_OF_TYPE:
        return "enheternas träd" if type_ in event_types.UNIT else "hur planens åtgärder går"
    kinds = {KIND_OF_TYPE[type_]} | ({Kind.LEAVING} if type_ == event_types.EMPLOYMENT_ENDED else set())
    made = [metric.sv for metric in METRICS if kinds & {need.kind for need in needs(metric.name)}]
    return ", ".join(made) if KIND_OF_TYPE[type_] is not Kind.EMPLOYMENT else _of_employments(type_, made)


def _of_employments(type_: str, made: list[str]) -> str:
    """Nearly all are made of employments: who works where is what the rest is divided by."""
    ended = " Slut och skäl dessutom: de som slutar." if type_ == event_types.EMPLOYMENT_ENDED else ""
    return f"{len(made)} av {len(METRICS)} tal: vilka som arbetar var är det som resten delas med.{ended}"


def _exposures() -> Iterator[str]:
    yield "\n| väg | av vad man kan hittas | för vem | varför |\n|---|---|---|---|\n"
    for one in EXPOSED:
        kinds = ", ".join(words for kind, words in SWEDISH.items() if kind in one.kinds)
        yield f"| `{one.way}` | {kinds} | {one.to} | {one.why} |\n"
    yield "\n"
