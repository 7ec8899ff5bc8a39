"""The topic ``hr.events``: batches as large as the lag, committed in PostgreSQL together with the facts.

PostgreSQL holds the positions; Kafka's are a copy for tools that show lag. A batch is only as good as its place:
its first message must be the next one for its partition, whoever owned the partition meanwhile.
"""

import asyncio
import contextlib
from collections.abc import Callable

import asyncpg
import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import IllegalStateError, KafkaError

from services.metrics import remake, repository
from services.metrics.batch import Written
from services.metrics.lanes import Lanes, Records
from services.metrics.repository import FencedError
from services.metrics.rules import Standing
from services.metrics.settings import MetricsSettings
from services.metrics.telemetry import OUTCOMES, Telemetry
from shared.contracts.topics import HR_EVENTS
from shared.kit.blame import Stop, StoppedError
from shared.kit.clock import Clock
from shared.kit.database import TRANSIENT, end_hung, expected
from shared.kit.dead_letters import Limits, TooManyError
from shared.kit.health import Health
from shared.kit.supervisor import Task
from shared.kit.trouble import Trouble, told

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
        clock: Clock,
    ) -> None:
        """Nothing happens until its task is run; ``committed`` is called after each commit."""
        self._settings, self._pool, self._telemetry, self._health = settings, pool, telemetry, health
        self._clock = clock
        self.committed: Callable[[], None] = lambda: None
        limits = Limits(settings.stadga_dead_letters_in_a_row, settings.stadga_dead_letters_a_minute)
        self._lanes = Lanes(pool, limits, self._written)
        self._stop = Stop(PART, health, telemetry.stopped)
        self._next: dict[TopicPartition, int] = {}
        self._sought: set[TopicPartition] = set()
        self._lag: dict[TopicPartition, int] | None = None
        self._mirrored = self._asked = clock.now()
        self._answered = True

    def behind(self) -> bool:
        """Whether more than a batch waits to be folded; so it may be before the first look."""
        return self._lag is None or sum(self._lag.values()) > self._settings.stadga_batch

    @property
    def task(self) -> Task:
        """Consumes until cancelled; what goes away is waited for."""
        return Task(PART, self._session, PART)

    async def _session(self) -> None:
        """Consume until something fails."""
        self._forget()
        await remake.ensure(self._pool, self._show)
        self._telemetry.remade.set(1)
        consumer = self._consumer()
        try:
            await consumer.start()
            await self._consume(consumer)
        finally:
            with contextlib.suppress(KafkaError, TimeoutError):
                await asyncio.wait_for(consumer.stop(), 10)

    def _consumer(self) -> AIOKafkaConsumer:
        return AIOKafkaConsumer(
            HR_EVENTS.name,
            bootstrap_servers=self._settings.kafka_bootstrap_servers.split(","),
            group_id=self._settings.stadga_group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=10_000,
            heartbeat_interval_ms=2_000,
            rebalance_timeout_ms=60_000,
            max_partition_fetch_bytes=1 << 20,
            fetch_max_wait_ms=100,
        )

    async def _consume(self, consumer: AIOKafkaConsumer) -> None:
        trouble = Trouble(f"a batch of {HR_EVENTS.name}")
        while True:
            try:
                self._stop.check()
                await self._align(consumer)
                records = await consumer.getmany(timeout_ms=POLL_MS, max_records=self._settings.stadga_batch)
                await self._take(consumer, records)
                if await self._answers(consumer):
                    self._health.ok(PART)
                    self._stop.over()
                if records:
                    trouble.over()
            except FencedError as error:
                self._telemetry.fenced.inc()
                log.warning("dropped a batch", reason=str(error))
                self._forget()
            except (StoppedError, TooManyError) as error:
                self._stop.at(error)
                await trouble.pause(told(error))
                self._rewind(consumer)
            except TRANSIENT as error:
                if not expected(error):
                    raise
                self._telemetry.retries.inc()
                self._health.bad(PART, repr(error))
                if isinstance(error, asyncpg.LockNotAvailableError):
                    log.warning("ended sessions that hang", sessions=await end_hung(self._pool))
                await trouble.pause(told(error))
                self._rewind(consumer)

    def _show(self, standing: Standing) -> None:
        share = standing.share or 0
        self._telemetry.remade.set(share)
        self._health.bad(PART, f"remaking the ledger by rules {standing.remaking}: {share:.0%} done")

    async def _answers(self, consumer: AIOKafkaConsumer) -> bool:
        """Whether a broker answered when last asked: while none does, the client polls on and says nothing."""
        if (self._clock.now() - self._asked).total_seconds() >= ASK_SECONDS:
            try:
                await asyncio.wait_for(consumer.topics(), ANSWER_SECONDS)
                self._answered = True
            except (KafkaError, TimeoutError) as error:
                self._answered = False
                self._health.bad(PART, repr(error))
            self._asked = self._clock.now()
        return self._answered

    async def _take(self, consumer: AIOKafkaConsumer, records: Records) -> None:
        ready = self._in_place(consumer, records)
        if ready:
            with self._telemetry.batch_seconds.time():
                await self._lanes.write(ready)
        await self._mirror(consumer)

    def _written(self, records: Records, written: Written) -> None:
        """These messages are committed."""
        self._next.update((tp, some[-1].offset + 1) for tp, some in records.items())
        for outcome, count in zip(OUTCOMES, written, strict=False):
            self._telemetry.events.labels(outcome).inc(count)
        self._telemetry.facts.inc(written.facts)
        self.committed()

    async def _align(self, consumer: AIOKafkaConsumer) -> None:
        """Read each partition from where PostgreSQL is, wherever Kafka's copy and the client are.

        They are ahead of it after a restore, and after a batch was dropped; no message may come to tell.
        """
        mine = consumer.assignment()
        self._next = {tp: offset for tp, offset in self._next.items() if tp in mine}
        if unknown := mine - self._next.keys():
            known = await repository.positions(self._pool, [(tp.topic, tp.partition) for tp in unknown])
            for tp in unknown:
                self._next[tp] = known[tp.topic, tp.partition]
                _seek(consumer, tp, self._next[tp])

    def _in_place(self, consumer: AIOKafkaConsumer, records: Records) -> Records:
        """The partitions whose messages continue where PostgreSQL is; the others are sent back there."""
        known = {tp: some for tp, some in records.items() if tp in self._next}
        return {tp: some for tp, some in known.items() if self._continues(consumer, tp, some[0].offset)}

    def _continues(self, consumer: AIOKafkaConsumer, tp: TopicPartition, offset: int) -> bool:
        expected = self._next[tp]
        if offset == expected:
            self._sought.discard(tp)
            return True
        if offset > expected and tp in self._sought:
            self._telemetry.gaps.inc()
            log.error("Kafka no longer has all messages", partition=tp.partition, expected=expected, first=offset)
            self._sought.discard(tp)
            return True
        self._sought.add(tp)
        _seek(consumer, tp, expected)
        return False

    def _forget(self) -> None:
        """Ask PostgreSQL anew where every partition is."""
        self._next.clear()
        self._sought.clear()

    def _rewind(self, consumer: AIOKafkaConsumer) -> None:
        """Read again what could not be written."""
        for tp in consumer.assignment() & self._next.keys():
            _seek(consumer, tp, self._next[tp])

    async def _mirror(self, consumer: AIOKafkaConsumer) -> None:
        """Copy the positions to Kafka for those who watch lag there, and measure it here."""
        self._lag = {
            tp: max(0, end - self._next[tp])
            for tp in consumer.assignment() & self._next.keys()
            if (end := consumer.highwater(tp)) is not None
        }
        for tp, lag in self._lag.items():
            self._telemetry.lag.labels(tp.topic, tp.partition).set(lag)
        if (self._clock.now() - self._mirrored).total_seconds() < MIRROR_SECONDS:
            return
        self._mirrored = self._clock.now()
        mine = {tp: self._next[tp] for tp in consumer.assignment() & self._next.keys()}
        if not mine:
            return
        with contextlib.suppress(KafkaError, TimeoutError):
            await asyncio.wait_for(consumer.commit(mine), 5)


def _seek(consumer: AIOKafkaConsumer, tp: TopicPartition, offset: int) -> None:
    with contextlib.suppress(IllegalStateError):  # the partition was taken away meanwhile
        consumer.seek(tp, offset)
