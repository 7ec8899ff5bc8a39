"""From one message to what is published in its place, or to the reason why not."""

from datetime import datetime

from services.ingest.domain import decoding, faults, naming, plausible, rules
from services.ingest.domain.outcome import Accepted, Incoming, Outcome, Refused
from services.ingest.domain.pseudonym import Pseudonyms
from services.ingest.domain.publication import published
from services.ingest.domain.refusal import RefusalError
from shared.contracts.envelope import CloudEvent
from shared.contracts.event_types import RETRACTED
from shared.contracts.problems import Fault

Permission = faults.Permission
"""Raises RefusalError if the sender may not publish an event."""


def from_anyone(event: CloudEvent) -> None:
    """The permission to publish everything."""


def judge(incoming: Incoming, pseudonym: Pseudonyms, permission: Permission, now: datetime) -> Outcome:
    """Decide on one event that came ``now``; never raises, whatever the bytes."""
    try:
        return _accept(incoming, pseudonym, permission, now)
    except RefusalError as error:
        return refused(incoming, error, faults.of(incoming, permission, now, error))


def _accept(incoming: Incoming, pseudonym: Pseudonyms, permission: Permission, now: datetime) -> Accepted:
    event = decoding.envelope(incoming)
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
