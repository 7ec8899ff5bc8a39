"""A consistent cut: what is published is the state once all that the log held at one moment has been folded.

The partitions of hr.events are folded one beside the other, by one replica or by many. A state in which one is ahead
of another may never have been: everybody's absence, and nobody's return. So before anything is published the ends of
all partitions are asked for, and their positions in PostgreSQL waited for, whoever moves them. While much more keeps
coming the moment is moved on.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError

from shared.kit.broker import expected, stop
from shared.kit.cluster import Renewal, way_to
from shared.kit.metadata import TopicMissingError, describe

Ends = Mapping[int, int]
"""By partition: the offset after its last message."""

AskEnds = Callable[[], Awaitable[Ends]]
"""Asks the brokers where the partitions end now."""

ANSWER_MS = 5_000


class Cut(NamedTuple):
    """Where the partitions ended at one moment."""

    ends: Ends

    def waiting(self, folded: Mapping[int, int | None]) -> int:
        """How many messages of before that moment are not folded; ``folded`` is as ``ledger.positions`` has it.

        A partition that stands still until somebody realigns it is not waited for: it has an alert of its own.
        """
        places = {part: folded.get(part, 0) for part in self.ends}
        return sum(max(0, end - at) for part, end in self.ends.items() if (at := places[part]) is not None)

    def is_beyond(self, now: "Cut") -> bool:
        """Whether a partition ended further on than it does now: the log was cut, or is another one."""
        return any(end > now.ends.get(part, 0) for part, end in self.ends.items())


class Moment:
    """The moment whose state is published next."""

    def __init__(self, ask: AskEnds, most: int) -> None:
        """None yet; more than ``most`` messages that came after it move it on."""
        self._ask, self._most = ask, most
        self._cut: Cut | None = None

    async def has_come(self, folded: Mapping[int, int | None]) -> bool:
        """Whether all that was in the log at one moment is folded, and not much has come since.

        Once it is so, the next question is about another moment.
        """
        try:
            now = Cut(await self._ask())
        except TopicMissingError:  # it is being made, or made anew: there is no moment before it is there
            return False
        except KafkaError as error:  # no broker answers: nothing could be published either
            if not expected(error):
                raise
            return False
        if self._cut is None or self._cut.is_beyond(now):
            self._cut = now
        if not self._cut.waiting(folded) and now.waiting(folded) > self._most:
            self._cut = now
        if self._cut.waiting(folded):
            return False
        self._cut = None
        return True


@asynccontextmanager
async def asking(servers: str, topic: str) -> AsyncIterator[AskEnds]:
    """Ask the brokers where the partitions of a topic end, aborted and unfinished transactions left out."""
    renewal = Renewal()
    consumer = AIOKafkaConsumer(
        **way_to(servers),
        isolation_level="read_committed",
        enable_auto_commit=False,
        request_timeout_ms=ANSWER_MS,
    )
    client = AIOKafkaClient(**way_to(servers), request_timeout_ms=ANSWER_MS)

    async def ask() -> Ends:
        try:
            there = await describe(client, topic)
            found = await consumer.end_offsets([TopicPartition(topic, number) for number in range(there.partitions)])
        except KafkaError:
            renewal.check()
            raise
        return {tp.partition: end for tp, end in found.items()}

    try:
        await client.bootstrap()
        await consumer.start()
        yield ask
    finally:
        await stop(consumer, 5)
        await client.close()
