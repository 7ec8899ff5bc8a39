"""The topic ``hr.events``: batches as large as the lag, committed in PostgreSQL together with the facts.

PostgreSQL holds the positions (alignment.py); Kafka's are a copy for tools that show lag. A batch is only as good as
its place: its first message must be the next one for its partition, whoever owned the partition meanwhile.
"""

import asyncio
import contextlib
from collections.abc import Mapping
from time import monotonic
from typing import Any

import asyncpg
import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError

from services.metrics.intake import remake
from services.metrics.intake.alignment import Alignment, AnotherLogError, Records
from services.metrics.intake.batch import Written
from services.metrics.intake.bulk import Bulk
from services.metrics.intake.lanes import Lanes
from services.metrics.intake.loading import Loaded
from services.metrics.intake.opening import Opening, keyring
from services.metrics.intake.repository import FencedError
from services.metrics.ledger import rules
from services.metrics.ledger.rules import RulesInForce
from services.metrics.settings import MetricsSettings
from services.metrics.telemetry import Telemetry
from shared.contracts.topics import HR_EVENTS
from shared.kit import reading
from shared.kit.blame import Stop, StoppedError
from shared.kit.broker import stop
from shared.kit.cluster import Renewal, way_to
from shared.kit.database import TRANSIENT, end_hung, expected
from shared.kit.dead_letters import Limits, TooManyError
from shared.kit.health import Health
from shared.kit.leaders import Leaders, leaders
from shared.kit.metadata import describe
from shared.kit.sealing.key_log import KeyLogError
from shared.kit.sealing.keyring import Masters
from shared.kit.sealing.masters import MasterKeyError
from shared.kit.supervisor import Task
from shared.kit.trouble import Trouble, wording
from shared.kit.waiting import within

log = structlog.get_logger()

PART = "hr.events"
POLL_MS = 200
MIRROR_SECONDS = 5.0
ASK_SECONDS = 2.0
ANSWER_SECONDS = 5.0


