"""Messages of ``hr.events``: read, or refused with a reason that is the message's own fault.

Ingest lets nothing else through, but others may write to the topic. What is checked here is what folding relies on.
"""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

import msgspec

from services.metrics.domain.facts.entry import ReadEntry, entry_of
from services.metrics.domain.facts.reported import Reported, reported
from shared.contracts import envelope, sealed
from shared.contracts.dead_letters import OTHER_TENANT, Reason
from shared.contracts.envelope import CloudEvent
from shared.contracts.erased import READ
from shared.contracts.event_types import RETRACTED
from shared.contracts.events import AbsenceStarted, CostReported, Data, TimeReported
from shared.contracts.names import RESERVED
from shared.contracts.sealed import Sealed
from shared.contracts.subjects import MEASURE_PREFIX, SUBJECT_KINDS, UNIT
from shared.contracts.tenants import ALONE, Tenant

YEARS = range(1900, 2201)
NOT_OURS = "the event does not say that it is of this tenant"
REPORT_DAYS = 366
ABSENCE_DAYS = 50 * 366
NAMES = ("unit", "parent", "successor", "occupation")
"""The fields of data that name a part of the product."""

_DATES = {
    name: [field.name for field in msgspec.structs.fields(kind) if field.type in {date, date | None}]
    for name, (_, kind) in READ.items()
}


Unseal = Callable[[Sealed], CloudEvent | None]
"""The event that was sealed; None if its key is destroyed. Raises UnreadableError."""


class ErasedError(Exception):
    """A message whose key is destroyed: nobody can read it any more, and nobody is to."""


class UnreadableError(Exception):
    """A message that cannot be taken in; the text says what is wrong and where, and may quote it."""

    def __init__(self, reason: Reason, message: str) -> None:
        """The reason and the sentence."""
        super().__init__(message)
        self.reason = reason


class Arrival(NamedTuple):
    """An event, the record it belongs to, and what it says of its source."""

    subject: str
    told: ReadEntry
    reported: list[tuple[Reported, int]]


def without_keys(_: Sealed) -> CloudEvent | None:
    """For whoever has no keys; raises UnreadableError."""
    raise UnreadableError("not_unsealed", "the event is sealed")


def read(value: bytes | None, tenant: Tenant = ALONE, unseal: Unseal = without_keys) -> Arrival | None:
    """The event of a message; None if it is of another service.

    Raises UnreadableError, for another tenant's too, and ErasedError.
    """
    if not value:
        raise UnreadableError("empty_message", "the message has no value")
    try:
        event = _event(value, tenant, unseal)
        if event.subject.startswith(MEASURE_PREFIX):
            return None
        _check_subject(event)
        told = entry_of(event)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        if not tenant.takes(envelope.whose(value)):
            raise UnreadableError(OTHER_TENANT, NOT_OURS) from None
        is_json = isinstance(error, msgspec.ValidationError)
        raise UnreadableError("wrong_type" if is_json else "not_json", str(error)) from None
    _check_names(event, told.data)
    if told.data is not None:
        _check_dates(event.type, told.data)
        _check_length(told.data)
    return Arrival(event.subject, told, reported(event, told.data))


def _event(value: bytes, tenant: Tenant, unseal: Unseal) -> CloudEvent:
    """The event as it was before it was sealed, if it was."""
    found = sealed.decode(value) if sealed.is_sealed(value) else envelope.decode(value)
    if not tenant.owns(found.tenant):
        raise UnreadableError(OTHER_TENANT, NOT_OURS)
    event = unseal(found) if isinstance(found, Sealed) else found
    if event is None:
        raise ErasedError
    return event


def _check_subject(event: CloudEvent) -> None:
    """A subject of the kind that the type is about."""
    if event.type != RETRACTED and event.type not in READ:
        raise UnreadableError("unknown_type", f"no type is called {event.type}")
    kind, _, ref = event.subject.partition("/")
    expected = SUBJECT_KINDS if event.type == RETRACTED else (READ[event.type][0],)
    if kind not in expected or not ref:
        raise UnreadableError("wrong_type", f"$.subject: {event.type} needs {' or '.join(expected)}/…")


def _check_names(event: CloudEvent, data: Data | None) -> None:
    """No part of a cell is named as a whole is: no table could be made of it."""
    kind, _, ref = event.subject.partition("/")
    if kind == UNIT and ref in RESERVED:
        raise UnreadableError("wrong_type", "$.subject: the unit has a reserved word as its name")
    for name in NAMES:
        if getattr(data, name, None) in RESERVED:
            raise UnreadableError("wrong_type", f"$.data.{name}: is a reserved word")


def _check_dates(type_: str, data: Data) -> None:
    """Days that can be counted with, and no period that ends before it begins."""
    for name in _DATES[type_]:
        day: date | None = getattr(data, name)
        if day is not None and day.year not in YEARS:
            raise UnreadableError("wrong_type", f"$.data.{name}: {day} is outside 1900–2200")
    first, last = getattr(data, "first", None), getattr(data, "last", None)
    if first and last and last < first:
        raise UnreadableError("wrong_type", f"$.data.to: {last} is before {first}")


def _check_length(data: Data) -> None:
    """No report of more than a year, which many overtime years would hang on, and no absence longer than a career."""
    match data:
        case TimeReported() | CostReported() if (data.last - data.first).days >= REPORT_DAYS:
            raise UnreadableError("wrong_type", f"$.data.to: a report of more than {REPORT_DAYS} days")
        case AbsenceStarted(last_day=date() as last) if (last - data.effective).days > ABSENCE_DAYS:
            raise UnreadableError("wrong_type", "$.data.last_day: an absence of more than 50 years")
