"""Whether alerts keeps up with what is published: the next values wait while it does not.

A group whose days all changed takes alerts longer to take in than it takes to value it. While events come faster for
hours, what waits there would grow for hours, and what people are told would be as old. So values are published as
often as they can be taken in: later ones hold what earlier ones would have said.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from time import monotonic
from typing import NamedTuple

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from shared.kit.broker import administration, expected, stop
from shared.kit.cluster import way_to

MOST = 500
"""Messages that may wait when more are published."""
STILL_SECONDS = 30.0
"""Who has read nothing for so long is away, and not waited for until it reads again."""
PATIENCE_SECONDS = 300.0
"""Others follow, too: values are published after so long, whatever waits."""


class Read(NamedTuple):
    """How far a group has read: messages, over all partitions, and how many wait."""

    messages: int
    waiting: int


AskRead = Callable[[], Awaitable[Read]]


class Followers:
    """A group that follows what is published, as one leader sees it."""

    def __init__(self, ask: AskRead, now: Callable[[], float] = monotonic) -> None:
        """Nothing is waited for yet."""
        self._ask, self._now = ask, now
        self._messages = 0
        self._since: float | None = None
        self._moved = 0.0

    async def keep_up(self) -> bool:
        """Whether more may be published; of a group that nobody knows, or that cannot be asked about, it is so."""
        try:
            found = await self._ask()
        except KafkaError as error:
            if not expected(error):
                raise
            found = Read(0, 0)
        if found.waiting <= MOST:
            self._since = None
            return True
        return self._waited(found, self._now())

    def _waited(self, found: Read, now: float) -> bool:
        """Whether it was waited for long enough."""
        if self._since is None:
            self._since = self._moved = now
        if found.messages != self._messages:
            self._messages, self._moved = found.messages, now
        if now - self._since >= PATIENCE_SECONDS:
            self._since = now
            return True
        return now - self._moved >= STILL_SECONDS


@asynccontextmanager
async def following(servers: str, topic: str, group: str) -> AsyncIterator[AskRead]:
    """Ask the brokers how far a group has read of a topic; raises KafkaError, and so does the question."""
    consumer = AIOKafkaConsumer(**way_to(servers), enable_auto_commit=False)

    async def ask() -> Read:
        committed = await admin.list_consumer_group_offsets(group)
        read = {at: kept.offset for at, kept in committed.items() if at.topic == topic}
        ends = await consumer.end_offsets(read)
        return Read(sum(read.values()), sum(max(0, ends[at] - offset) for at, offset in read.items()))

    async with administration(servers) as admin:
        try:
            await consumer.start()
            yield ask
        finally:
            await stop(consumer, 5)
