"""From one message to what is published in its place, or to the reason why not."""

from datetime import datetime

from msgspec.structs import replace

from services.ingest.domain import decoding, faults, naming, plausible, rules
from services.ingest.domain.outcome import Accepted, Incoming, Outcome, Refused
from services.ingest.domain.pseudonym import Pseudonyms
from services.ingest.domain.publication import published
from services.ingest.domain.refusal import RefusalError
from shared.contracts.envelope import CloudEvent
from shared.contracts.event_types import RETRACTED
from shared.contracts.problems import Fault
from shared.contracts.tenants import ALONE, Tenant

_ANOTHER = "this door is of another tenant than the event says it is of"
Permission = faults.Permission
"""Raises RefusalError if the sender may not publish an event."""


def from_anyone(event: CloudEvent) -> None:
    """The permission to publish everything."""


def judge(
    incoming: Incoming, pseudonym: Pseudonyms, permission: Permission, now: datetime, tenant: Tenant | None = ALONE
) -> Outcome:
    """Decide on one event that came ``now`` to the door of ``tenant``; never raises, whatever the bytes.

    Without a door (None), as of a file, an event may be of whichever tenant.
    """
    try:
        return _accept(incoming, pseudonym, permission, now, tenant)
    except RefusalError as error:
        if tenant is not None and is_of_another(incoming, tenant):
            return of_another()
        return refused(incoming, error, faults.of(incoming, permission, now, error))


def _accept(
    incoming: Incoming, pseudonym: Pseudonyms, permission: Permission, now: datetime, tenant: Tenant | None
) -> Accepted:
    event = decoding.envelope(incoming)
    if tenant is not None:
        event = _owned(event, tenant)
    permission(event)
    rules.check_type(event)
    rules.check_time(event.time, now)
    rules.check_delivery(event)
    rules.check_subject(event)
    naming.check_envelope(event)
    attributes = decoding.check_attributes(incoming)
    if event.type == RETRACTED:
        rules.check_retraction(event)
        return Accepted(published(event, None, pseudonym), (), attributes)
    data = decoding.data(event)
    rules.check_dates(data)
    rules.check_lifetime(data, event.time.date())
    plausible.check(data)
    naming.check_data(data)
    unknown = decoding.unknown_fields(event)
    return Accepted(published(event, data, pseudonym), unknown, attributes)


def _owned(event: CloudEvent, tenant: Tenant) -> CloudEvent:
    """The event with whose it is; raises RefusalError for one of another tenant."""
    if not tenant.takes(event.tenant):
        raise RefusalError("other_tenant", "$.tenant", _ANOTHER)
    return event if tenant.owns(event.tenant) else replace(event, tenant=tenant.extension)


def is_of_another(incoming: Incoming, tenant: Tenant) -> bool:
    """Whether a message, which may be anything, says that it is another tenant's."""
    return not tenant.takes(decoding.tenant(incoming))


def of_another() -> Refused:
    """The refusal of a message of another tenant, of which nothing is kept or said here."""
    return Refused(reason="other_tenant", path="$.tenant", message=_ANOTHER, original=b"")


def refused(incoming: Incoming, error: RefusalError, every: tuple[Fault, ...] = ()) -> Refused:
    """The refusal of a message, with as much of its identity as can be read; ``every`` are all its faults."""
    identity, source = decoding.identity(incoming)
    return Refused(
        reason=error.reason,
        path=error.path,
        message=error.message,
        original=incoming.body or b"",
        id=identity,
        source=source,
        attributes=incoming.attributes,
        faults=every,
    )
