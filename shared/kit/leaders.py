"""Who leads which partition, asked of every broker at once: one that says nothing holds nobody up.

aiokafka asks one broker after another, behind what waits for its acknowledgement, and waits for each as long as for any
request; and what it has sent to a broker that fell silent waits as long, though the others elected another meanwhile.
"""

import asyncio
import contextlib
import time
from collections.abc import Iterator
from typing import TypeAlias

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.client import AIOKafkaClient, ConnectionGroup
from aiokafka.conn import CloseReason
from aiokafka.errors import KafkaError
from aiokafka.protocol.metadata import MetadataRequest

from shared.kit.trouble import PassingError

log = structlog.get_logger()

ANSWER_SECONDS = 5.0
"""How long the first broker to answer may take."""

BESIDE = ConnectionGroup.COORDINATION
"""Not that by which messages are sent and fetched; a consumer asks the one broker that keeps its group by it, too."""

Asked: TypeAlias = "asyncio.Task[object]"


class Leaders:
    """As a started client of aiokafka knows them."""

    def __init__(self, client: AIOKafkaClient) -> None:
        """Nobody is asked yet."""
        self._client = client
        self._asked: dict[int, Asked] = {}

    async def problem(self, *topics: str) -> str | None:
        """What keeps messages of these topics from being taken and given, as metadata tell; None: nothing."""
        if not await self.learned(*topics):
            return "no broker answers"
        missing = set(topics) - self._client.cluster.topics()
        return f"no topic {', '.join(sorted(missing))}" if missing else None

    async def learned(self, *topics: str) -> bool:
        """Whether a broker told in time who leads these topics now.

        Whoever sends and fetches by this client turns to them, also with what waits for a broker that is gone. Raises
        PassingError where the client itself learns of the cluster no more: what is sent by it may wait for ever.
        """
        if (learning := self._client._sync_task) is not None and learning.done():
            raise PassingError("the client learns of the cluster no more, and a new one is needed")
        for topic in topics:
            self._client.add_topic(topic)
        asking, deadline = self._ask({*topics, *self._client.cluster.topics()}), time.monotonic() + ANSWER_SECONDS
        while asking and (left := deadline - time.monotonic()) > 0:
            done, asking = await asyncio.wait(asking, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            if any(self._taken(one) for one in done):
                return True
        return False

    def forget(self) -> None:
        """Wait for no answer any more."""
        for task in self._asked.values():
            task.cancel()

    def _ask(self, topics: set[str]) -> set[Asked]:
        """Every broker but those that still owe an answer, by connections of their own.

        A broker answers in order, and what was sent to it before may wait for one that says nothing.
        """
        self._asked = {node: task for node, task in self._asked.items() if not task.done()}
        question = MetadataRequest(sorted(topics))
        for node in {broker.nodeId for broker in self._client.cluster.brokers()} - self._asked.keys():
            self._asked[node] = asyncio.create_task(self._client.send(node, question, group=BESIDE))
            self._asked[node].add_done_callback(_seen)
        return set(self._asked.values())

    def _taken(self, answered: Asked) -> bool:
        try:
            answer = answered.result()
        except (KafkaError, OSError):
            return False
        if not answer.brokers:  # type: ignore[attr-defined]  # aiokafka tells no types
            return False
        self._client.cluster.update_metadata(answer)
        self._leave_others({broker.nodeId for broker in self._client.cluster.brokers()})
        return True

    def _leave_others(self, there: set[int]) -> None:
        """What waits for a broker that the cluster does without is sent anew; aiokafka has no call for that."""
        for (node, _), connection in list(self._client._conns.items()):
            if isinstance(node, int) and node not in there and connection.connected():
                log.warning("the cluster does without a broker: what waits for it is sent anew", node=node)
                connection.close(reason=CloseReason.CONNECTION_BROKEN)


@contextlib.contextmanager
def leaders(of: AIOKafkaProducer | AIOKafkaConsumer) -> Iterator[Leaders]:
    """As one that has been started knows them, until the block ends."""
    known = Leaders(of.client if isinstance(of, AIOKafkaProducer) else of._client)
    try:
        yield known
    finally:
        known.forget()


def _seen(asked: Asked) -> None:
    """That a broker did not answer is told by the next look, and need not be logged as never looked at."""
    if not asked.cancelled():
        asked.exception()
