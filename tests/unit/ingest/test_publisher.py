"""What ingest says of Kafka when it is not acknowledged in time."""

import asyncio
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pytest
from aiokafka.errors import KafkaTimeoutError
from prometheus_client import CollectorRegistry

from services.ingest import publisher
from services.ingest.publisher import PART, Publisher, UnconfirmedError
from services.ingest.telemetry import Telemetry
from shared.kit.clock import Clock
from shared.kit.health import Health

NOBODY = "localhost:1"


class Kafka:
    """Acknowledges, is silent, or fails."""

    def __init__(self) -> None:
        self.silent = False
        self.error: Exception | None = None

    async def deliver(self, *_: object) -> Sequence[int]:
        """What is refused: nothing."""
        if self.silent:
            await asyncio.get_running_loop().create_future()
        if self.error:
            raise self.error
        return []


@pytest.fixture
def kafka(monkeypatch: pytest.MonkeyPatch) -> Kafka:
    """What the publisher delivers to."""
    there = Kafka()
    monkeypatch.setattr(publisher, "deliver", there.deliver)
    return there


@pytest.fixture
def health(kafka: Kafka) -> Health:
    """Of one part."""
    return Health(Clock(ZoneInfo("UTC")), PART)


@pytest.fixture
def ingest(health: Health) -> Publisher:
    """Connected."""
    made = Publisher(NOBODY, Telemetry(CollectorRegistry()), health, Clock(ZoneInfo("UTC")))
    made._producer = object()
    return made


async def unconfirmed(ingest: Publisher) -> None:
    """One attempt that is not acknowledged."""
    with pytest.raises(UnconfirmedError):
        await ingest.publish([], "http", 0.01)


async def test_late_within_an_election_ingest_stays_ready(ingest: Publisher, health: Health, kafka: Kafka):
    """It says what is wrong; every other instance would have to wait for the same leader."""
    await ingest.publish([], "http", 60)
    kafka.silent = True
    await unconfirmed(ingest)
    assert [(part.condition, part.problem) for part in health.report()] == [
        ("degraded", "not acknowledged within 0.01 s")
    ]


async def test_late_for_longer_ingest_is_not_ready(
    ingest: Publisher, health: Health, kafka: Kafka, monkeypatch: pytest.MonkeyPatch
):
    """Nothing was acknowledged for longer than an election takes, or ever."""
    kafka.silent = True
    await unconfirmed(ingest)
    assert not health.ready
    kafka.silent = False
    await ingest.publish([], "http", 60)
    monkeypatch.setattr(publisher, "_ELECTION_SECONDS", 0.0)
    kafka.silent = True
    await unconfirmed(ingest)
    assert not health.ready


async def test_error_of_kafka_is_no_election(ingest: Publisher, health: Health, kafka: Kafka):
    """It answered, or the client gave up: not ready, whatever was acknowledged before."""
    await ingest.publish([], "http", 60)
    kafka.error = KafkaTimeoutError()
    await unconfirmed(ingest)
    assert not health.ready
