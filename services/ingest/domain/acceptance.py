"""From one message to what is published in its place, or to the reason why not."""

from collections.abc import Callable
from datetime import datetime

from services.ingest.domain import decoding, naming, plausible, rules
from services.ingest.domain.outcome import Accepted, Incoming, Outcome, Refused
from services.ingest.domain.pseudonym import Pseudonyms
from services.ingest.domain.publication import published
from services.ingest.domain.refusal import RefusalError
from shared.contracts.envelope import CloudEvent
from shared.contracts.event_types import RETRACTED

Permission = Callable[[CloudEvent], None]
"""Raises RefusalError if the sender may not publish an event."""


def from_anyone(event: CloudEvent) -> None:
    """The permission to publish everything."""


def judge(incoming: Incoming, pseudonym: Pseudonyms, permission: Permission, now: datetime) -> Outcome:
    """Decide on one event that came ``now``; never raises, whatever the bytes."""
    try:
        return _accept(incoming, pseudonym, permission, now)
    except RefusalError as error:
        return refused(incoming, error)


def _accept(incoming: Incoming, pseudonym: Pseudonyms, permission: Permission, now: datetime) -> Accepted:
    event = decoding.envelope(incoming)
    permission(event)
    rules.check_type(event)
    rules.check_time(event.time, now)
    rules.check_delivery(event)
    rules.check_subject(event)
    naming.check_envelope(event)
    decoding.check_attributes(incoming)
    if event.type == RETRACTED:
        rules.check_retraction(event)
        return published(event, None, 0, pseudonym)
    data = decoding.data(event)
    rules.check_dates(data)
    rules.check_lifetime(data, event.time.date())
    plausible.check(data)
    naming.check_data(data)
    return published(event, data, decoding.unknown_fields(event), pseudonym)


def refused(incoming: Incoming, error: RefusalError) -> Refused:
    """The refusal of a message, with as much of its identity as can be read."""
    identity, source = decoding.identity(incoming)
    return Refused(
        reason=error.reason,
        path=error.path,
        message=error.message,
        original=incoming.body or b"",
        id=identity,
        source=source,
        attributes=incoming.attributes,
    )
