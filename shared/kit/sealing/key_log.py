"""The topic hr.keys, read from its beginning without a group, and followed."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from time import monotonic

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from shared.kit import reading
from shared.kit.broker import find, stop
from shared.kit.cluster import way_to
from shared.kit.trouble import PassingError

POLL_MS = 200
SECONDS = 15.0
"""After so long without a message on the way to the end, whoever asks tries anew."""
AT_ONCE = 5_000


class KeyLogError(PassingError):
    """The topic cannot be read to its end now."""


class KeyLog:
    """Hands each message on once, in order; connects when it is first read."""

    def __init__(self, servers: str, topic: str, take: Callable[[bytes | None, bytes | None], None]) -> None:
        """``take`` is given key and value of each message."""
        self._servers, self._topic, self._take = servers, topic, take
        self._consumer: AIOKafkaConsumer | None = None
        self._turn = asyncio.Lock()

    async def follow(self) -> None:
        """Take what has come meanwhile, if it was read before; waits for nothing. Raises KeyLogError."""
        if self._consumer is not None:
            async with self._told(), self._turn:
                await self._some(0)

    async def to_end(self) -> None:
        """Take all that the topic holds by now; raises KeyLogError."""
        async with self._told(), self._turn:
            await self._to_end()

    @contextlib.asynccontextmanager
    async def _told(self) -> AsyncIterator[None]:
        """What keeps the topic from being read is one error, and the next attempt has a client of its own."""
        try:
            yield
        except (KafkaError, OSError, PassingError) as error:
            await self.close()
            raise KeyLogError(f"{self._topic} cannot be read: {type(error).__name__}: {error}") from error

    async def close(self) -> None:
        """Leave the cluster; what is read next begins anew, at the beginning."""
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            await stop(consumer, SECONDS)

    async def _to_end(self) -> None:
        if self._consumer is None:
            self._consumer = await self._connected()
        consumer = self._consumer
        ends = await consumer.end_offsets(consumer.assignment())
        since = monotonic()
        while left := [at for at, end in ends.items() if await consumer.position(at) < end]:
            if await self._some(POLL_MS):
                since = monotonic()
            elif monotonic() - since > SECONDS:
                raise KeyLogError(f"nothing came of {len(left)} partitions")

    async def _some(self, milliseconds: int) -> int:
        if self._consumer is None:
            return 0
        found = await self._consumer.getmany(timeout_ms=milliseconds, max_records=AT_ONCE)
        for records in found.values():
            for record in records:
                self._take(record.key, record.value)
        await asyncio.sleep(0)
        return sum(map(len, found.values()))

    async def _connected(self) -> AIOKafkaConsumer:
        reading.tolerate()
        await find(self._servers, self._topic)
        consumer = AIOKafkaConsumer(
            self._topic,
            **way_to(self._servers),
            client_id="stadga-keys",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
        )
        try:
            await consumer.start()
        except BaseException:
            with contextlib.suppress(KafkaError):
                await stop(consumer, SECONDS)
            raise
        return consumer
