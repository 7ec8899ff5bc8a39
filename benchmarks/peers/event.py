"""What the job needs of an event, in plain Python, and which events hold.

Written for a peer, and by the contract alone (docs/events.md): nothing of Stadga's own is imported. Days are ordinals.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

STARTED, CHANGED, ENDED = (f"hr.employment.{what}.v1" for what in ("started", "changed", "ended"))
ABSENT, LESS_ABSENT, BACK = (f"hr.absence.{what}.v1" for what in ("started", "changed", "ended"))
CASELOAD, HOURS = "hr.caseload.reported.v1", "hr.time.reported.v1"
JOB, ABSENCES = frozenset({STARTED, CHANGED, ENDED}), frozenset({ABSENT, LESS_ABSENT, BACK})
OVERRIDING = ("unit", "form", "fte", "extent")
"""What a change may replace."""
KEPT = (
    *OVERRIDING,
    *("effective", "last_day", "employment", "absence", "kind", "from", "to"),
    *("worked_hours", "overtime_hours", "open_cases", "points"),
)
DATES = frozenset({"effective", "last_day", "from", "to"})


class Event(NamedTuple):
    """What the job needs of an event; ``corrects`` is the key of another, ``type`` is empty if it only corrects."""

    at: int
    id: str
    key: str
    type: str
    corrects: str | None
    data: dict[str, Any]


Events = Mapping[str, Event]
"""By their keys."""


def read(message: Mapping[str, Any]) -> Event | None:
    """The event of a message; None if the job has no use for it."""
    type_ = message["type"] if message["type"] in JOB | ABSENCES | {CASELOAD, HOURS} else ""
    corrects = message.get("corrects")
    if not message["subject"].startswith("person/") or not (type_ or corrects):
        return None
    told = message.get("data", {}) if type_ else {}
    data = {name: _value(name, told[name]) for name in KEPT if told.get(name) is not None}
    source, at = message["source"], datetime.fromisoformat(message["time"]).astimezone(UTC)
    micro = int(at.replace(microsecond=0).timestamp()) * 1_000_000 + at.microsecond
    return Event(micro, message["id"], _key(source, message["id"]), type_, corrects and _key(source, corrects), data)


def _key(source: str, id_: str) -> str:
    return f"{len(source)}:{source}:{id_}"


def _value(name: str, value: Any) -> Any:  # noqa: ANN401  (as JSON has it)
    return date.fromisoformat(value).toordinal() if name in DATES else value


def holding(events: Events) -> Events:
    """The events that hold: neither corrected nor outdone by a later correction of the same."""
    best: dict[str, Event] = {}
    for event in events.values():
        if event.corrects and event > best.get(event.corrects, event[:0]):
            best[event.corrects] = event
    return {
        key: event
        for key, event in events.items()
        if event.type and key not in best and (not event.corrects or best[event.corrects] is event)
    }
