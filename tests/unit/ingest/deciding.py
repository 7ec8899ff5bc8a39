"""One event decided on, as the tests of acceptance ask for it."""

from datetime import UTC, datetime

from services.ingest.domain.acceptance import judge
from services.ingest.domain.outcome import Accepted, Incoming, Outcome, Refused
from services.ingest.domain.pseudonym import pseudonyms
from shared.contracts import envelope
from shared.contracts.envelope import CloudEvent
from tests.builders import Event, encoded

NOW = datetime(2201, 1, 1, tzinfo=UTC)
"""After all that may be recorded."""
pseudonym = pseudonyms(b"0123456789abcdef", "kommun")


def decided(event: Event | bytes | None) -> Outcome:
    """The outcome of a structured-mode message from a sender who may publish anything."""
    body = encoded(event) if isinstance(event, dict) else event
    return judge(Incoming(body), pseudonym, lambda _: True, NOW)


def accepted(event: Event) -> CloudEvent:
    """The event as published; fails if it is refused."""
    outcome = decided(event)
    assert isinstance(outcome, Accepted), outcome
    return envelope.decode(outcome.body)


def refusal(event: Event | bytes | None) -> tuple[str, str]:
    """Reason and path; fails if the event is accepted."""
    outcome = decided(event)
    assert isinstance(outcome, Refused), outcome
    return outcome.reason, outcome.path
