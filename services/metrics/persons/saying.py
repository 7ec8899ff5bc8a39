"""Saying on hr.events what was erased, and destroying the keys of who was: again and again, until it is done.

All messages of an erasing are one transaction of Kafka: whoever reads sees the sums that stay and that their persons
are erased, or neither. If it is said twice, that changes nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence

import asyncpg
import structlog
from aiokafka import AIOKafkaProducer

from services.metrics.ledger import erasings
from shared.contracts.subjects import PERSON_PREFIX
from shared.kit.broker import stop
from shared.kit.clock import Clock
from shared.kit.cluster import way_to
from shared.kit.health import Health
from shared.kit.supervisor import Task
from shared.kit.waiting import within

log = structlog.get_logger()

PART = "erasing"
EVERY = 5.0
"""Seconds between looks, where nobody has just erased somebody."""
CONFIRM_SECONDS = 60.0

Destroy = Callable[[Collection[str]], Awaitable[object]]
"""Destroys the keys of persons, given as pseudonyms."""


class Saying:
    """What is still to be said of one replica; several take turns."""

    def __init__(
        self, pool: asyncpg.Pool, servers: str, topic: str, clock: Clock, health: Health, destroy: Destroy
    ) -> None:
        """Nothing is said before its task is run."""
        self._pool, self._servers, self._topic, self._clock, self._health = pool, servers, topic, clock, health
        self._destroy = destroy
        self.asked = asyncio.Event()

    @property
    def task(self) -> Task:
        """Says what there is, until cancelled."""
        return Task(PART, self._keep, PART)

    async def _keep(self) -> None:
        while True:
            self.asked.clear()
            while await self._one():
                pass
            self._health.ok(PART)
            try:
                await within(self.asked.wait(), EVERY)
            except TimeoutError:
                continue

    async def _one(self) -> bool:
        """Say one erasing; false where there is none, or another replica says it."""
        async with self._pool.acquire() as connection, erasings.alone(connection) as alone:
            found = await erasings.unsaid(connection) if alone else None
            if found is None:
                return False
            await self._send(found.messages)
            if found.is_of_persons:
                await self._destroy({_person(key) for key, _ in found.messages if key.startswith(PERSON_PREFIX)})
            await erasings.said(connection, found.erasing, self._clock.now())
        log.info("an erasing is done", erasing=str(found.erasing))
        return True

    async def _send(self, messages: Sequence[tuple[str, bytes]]) -> None:
        producer = AIOKafkaProducer(
            **way_to(self._servers), client_id="stadga-erasing", transactional_id=f"{self._topic}.erasing"
        )
        await producer.start()
        try:
            async with producer.transaction():
                sent = [await producer.send(self._topic, value, key.encode()) for key, value in messages]
                await within(asyncio.gather(*sent), CONFIRM_SECONDS)
        finally:
            await stop(producer, 10)


def _person(subject: str) -> str:
    return subject.removeprefix(PERSON_PREFIX)
