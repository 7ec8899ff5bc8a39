"""Messages written in lanes; where a batch cannot be written, the one message at fault is found by halves."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable

import asyncpg
import structlog
from aiokafka import ConsumerRecord, TopicPartition

from services.metrics.intake import batch, proof
from services.metrics.intake.alignment import Alignment, Records
from services.metrics.intake.batch import Arrive, Arrived, Written
from services.metrics.intake.repository import Cells
from shared.contracts.tenants import ALONE, Tenant
from shared.kit.blame import of_a_message
from shared.kit.dead_letters import Limits

log = structlog.get_logger()

LANES = 2


class Lanes:
    """Writes batches; ``written`` is told of each that was committed, also of those before one that failed."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        alignment: Alignment,
        limits: Limits,
        written: Callable[[Records, Written], None],
        tenant: Tenant = ALONE,
        arrive: Arrive = batch.plainly,
    ) -> None:
        """Nothing is remembered of cells yet; ``alignment`` tells where in each partition the records begin.

        ``arrive`` is how messages are read.
        """
        self._arrive = arrive
        self._tenant = tenant
        self._pool, self._alignment, self._limits, self._written = pool, alignment, limits, written
        self._cells = Cells(pool)
        self._slow: dict[TopicPartition, int] = {}

    async def write(self, records: Records) -> None:
        """Write the partitions in lanes, so that one folds while another waits for the database.

        Raises FencedError, StoppedError, TooManyError, and what keeps the database from answering.
        """
        partitions = sorted(records, key=lambda tp: len(records[tp]))
        lanes = [{tp: records[tp] for tp in partitions[n::LANES]} for n in range(LANES)]
        results = await asyncio.gather(*(self._lane(lane) for lane in lanes if lane), return_exceptions=True)
        for error in results:
            if isinstance(error, BaseException):
                raise error

    async def _lane(self, records: Records) -> None:
        messages = [r for some in records.values() for r in some]
        try:
            await self._fold(records, await self._arrive(messages, self._tenant))
        except Exception as error:
            if not (of_a_message(error) or self._slow_again(records, error)):
                raise
            await self._narrow(records, messages, error)

    def _slow_again(self, records: Records, error: Exception) -> bool:
        """Whether PostgreSQL has ended the session a second time while what begins here was folded.

        A process that was stopped for a while meets that once; a batch that takes too long meets it each time.
        """
        if not isinstance(error, asyncpg.IdleInTransactionSessionTimeoutError):
            return False
        again = any(self._slow.get(tp) == some[0].offset for tp, some in records.items())
        self._slow.update((tp, some[0].offset) for tp, some in records.items())
        return again

    async def _narrow(self, records: Records, messages: list[ConsumerRecord], error: Exception) -> None:
        """Write each half by itself, down to the one message that cannot be: put aside if the fault is its own."""
        if len(messages) == 1:
            verdict = await proof.verdict(self._pool, messages[0], error, self._tenant, self._arrive)
            await self._fold(records, verdict)
            return
        reason = type(error).__name__
        log.warning("a batch cannot be written; its halves are tried", messages=len(messages), reason=reason)
        self._cells = Cells(self._pool)
        middle = len(messages) // 2
        for half in map(_by_partition, (messages[:middle], messages[middle:])):
            if isinstance(error, asyncpg.IdleInTransactionSessionTimeoutError):
                self._slow.update((tp, some[0].offset) for tp, some in half.items())
            await self._lane(half)

    async def _fold(self, records: Records, arrived: Arrived) -> None:
        spans = self._alignment.spans(records)
        written, letters = await batch.write(
            self._pool, self._cells, spans, arrived, self._limits, self._alignment.partitions
        )
        for one in letters:
            at = f"{one.topic}/{one.partition}/{one.offset}"
            log.warning("message put aside", place=at, reason=one.reason)
        self._written(records, written)


def _by_partition(messages: Iterable[ConsumerRecord]) -> Records:
    records: defaultdict[TopicPartition, list[ConsumerRecord]] = defaultdict(list)
    for r in messages:
        records[TopicPartition(r.topic, r.partition)].append(r)
    return records
