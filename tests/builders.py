"""Events for tests: one call makes one valid event, and any field of it can be given.

Ids are a digest of what the event says and times follow from its first date, so the same call always makes the same
event. Give ``id`` to make two events that say the same thing, ``time`` to say when it was recorded.
"""

import hashlib
from typing import Any

import msgspec

Event = dict[str, Any]

SOURCE = "hr-system"
MORNING = "T08:00:00Z"
EPOCH = "2024-01-01"


def event(type: str, subject: str, data: dict[str, object] | None = None, **envelope: object) -> Event:  # noqa: A002 -- the attribute's own name
    """A CloudEvent as a dictionary; ``envelope`` adds or overrides attributes, and one given as None is left out."""
    made: Event = {"specversion": "1.0", "source": SOURCE, "type": type, "subject": subject, "time": _recorded(data)}
    if data is not None:
        made["data"] = data
    made |= envelope
    return {"id": _digest(made), **{name: value for name, value in made.items() if value is not None}}


def _recorded(data: dict[str, object] | None) -> str:
    days = data or {}
    return f"{days.get('effective') or days.get('last_day') or days.get('from') or EPOCH}{MORNING}"


def _digest(made: Event) -> str:
    return hashlib.sha256(msgspec.json.encode(made, order="deterministic")).hexdigest()[:32]


def encoded(made: Event) -> bytes:
    """Structured-mode JSON of one event."""
    return msgspec.json.encode(made)


def batch(events: list[Event]) -> bytes:
    """The JSON array of ``application/cloudevents-batch+json``."""
    return msgspec.json.encode(events)


def lines(events: list[Event]) -> bytes:
    """JSON lines, one event each."""
    return b"".join(encoded(made) + b"\n" for made in events)


def _split(fields: dict[str, object]) -> tuple[dict[str, object], dict[str, object]]:
    """Data fields and envelope attributes: the latter are known by name."""
    names = {"id", "source", "time", "corrects", "specversion", "datacontenttype"}
    names |= {"delivery", "deliverycount", "knownfrom"}
    return (
        {k: v for k, v in fields.items() if k not in names},
        {k: v for k, v in fields.items() if k in names},
    )


def _event(type_: str, subject: str, fields: dict[str, object]) -> Event:
    data, envelope = _split(fields)
    return event(type_, subject, data, **envelope)


def employment_started(
    person: str, effective: str, unit: str = "u1", occupation: str = "socialsekreterare", **fields: object
) -> Event:
    """The person is employed in ``unit`` from ``effective`` on."""
    data = {"effective": effective, "unit": unit, "occupation": occupation, **fields}
    return _event("hr.employment.started.v1", f"person/{person}", data)


def employment_changed(person: str, effective: str, **fields: object) -> Event:
    """The given attributes hold from ``effective`` on."""
    return _event("hr.employment.changed.v1", f"person/{person}", {"effective": effective, **fields})


def employment_ended(person: str, last_day: str, reason: str = "own_request", **fields: object) -> Event:
    """The person's last day."""
    return _event("hr.employment.ended.v1", f"person/{person}", {"last_day": last_day, "reason": reason, **fields})


def absence_started(person: str, absence: str, effective: str, kind: str = "sick", **fields: object) -> Event:
    """The person is absent from ``effective`` on."""
    data = {"absence": absence, "effective": effective, "kind": kind, **fields}
    return _event("hr.absence.started.v1", f"person/{person}", data)


def absence_changed(person: str, absence: str, effective: str, extent: float, **fields: object) -> Event:
    """The absence has another extent from ``effective`` on."""
    data = {"absence": absence, "effective": effective, "extent": extent, **fields}
    return _event("hr.absence.changed.v1", f"person/{person}", data)


def absence_ended(person: str, absence: str, last_day: str, **fields: object) -> Event:
    """The absence's last day."""
    return _event("hr.absence.ended.v1", f"person/{person}", {"absence": absence, "last_day": last_day, **fields})


def caseload_reported(person: str, effective: str, open_cases: int, **fields: object) -> Event:
    """The person's open cases that day."""
    data = {"effective": effective, "open_cases": open_cases, **fields}
    return _event("hr.caseload.reported.v1", f"person/{person}", data)


