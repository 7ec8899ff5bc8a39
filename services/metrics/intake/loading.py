"""Loading a partition that is far behind: thousands of messages as one batch, in a process of its own.

The rules are those of the stream, and so is the transaction (``batch.write``): the position moves with the facts, or
nothing happens. What differs is when subjects are folded. Of a subject that nothing is known of all events are folded
at once, before the transaction begins; inside it is only looked whether still nothing is known of it. Locks are held
while rows are written, and no longer.
"""

import asyncio
import gc
import os
import signal
from collections.abc import Sequence
from multiprocessing.connection import Connection
from multiprocessing.process import parent_process
from threading import Thread
from time import monotonic
from typing import NamedTuple

import asyncpg
import structlog
import uvloop
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from services.metrics.intake import batch, folding, repository
from services.metrics.intake.alignment import digest
from services.metrics.intake.batch import Written
from services.metrics.intake.opening import Opening, keyring
from services.metrics.intake.repository import Cells, OffsetRange, Partition
from services.metrics.settings import MetricsSettings
from shared.kit import broker, database, logs, reading
from shared.kit.broker import stop
from shared.kit.cluster import way_to
from shared.kit.dead_letters import Limits
from shared.kit.sealing import masters
from shared.kit.sealing.masters import MasterKeys
from shared.kit.trouble import PassingError, wording

log = structlog.get_logger()

MOST = 100_000
"""Messages of one transaction, at most: with all that is made of them they take some 3.5 kB each."""
AT_ONCE = 50_000
FETCH_BYTES = 8 << 20
ANSWER_SECONDS = 10.0
POLL_MS = 200


class Portion(NamedTuple):
    """Messages of a partition from the position ``at`` up to ``end``; the topic has so many ``partitions``."""

    partition: Partition
    at: int
    end: int
    partitions: int


class Loaded(NamedTuple):
    """What was taken in, and what that came to."""

    span: OffsetRange
    written: Written


class NothingCameError(PassingError):
    """The brokers hand out no message of a portion."""


def main(connection: Connection, settings: MetricsSettings) -> None:
    """Load each portion that is asked for and answer with Loaded, or with a sentence on what was in the way.

    The process ends with the one that asks, however that ends; and by itself on a fault, which the log then tells.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    logs.configure(settings.stadga_log, "metrics", settings.tenant)
    reading.tolerate()
    gc.disable()  # folding makes no cycles, and what there is goes between portions
    uvloop.run(_answer(connection, settings))


def _end_with_parent() -> None:
    if parent := parent_process():
        parent.join()
    os._exit(1)


async def _answer(connection: Connection, settings: MetricsSettings) -> None:
    async with database.pool(settings.database_url, "metrics", 2, settings.tenant) as pool:
        loader = Loader(pool, settings)
        while (portion := await asyncio.to_thread(_asked, connection)) is not None:
            connection.send(await _tried(loader, portion))
            gc.collect()


def _asked(connection: Connection) -> Portion | None:
    try:
        portion: Portion = connection.recv()
    except EOFError:
        return None
    return portion


async def _tried(loader: "Loader", portion: Portion) -> Loaded | str:
    try:
        return await loader.load(portion)
    except Exception as error:
        if not (isinstance(error, PassingError) or database.expected(error) or broker.expected(error)):
            raise
        return wording(error)


class Loader:
    """Loads portions, one after the other, over one pool."""

    def __init__(self, pool: asyncpg.Pool, settings: MetricsSettings) -> None:
        """No cell is known yet."""
        self._pool, self._settings, self._cells = pool, settings, Cells(pool)
        self._limits = Limits(settings.stadga_dead_letters_in_a_row, settings.stadga_dead_letters_a_minute)
        self._masters: MasterKeys | None = None
        self._opening = Opening(keyring(settings, lambda: self._masters))

    async def load(self, portion: Portion) -> Loaded:
        """Read, fold and write a portion, or as much of it as one transaction takes.

        Raises what ``batch.write`` raises, NothingCameError, MasterKeyError, KeyLogError, and what keeps a broker from
        answering.
        """
        self._masters = masters.read(self._settings.stadga_master_key_file)
        messages = await read(self._settings.kafka_bootstrap_servers, portion)
        span = OffsetRange(portion.partition, portion.at, messages[-1].offset + 1, digest(messages[-1]))
        arrived = await self._opening.arrive(messages, self._settings.tenant)
        async with self._pool.acquire() as connection:
            known = await repository.known(connection, arrived.subjects)
        ahead = folding.fold_unknown({name: told for name, told in arrived.subjects.items() if name not in known})
        written, letters = await batch.write(
            self._pool, self._cells, [span], arrived, self._limits, portion.partitions, ahead
        )
        for one in letters:
            at = f"{one.topic}/{one.partition}/{one.offset}"
            log.warning("message put aside", place=at, reason=one.reason)
        return Loaded(span, written)


async def read(servers: str, portion: Portion) -> Sequence[ConsumerRecord]:
    """The messages of a portion, at least one and at most MOST; raises NothingCameError, KafkaError."""
    tp, found = TopicPartition(*portion.partition), list[ConsumerRecord]()
    consumer = AIOKafkaConsumer(
        **way_to(servers),
        enable_auto_commit=False,
        auto_offset_reset="none",  # a gap is for the stream to tell of
        isolation_level="read_committed",
        max_partition_fetch_bytes=FETCH_BYTES,
    )
    try:
        await consumer.start()
        consumer.assign([tp])
        consumer.seek(tp, portion.at)
        while some := await _next(consumer, tp, portion.end, min(AT_ONCE, MOST - len(found))):
            found += some
    finally:
        await stop(consumer, ANSWER_SECONDS)
    if not found:
        raise NothingCameError(f"no message came of {tp.topic}/{tp.partition} from {portion.at} on")
    return found


async def _next(consumer: AIOKafkaConsumer, tp: TopicPartition, end: int, most: int) -> Sequence[ConsumerRecord]:
    """The next messages before ``end``, at most so many; none where only marks of transactions are left, or none came.

    The client passes over such a mark and goes on waiting for a message: how far it is has to be asked again.
    """
    until = monotonic() + ANSWER_SECONDS
    while most and await consumer.position(tp) < end and monotonic() < until:
        found: dict[TopicPartition, list[ConsumerRecord]] = await consumer.getmany(
            tp, timeout_ms=POLL_MS, max_records=most
        )
        if tp in found:
            return found[tp]
    return ()
