"""To Kafka: accepted events on ``hr.events``, refusals on ``hr.rejected``; done means acknowledged.

The producer is not idempotent: a repeat is recognised by id and source, and without sequence numbers no fault of the
broker can leave the producer unusable. Order within a subject is kept, one batch per partition being under way.
"""

import asyncio
import contextlib
from collections.abc import Sequence

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError, NoBrokersAvailable

from services.ingest.delivery import Addressed, Blame, blame, deliver
from services.ingest.domain import rejection
from services.ingest.domain.outcome import Accepted, Outcome, Refused
from services.ingest.domain.rejection import KEPT, Channel, KafkaRecord
from services.ingest.pace import in_turns
from services.ingest.sealing import Sealing, Seals
from services.ingest.telemetry import Telemetry
from shared.contracts.envelope import STRUCTURED
from shared.contracts.tenants import ALONE, Tenant
from shared.contracts.topics import HR_EVENTS, HR_KEYS, HR_REJECTED
from shared.kit import packing
from shared.kit.broker import problem, stop
from shared.kit.clock import Clock
from shared.kit.cluster import Renewal, way_to
from shared.kit.health import Health
from shared.kit.sealing.key_log import KeyLogError
from shared.kit.sealing.keyring import Masters, unsealed
from shared.kit.sealing.masters import MasterKeyError
from shared.kit.supervisor import Task
from shared.kit.trouble import PassingError, wording
from shared.kit.waiting import within

log = structlog.get_logger()

PART = "kafka"
_KEPT = (KEPT, KEPT // 8, 0)
"""Bytes kept of an original, less and less until the broker takes the record."""
_CHECK_SECONDS = 2.0
_STRUCTURED = [("content-type", STRUCTURED.encode())]


class UnconfirmedError(PassingError):
    """Kafka did not acknowledge everything in time; some of it may be there, and publishing it again is harmless."""


class BrokenError(PassingError):
    """The producer may not be used again."""


class Publisher:
    """One producer for all channels, replaced when it breaks."""

    def __init__(
        self,
        servers: str,
        telemetry: Telemetry,
        health: Health,
        clock: Clock,
        tenant: Tenant = ALONE,
        masters: Masters = unsealed,
    ) -> None:
        """Connects when its task is run; the topics are those of ``tenant``.

        With ``masters``, the master keys in force, what tells of persons is sealed.
        """
        self._keys = tenant.topic(HR_KEYS)
        self._sealing = Sealing(servers, self._keys.name, masters)
        self._tenant = tenant
        self._events, self._rejected = tenant.topic(HR_EVENTS), tenant.topic(HR_REJECTED)
        self._servers = servers
        self._telemetry = telemetry
        self._health = health
        self._clock = clock
        self._producer: AIOKafkaProducer | None = None
        self._broken = asyncio.Event()

    async def publish(self, outcomes: Sequence[Outcome], channel: Channel, seconds: float) -> list[Outcome]:
        """Publish and count; what became of each event: one that no broker takes is refused.

        Raises UnconfirmedError if not all of it is acknowledged within ``seconds``.
        """
        try:
            async with asyncio.timeout(seconds):
                became = await self._settled(outcomes, channel)
        except TimeoutError:
            raise self._unconfirmed(f"not acknowledged within {seconds:g} s", channel) from None
        except KafkaError as error:
            raise self._unconfirmed(repr(error), channel) from error
        except (MasterKeyError, KeyLogError) as error:
            raise self._unconfirmed(wording(error), channel) from error
        self._telemetry.count(became, channel)
        return became

    def _unconfirmed(self, reason: str, channel: Channel) -> UnconfirmedError:
        self._telemetry.unconfirmed.labels(channel).inc()
        self._health.bad(PART, reason)
        return UnconfirmedError(reason)

    async def _settled(self, outcomes: Sequence[Outcome], channel: Channel) -> list[Outcome]:
        """Until each is there: as it is; if it is too large as a refusal with less, and then with nothing, of it."""
        became, left = list(outcomes), list(range(len(outcomes)))
        for keep in _KEPT:
            left = [left[i] for i in await self._refused([became[i] for i in left], channel, keep)]
            if not left:
                return became
            log.warning("messages are too large for Kafka", messages=len(left))
            for i in left:
                became[i] = _too_large(became[i])
        raise MessageSizeTooLargeError(f"{self._rejected.name} takes no record of a refusal")

    def _record(self, outcome: Outcome, channel: Channel, keep: int, seals: Seals) -> Addressed:
        if isinstance(outcome, Accepted):
            return Addressed(self._events.name, KafkaRecord(outcome.key, seals.body(outcome), _STRUCTURED))
        kept = rejection.record(outcome, self._clock.now(), channel, keep, self._tenant)
        return Addressed(self._rejected.name, kept)

    async def _refused(self, outcomes: Sequence[Outcome], channel: Channel, keep: int) -> list[int]:
        """Those that Kafka will never take; the others are there."""
        producer = self._producer
        if producer is None:
            raise NoBrokersAvailable("no broker has answered yet")
        try:
            seals = await self._sealing.ready(producer, outcomes)
            records = await in_turns(outcomes, lambda outcome: self._record(outcome, channel, keep, seals))
            refused = await deliver(producer, records)
        except KafkaError as error:
            if blame(error) is Blame.PRODUCER and producer is self._producer:
                self._broken.set()
            raise
        self._telemetry.erased.labels(channel).inc(seals.emptied(outcomes))
        return refused

    @property
    def task(self) -> Task:
        """Keeps a producer, from when Kafka first answers until the end; then lets what is under way finish."""
        return Task(PART, self._session, PART)

    async def _session(self) -> None:
        """Keep a producer until it breaks."""
        renewal, producer = Renewal(), self._new()
        try:
            await producer.start()
            self._producer = producer
            await self._watch(producer, renewal)
        finally:
            self._producer = None
            await self._sealing.close()
            await stop(producer, 10)

    def _new(self) -> AIOKafkaProducer:
        return AIOKafkaProducer(
            **way_to(self._servers),
            client_id="stadga-ingest",
            acks="all",
            max_batch_size=262_144,
            compression_type=packing.codec(),
            request_timeout_ms=20_000,
        )

    async def _watch(self, producer: AIOKafkaProducer, renewal: Renewal) -> None:
        self._broken.clear()
        while not self._broken.is_set():
            if found := await self._problem(producer):
                self._health.bad(PART, found)
                renewal.check()
            else:
                self._health.ok(PART)
            with contextlib.suppress(TimeoutError):
                await within(self._broken.wait(), _CHECK_SECONDS)
        raise BrokenError("the producer broke and is replaced")

    async def _problem(self, producer: AIOKafkaProducer) -> str | None:
        if not self._sealing.seals:
            return await problem(producer, self._events, self._rejected)
        if found := await problem(producer, self._events, self._rejected, self._keys):
            return found
        try:
            await self._sealing.heal(producer)
        except (KafkaError, MasterKeyError, KeyLogError) as error:
            return wording(error)
        return None


def _too_large(outcome: Outcome) -> Refused:
    """The refusal of an event that no broker takes; what would have been published stands for the original."""
    if isinstance(outcome, Refused):
        return outcome
    original = outcome.body
    message = f"Kafka takes no message of {len(original)} bytes"
    return Refused(reason="too_large", path="$", message=message, original=original)
