"""To Kafka: accepted events on ``hr.events``, refusals on ``hr.rejected``; done means acknowledged.

The producer is not idempotent: a repeat is recognised by id and source, and without sequence numbers no fault of the
broker can leave the producer unusable. Order within a subject is kept, one batch per partition being under way.
"""

import asyncio
import contextlib
import time
from collections.abc import Sequence
from functools import lru_cache

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.partitioner import murmur2

from services.ingest.domain import rejection
from services.ingest.domain.outcome import Accepted, Outcome
from services.ingest.domain.rejection import Channel, Record
from services.ingest.telemetry import Telemetry
from shared.contracts.envelope import STRUCTURED
from shared.contracts.topics import HR_EVENTS, HR_REJECTED
from shared.kit.broker import problem
from shared.kit.clock import Clock
from shared.kit.health import Health
from shared.kit.supervisor import Task
from shared.kit.trouble import PassingError

PART = "kafka"
_CHECK_SECONDS = 2.0
_STRUCTURED = [("content-type", STRUCTURED.encode())]


class UnconfirmedError(PassingError):
    """Kafka did not acknowledge everything in time; some of it may be there, and publishing it again is harmless."""


class BrokenError(PassingError):
    """The producer refused a message, and may not be used again."""


class Publisher:
    """One producer for all channels, replaced when it breaks."""

    def __init__(self, servers: str, telemetry: Telemetry, health: Health, clock: Clock) -> None:
        """Connects when ``running`` is entered."""
        self._servers = servers.split(",")
        self._telemetry = telemetry
        self._health = health
        self._clock = clock
        self._producer: AIOKafkaProducer | None = None
        self._broken = asyncio.Event()

    async def publish(self, outcomes: list[Outcome], channel: Channel, seconds: float) -> None:
        """Publish and count; raises UnconfirmedError if not all of it is acknowledged within ``seconds``."""
        try:
            await self._send([self._record(outcome, channel) for outcome in outcomes], seconds)
        except UnconfirmedError as error:
            self._telemetry.unconfirmed.labels(channel).inc()
            self._health.bad(PART, str(error))
            raise
        self._telemetry.count(outcomes, channel)

    def _record(self, outcome: Outcome, channel: Channel) -> tuple[str, Record]:
        if isinstance(outcome, Accepted):
            return HR_EVENTS.name, Record(outcome.key, outcome.body, _STRUCTURED)
        return HR_REJECTED.name, rejection.record(outcome, self._clock.now(), channel)

    async def _send(self, records: Sequence[tuple[str, Record]], seconds: float) -> None:
        if self._producer is None:
            raise UnconfirmedError("no broker has answered yet")
        deadline = time.monotonic() + seconds
        try:
            async with asyncio.timeout(seconds):
                waiting = await _handed_over(self._producer, records)
        except TimeoutError:
            raise UnconfirmedError(f"not taken within {seconds:g} s") from None
        except KafkaError as error:
            self._broken.set()
            raise UnconfirmedError(repr(error)) from error
        await _acknowledged(waiting, deadline)

    @property
    def task(self) -> Task:
        """Keeps a producer, from when Kafka first answers until the end; then lets what is under way finish."""
        return Task(PART, self._session, PART)

    async def _session(self) -> None:
        """Keep a producer until it breaks."""
        producer = self._new()
        try:
            await producer.start()
            self._producer = producer
            await self._watch(producer)
        finally:
            self._producer = None
            await _stop(producer)

    def _new(self) -> AIOKafkaProducer:
        return AIOKafkaProducer(
            bootstrap_servers=self._servers,
            client_id="stadga-ingest",
            acks="all",
            max_batch_size=262_144,
            compression_type="lz4",
            request_timeout_ms=20_000,
        )

    async def _watch(self, producer: AIOKafkaProducer) -> None:
        self._broken.clear()
        while not self._broken.is_set():
            if found := await problem(producer, HR_EVENTS, HR_REJECTED):
                self._health.bad(PART, found)
            else:
                self._health.ok(PART)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._broken.wait(), _CHECK_SECONDS)
        raise BrokenError("the producer broke and is replaced")


async def _handed_over(
    producer: AIOKafkaProducer, records: Sequence[tuple[str, Record]]
) -> list[asyncio.Future[object]]:
    sizes = {topic: len(await producer.partitions_for(topic)) for topic in {topic for topic, _ in records}}
    return [
        await producer.send(topic, r.value, r.key, _partition(r.key, sizes[topic]), headers=r.headers)
        for topic, r in records
    ]


async def _acknowledged(waiting: list[asyncio.Future[object]], deadline: float) -> None:
    if not waiting:
        return
    done, late = await asyncio.wait(waiting, timeout=max(0.0, deadline - time.monotonic()))
    failed = [future.exception() for future in done if future.exception()]
    for future in late:
        future.add_done_callback(lambda f: f.exception())
    if failed or late:
        raise UnconfirmedError(repr(failed[0]) if failed else f"{len(late)} messages are not acknowledged in time")


async def _stop(producer: AIOKafkaProducer) -> None:
    """Stopping waits for what is under way; a broker that is gone must not hold it up."""
    with contextlib.suppress(TimeoutError, KafkaError):
        await asyncio.wait_for(producer.stop(), 10)


@lru_cache(65_536)
def _partition(key: bytes, partitions: int) -> int:
    """The Java client's placement of a key; remembered, since this hash in Python costs more than all else here."""
    return int(murmur2(key) & 0x7FFFFFFF) % partitions