class Consumer:
    """One member of the consumer group; run more processes for more."""

    def __init__(
        self,
        settings: MetricsSettings,
        pool: asyncpg.Pool,
        telemetry: Telemetry,
        health: Health,
        committed: asyncio.Event,
        masters: Masters,
    ) -> None:
        """Nothing happens until its task is run; ``committed`` is set after each commit.

        ``masters`` are the master keys in force.
        """
        self._settings, self._pool, self._telemetry, self._health = settings, pool, telemetry, health
        self._committed = committed
        limits = Limits(settings.stadga_dead_letters_in_a_row, settings.stadga_dead_letters_a_minute)
        self._topic = settings.tenant.topic(HR_EVENTS).name
        self._alignment = Alignment(pool, telemetry, self._topic)
        self._keys = keyring(settings, masters)
        arrive = Opening(self._keys).arrive
        self._lanes = Lanes(pool, self._alignment, limits, self._written, settings.tenant, arrive)
        self._bulk = Bulk(settings, self._alignment, self._loaded)
        self._stop = Stop(PART, health, telemetry.stopped)
        self._shown: set[TopicPartition] = set()
        self._mirrored = self._asked = monotonic()
        self._answered = self._keyed = True
        self._renewal = Renewal()

    @property
    def task(self) -> Task:
        """Consumes until cancelled; what goes away is waited for."""
        return Task(PART, self._session, PART)

    async def _session(self) -> None:
        """Consume until something fails."""
        reading.tolerate()
        self._alignment.forget()
        await remake.ensure(self._pool, self._show)
        self._telemetry.remade.set(1)
        self._renewal, way = Renewal(), way_to(self._settings.kafka_bootstrap_servers)
        consumer, client = self._consumer(way), AIOKafkaClient(**way, request_timeout_ms=5_000)
        try:
            await client.bootstrap()
            await self._wait_for_the_log(client)
            await consumer.start()
            with leaders(consumer) as known:
                await self._consume(consumer, client, known)
        finally:
            self._show_lag({})
            await self._keys.close()
            await stop(consumer, 10)
            await client.close()

    async def _wait_for_the_log(self, client: AIOKafkaClient) -> None:
        """Until the topic is the log that was read so far, or the positions were realigned to the one that it is."""
        while True:
            found = await describe(client, self._topic)
            try:
                await self._alignment.compare(found)
            except AnotherLogError as error:
                self._health.degraded(PART, str(error))
                await asyncio.sleep(ASK_SECONDS)
            else:
                return

    def _consumer(self, way: Mapping[str, Any]) -> AIOKafkaConsumer:
        return AIOKafkaConsumer(
            self._topic,
            **way,
            group_id=self._settings.tenant.prefixed(self._settings.stadga_group),
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            session_timeout_ms=10_000,
            heartbeat_interval_ms=2_000,
            rebalance_timeout_ms=60_000,
            max_partition_fetch_bytes=1 << 20,
            fetch_max_wait_ms=100,
        )

    async def _consume(self, consumer: AIOKafkaConsumer, client: AIOKafkaClient, known: Leaders) -> None:
        trouble = Trouble(f"a batch of {self._topic}")
        while True:
            try:
                self._stop.check()
                await self._alignment.align(consumer)
                records = await consumer.getmany(timeout_ms=POLL_MS, max_records=self._settings.stadga_batch)
                await self._take(consumer, records)
                mine = {(tp.topic, tp.partition) for tp in consumer.assignment()}
                if await self._answers(consumer, client, known) and not self._stop.holds(mine):
                    self._tell()
                if records:
                    trouble.over()
            except FencedError as error:
                self._telemetry.fenced.inc()
                log.warning("dropped a batch", reason=str(error))
                self._alignment.forget()
            except (StoppedError, TooManyError) as error:
                self._stop.at(error)
                await trouble.pause(wording(error))
                self._alignment.rewind(consumer)
            except (MasterKeyError, KeyLogError) as error:
                self._health.bad(PART, wording(error))
                await trouble.pause(wording(error))
                self._alignment.rewind(consumer)
            except TRANSIENT as error:
                if not expected(error):
                    raise
                self._telemetry.retries.inc()
                self._health.bad(PART, repr(error))
                if isinstance(error, asyncpg.LockNotAvailableError):
                    log.warning("ended sessions that hang", sessions=await end_hung(self._pool))
                await trouble.pause(wording(error))
                self._alignment.rewind(consumer)

    def _show(self, standing: RulesInForce) -> None:
        share = standing.share or 0
        self._telemetry.remade.set(share)
        self._health.bad(PART, f"remaking the ledger by rules {standing.remaking}: {share:.0%} done")

    def _tell(self) -> None:
        if trouble := self._alignment.trouble:
            self._health.degraded(PART, trouble)
        else:
            self._health.ok(PART)

    async def _answers(self, consumer: AIOKafkaConsumer, client: AIOKafkaClient, known: Leaders) -> bool:
        """Whether a broker answered when last asked: while none does, the client polls on and says nothing.

        Raises RulesError once another release has remade the ledger.
        """
        if monotonic() - self._asked >= ASK_SECONDS:
            try:
                await known.learned(self._topic)
                found = await within(describe(client, self._topic), ANSWER_SECONDS)
                await self._alignment.compare(found)
                await within(self._alignment.check(consumer), ANSWER_SECONDS)
                await rules.check(self._pool)
                self._answered = True
            except (KafkaError, TimeoutError) as error:
                self._answered = False
                self._health.bad(PART, repr(error))
                self._renewal.check()
            self._asked = monotonic()
        return self._answered

    async def _take(self, consumer: AIOKafkaConsumer, records: Records) -> None:
        ready = await self._alignment.in_place(consumer, records)
        if ready:
            lag = await self._alignment.lag(consumer, ready)
            self._show_lag(lag)
            if not await self._bulk.load(consumer, lag):
                with self._telemetry.batch_seconds.time():
                    await self._lanes.write(ready)
        await self._mirror(consumer)

    def _loaded(self, loaded: Loaded) -> None:
        """A portion is committed."""
        topic, partition = loaded.span.partition
        self._stop.passed(topic, partition, loaded.span.next - 1)
        self._count(loaded.written)

    def _written(self, records: Records, written: Written) -> None:
        """These messages are committed."""
        self._alignment.moved(records)
        for tp, some in records.items():
            self._stop.passed(tp.topic, tp.partition, some[-1].offset)
        self._count(written)

    def _count(self, written: Written) -> None:
        self._telemetry.count(written.folded, written.duplicates, written.dead, written.facts, written.erased)
        if written.wrong_keys and self._keyed:
            self._keyed = False
            log.error(
                "messages of other keys than their subjects: somebody else writes to the topic", topic=self._topic
            )
        self._telemetry.wrong_keys.inc(written.wrong_keys)
        self._committed.set()

    async def _mirror(self, consumer: AIOKafkaConsumer) -> None:
        """Copy the positions to Kafka for those who watch lag there, and measure it here."""
        lag = await self._alignment.lag(consumer)
        self._show_lag(lag)
        await self._alignment.reach(consumer, lag)
        if monotonic() - self._mirrored < MIRROR_SECONDS:
            return
        self._mirrored = monotonic()
        mine = {tp: self._alignment.next[tp] for tp in consumer.assignment() & self._alignment.next.keys()}
        if not mine:
            return
        with contextlib.suppress(KafkaError, TimeoutError):
            await within(consumer.commit(mine), 5)

    def _show_lag(self, lag: Mapping[TopicPartition, int]) -> None:
        """Of the partitions that are read here and no others: who reads the others shows theirs."""
        for tp in self._shown - lag.keys():
            self._telemetry.lag.remove(tp.topic, tp.partition)
        self._shown = set(lag)
        for tp, waiting in lag.items():
            self._telemetry.lag.labels(tp.topic, tp.partition).set(waiting)
