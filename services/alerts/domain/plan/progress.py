"""How far a measure of a plan has come: every word of it is kept, and one of them holds on a day."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

import msgspec

from shared.contracts.envelope import CloudEvent
from shared.contracts.event_types import MEASURE_UPDATED, RETRACTED
from shared.contracts.events import MeasureStatus, MeasureUpdated
from shared.contracts.subjects import MEASURE_PREFIX

Key = tuple[str, str]
"""An event's source and id."""
Name = tuple[str, str]
"""A plan and one of its measures."""


OVER: frozenset[MeasureStatus] = frozenset({"done", "cancelled", "evaluated"})
"""A measure that is over is not late."""
BEGUN: frozenset[MeasureStatus] = frozenset({"started", "done", "evaluated"})
"""What is said of a measure that is being, or was, carried out."""


class Progress(msgspec.Struct, frozen=True):
    """Where a measure stands, and since when."""

    status: MeasureStatus
    since: date
    note: str | None = None


class Update(msgspec.Struct, frozen=True, kw_only=True):
    """One event about a measure; a retraction, or what is no status of a measure, tells no ``progress``.

    ``key`` is its source and id, ``corrects`` those of the event it replaces.
    """

    key: Key
    plan: str
    measure: str
    recorded: datetime
    corrects: Key | None
    progress: Progress | None


def update(event: CloudEvent) -> Update:
    """The event as it is kept; raises msgspec.ValidationError for another subject, type or data."""
    plan, _, measure = event.subject.removeprefix(MEASURE_PREFIX).partition("/")
    if not (event.subject.startswith(MEASURE_PREFIX) and plan and measure):
        raise msgspec.ValidationError(f'subject "{event.subject}", expected "measure/<plan>/<id>"')
    return Update(
        key=(event.source, event.id),
        plan=plan,
        measure=measure,
        recorded=event.time,
        corrects=(event.source, event.corrects) if event.corrects else None,
        progress=_progress(event),
    )


def _progress(event: CloudEvent) -> Progress | None:
    if event.type == RETRACTED:
        return None
    if event.type != MEASURE_UPDATED:
        raise msgspec.ValidationError(f'type "{event.type}", expected "{MEASURE_UPDATED}"')
    said = msgspec.json.decode(event.data, type=MeasureUpdated)
    return Progress(said.status, said.effective, said.note)


def standings(told: Mapping[Name, Collection[Update]], today: date) -> dict[Name, Progress]:
    """Where each measure stands on a day: its latest status that was not corrected, if it has any by then."""
    found = {name: _latest(updates, today) for name, updates in told.items()}
    return {name: progress for name, progress in found.items() if progress}


def began(updates: Collection[Update], today: date) -> date | None:
    """The first day on which a measure was on its way, as far as a day knows; None of one that is only planned."""
    held = (one.progress for one in _held(updates) if one.progress)
    return min((one.since for one in held if one.status in BEGUN and one.since <= today), default=None)


def beginnings(told: Mapping[Name, Collection[Update]], plan: str, today: date) -> dict[str, date]:
    """When the measures of a plan began, by id, as far as it was told."""
    days = {measure: began(updates, today) for (of, measure), updates in told.items() if of == plan}
    return {measure: day for measure, day in days.items() if day}


def _latest(updates: Collection[Update], today: date) -> Progress | None:
    held = ((one.progress, one) for one in _held(updates) if one.progress and one.progress.since <= today)
    last = max(held, key=lambda pair: (pair[0].since, pair[1].recorded, pair[1].key[1]), default=None)
    return last[0] if last else None


def _held(updates: Collection[Update]) -> Iterable[Update]:
    """Those that nothing corrects; of two that correct the same one, the one recorded later."""
    by: dict[Key, Update] = {}
    for one in sorted(updates, key=lambda one: (one.recorded, one.key[1])):
        if one.corrects:
            by[one.corrects] = one
    return (one for one in updates if one.key not in by and (one.corrects is None or by[one.corrects] == one))