def time_reported(person: str, first: str, last: str, worked_hours: float, **fields: object) -> Event:
    """The person's hours over the days ``first``–``last``."""
    data = {"from": first, "to": last, "worked_hours": worked_hours, **fields}
    return _event("hr.time.reported.v1", f"person/{person}", data)


def milestone_reached(person: str, milestone: str, effective: str, **fields: object) -> Event:
    """Something the plan promises was done that day."""
    data = {"milestone": milestone, "effective": effective, **fields}
    return _event("hr.milestone.reached.v1", f"person/{person}", data)


def bonus_paid(person: str, effective: str, kind: str = "referral", amount: float = 15_000, **fields: object) -> Event:
    """An amount beside the monthly pay was paid that day."""
    data = {"kind": kind, "effective": effective, "amount": amount, **fields}
    return _event("hr.bonus.paid.v1", f"person/{person}", data)


def assignment_started(
    assignment: str, effective: str, unit: str = "u1", occupation: str = "socialsekreterare", **fields: object
) -> Event:
    """A consultant begins in ``unit``."""
    data = {"effective": effective, "unit": unit, "occupation": occupation, "fte": 1, **fields}
    return _event("hr.assignment.started.v1", f"assignment/{assignment}", data)


def assignment_changed(assignment: str, effective: str, **fields: object) -> Event:
    """The given attributes hold from ``effective`` on."""
    return _event("hr.assignment.changed.v1", f"assignment/{assignment}", {"effective": effective, **fields})


def assignment_ended(assignment: str, last_day: str, outcome: str = "finished", **fields: object) -> Event:
    """The assignment's last day."""
    data = {"last_day": last_day, "outcome": outcome, **fields}
    return _event("hr.assignment.ended.v1", f"assignment/{assignment}", data)


def vacancy_opened(
    vacancy: str, effective: str, unit: str = "u1", occupation: str = "socialsekreterare", **fields: object
) -> Event:
    """A post is vacant from ``effective`` on."""
    data = {"effective": effective, "unit": unit, "occupation": occupation, "fte": 1, "form": "permanent", **fields}
    return _event("hr.vacancy.opened.v1", f"vacancy/{vacancy}", data)


def vacancy_closed(vacancy: str, effective: str, outcome: str = "filled", **fields: object) -> Event:
    """The first day the post is no longer vacant."""
    data = {"effective": effective, "outcome": outcome, **fields}
    return _event("hr.vacancy.closed.v1", f"vacancy/{vacancy}", data)


def unit_defined(unit: str, effective: str = "2020-01-01", level: str = "unit", **fields: object) -> Event:
    """Names a unit and places it in the tree."""
    data = {"effective": effective, "name": unit.capitalize(), "level": level, **fields}
    return _event("hr.unit.defined.v1", f"unit/{unit}", data)


def unit_closed(unit: str, last_day: str, **fields: object) -> Event:
    """The unit's last day."""
    return _event("hr.unit.closed.v1", f"unit/{unit}", {"last_day": last_day, **fields})


def incident_reported(unit: str, effective: str, kind: str = "threat", **fields: object) -> Event:
    """An incident in the unit."""
    return _event("hr.incident.reported.v1", f"unit/{unit}", {"effective": effective, "kind": kind, **fields})


def measure_updated(plan: str, measure: str, effective: str, status: str = "started", **fields: object) -> Event:
    """The status of a measure of an action plan."""
    data = {"effective": effective, "status": status, **fields}
    return _event("plan.measure.updated.v1", f"measure/{plan}/{measure}", data)


def retracted(earlier: Event, **envelope: object) -> Event:
    """The earlier event never happened."""
    return event("hr.event.retracted.v1", earlier["subject"], corrects=earlier["id"], **envelope)


def corrected(earlier: Event, **fields: object) -> Event:
    """Replaces the earlier event as a whole: the same data but for the fields given."""
    data, envelope = _split(fields)
    return event(earlier["type"], earlier["subject"], earlier["data"] | data, **{"corrects": earlier["id"]} | envelope)
