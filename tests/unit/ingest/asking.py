"""The HTTP side of ingest without a broker: what would be published is kept instead."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from zoneinfo import ZoneInfo

from litestar import Litestar
from litestar.testing import AsyncTestClient
from prometheus_client import CollectorRegistry

from services.ingest.api.receiver import Receiver
from services.ingest.api.route import route
from services.ingest.domain import rejection
from services.ingest.domain.access import Grant, grant
from services.ingest.domain.memory import Memory
from services.ingest.domain.outcome import Outcome, Refused
from services.ingest.domain.pseudonym import Pseudonyms
from services.ingest.domain.rejection import Channel
from services.ingest.telemetry import Telemetry
from shared.access.tokens import Keyring, Token, sha256
from shared.kit.clock import Clock
from shared.kit.health import Health
from shared.kit.server import application, process_metrics
from tests.unit.ingest.deciding import pseudonym

CLOCK = Clock(ZoneInfo("UTC"))
RING = Keyring([Token(sha256("local"), "local", source="*"), Token(sha256("another"), "another", source="other")])


def granted(token: str) -> Grant | None:
    """What a token may publish."""
    held = RING.held(token)
    return grant(held) if held else None


class Kept:
    """In the place of the publisher: takes everything at once, and makes the record of each refusal."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.outcomes: list[Outcome] = []

    async def publish(self, outcomes: Sequence[Outcome], channel: Channel, _seconds: float) -> list[Outcome]:
        """As the publisher does."""
        for outcome in outcomes:
            if isinstance(outcome, Refused):
                rejection.record(outcome, CLOCK.now(), channel)
        self.outcomes += outcomes
        return list(outcomes)


def receiver(kept: Kept, pseudonyms: Pseudonyms = pseudonym) -> Receiver:
    """What answers requests."""
    return Receiver(granted, pseudonyms, kept, Telemetry(CollectorRegistry()), 10, CLOCK, Memory())  # type: ignore[arg-type]  # stands for the publisher


@asynccontextmanager
async def client(kept: Kept) -> AsyncIterator[AsyncTestClient[Litestar]]:
    """A client of the whole application."""
    registry = CollectorRegistry()
    telemetry, health = Telemetry(registry), Health(CLOCK)
    answering = Receiver(granted, pseudonym, kept, telemetry, 10, CLOCK, Memory())  # type: ignore[arg-type]  # as above
    app = application("ingest", [route(answering, telemetry)], health, registry, process_metrics(registry))
    async with AsyncTestClient(app, raise_server_exceptions=False) as asking:
        yield asking
