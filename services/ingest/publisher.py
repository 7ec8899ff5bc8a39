"""To Kafka: accepted events on ``hr.events``, refusals on ``hr.rejected``, and as they came on another for a day.

Done means acknowledged.

The producer is not idempotent: a repeat is recognised by id and source, and without sequence numbers no fault of the
broker can leave the producer unusable. Order within a subject is kept, one batch per partition being under way.
"""

import asyncio
import contextlib
import math
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial

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
from shared.contracts.topics import HR_EVENTS, HR_KEYS, HR_ORIGINALS, HR_REJECTED
from shared.kit import packing
from shared.kit.broker import stop
from shared.kit.clock import Clock
from shared.kit.cluster import Renewal, way_to
from shared.kit.health import Health
from shared.kit.leaders import Leaders, leaders
from shared.kit.sealing.key_log import KeyLogError
from shared.kit.sealing.keyring import Masters, unsealed
from shared.kit.sealing.masters import MasterKeyError
from shared.kit.supervisor import Task
from shared.kit.trouble import PassingError, wording
from shared.kit.waiting import within

log = structlog.get_logger()

PART = "kafka"
_KEPT = (KEPT, KEPT // 8)
"""Bytes kept of an original: less where the broker does not take the record, and then nothing."""
_CHECK_SECONDS = 2.0
_ELECTION_SECONDS = 30.0
"""So long some of the partitions may have no leader, though Kafka works: a broker that fell silent is given up by the
others after 9 s where nothing else is set, and we hear of it with the next check."""
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
        self._originals = tenant.topic(HR_ORIGINALS)
        self._servers = servers
        self._telemetry = telemetry
        self._health = health
        self._clock = clock
        self._confirmed = -math.inf
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
            raise self._late(f"not acknowledged within {seconds:g} s", channel) from None
        except KafkaError as error:
            raise self._wrong(repr(error), channel) from error
        except (MasterKeyError, KeyLogError) as error:
            raise self._wrong(wording(error), channel) from error
        self._confirmed = time.monotonic()
        self._telemetry.count(became, channel)
        return became

    def _late(self, reason: str, channel: Channel) -> UnconfirmedError:
        """Other instances would have to wait for the same leader: shorter than an election, we stay ready."""
        if time.monotonic() - self._confirmed < _ELECTION_SECONDS:
            self._health.degraded(PART, reason)
            return self._unconfirmed(reason, channel)
        return self._wrong(reason, channel)

    def _wrong(self, reason: str, channel: Channel) -> UnconfirmedError:
        self._health.bad(PART, reason)
        return self._unconfirmed(reason, channel)

    def _unconfirmed(self, reason: str, channel: Channel) -> UnconfirmedError:
        self._telemetry.unconfirmed.labels(channel).inc()
        return UnconfirmedError(reason)

    async def _settled(self, outcomes: Sequence[Outcome], channel: Channel) -> list[Outcome]:
        """Until each is there: as it is; if it is too large as a refusal."""
        became, at = list(outcomes), self._clock.now()
        if left := await self._untaken(became, channel, at):
            log.warning("messages are too large for Kafka", messages=len(left))
            for i in left:
                became[i] = _too_large(became[i])
            if await self._untaken([became[i] for i in left], channel, at):
                raise MessageSizeTooLargeError(f"{self._rejected.name} takes no record of a refusal")
        await self._keep([one for one in became if isinstance(one, Refused)], channel, at)
        return became

    async def _keep(self, refused: Sequence[Refused], channel: Channel, at: datetime) -> None:
        """As much of each original as the broker takes."""
        for keep in _KEPT:
            if not refused:
                return
            record = partial(rejection.original, received=at, channel=channel, keep=keep, tenant=self._tenant)
            made = zip(refused, await in_turns(refused, record), strict=True)
            said = [(one, Addressed(self._originals.name, kept)) for one, kept in made if kept]
            with self._blamed() as producer:
                refused = [said[i][0] for i in await deliver(producer, [addressed for _, addressed in said])]
        if refused:
            log.warning("originals are too large for Kafka, and not kept", messages=len(refused))

    async def _untaken(self, outcomes: Sequence[Outcome], channel: Channel, at: datetime) -> list[int]:
        """Those that Kafka will never take; the others are there."""
        with self._blamed() as producer:
            seals = await self._sealing.ready(producer, outcomes)
            records = await in_turns(outcomes, lambda one: self._record(one, channel, at, seals))
            refused = await deliver(producer, records)
        self._telemetry.erased.labels(channel).inc(seals.emptied(outcomes))
        return refused

    def _record(self, outcome: Outcome, channel: Channel, at: datetime, seals: Seals) -> Addressed:
        if isinstance(outcome, Accepted):
            return Addressed(self._events.name, KafkaRecord(outcome.key, seals.body(outcome), _STRUCTURED))
        return Addressed(self._rejected.name, rejection.record(outcome, at, channel, self._tenant))

    @contextlib.contextmanager
    def _blamed(self) -> Iterator[AIOKafkaProducer]:
        """The producer, which is replaced where an error was its fault."""
        producer = self._producer
        if producer is None:
            raise NoBrokersAvailable("no broker has answered yet")
        try:
            yield producer
        except KafkaError as error:
            if blame(error) is Blame.PRODUCER and producer is self._producer:
                self._broken.set()
            raise

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
            with leaders(producer) as known:
                await self._watch(producer, known, renewal)
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

    async def _watch(self, producer: AIOKafkaProducer, known: Leaders, renewal: Renewal) -> None:
        self._broken.clear()
        while not self._broken.is_set():
            if found := await self._problem(producer, known):
                self._health.bad(PART, found)
                renewal.check()
            else:
                self._health.ok(PART)
            with contextlib.suppress(TimeoutError):
                await within(self._broken.wait(), _CHECK_SECONDS)
        raise BrokenError("the producer broke and is replaced")

    async def _problem(self, producer: AIOKafkaProducer, known: Leaders) -> str | None:
        topics = self._events.name, self._rejected.name, self._originals.name
        if not self._sealing.seals:
            return await known.problem(*topics)
        if found := await known.problem(*topics, self._keys.name):
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
