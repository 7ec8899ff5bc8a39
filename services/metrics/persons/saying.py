"""Saying on hr.events what was erased, noting it on hr.keys and destroying keys: again and again, until it is done.

All messages of an erasing are one transaction of Kafka: whoever reads sees the sums that stay and that their persons
are erased, or neither. If it is said twice, that changes nothing. What the ledger knows of who is erased is noted on
hr.keys again each day and at start, where it is not there: it was lost, or they were erased by an earlier release.
"""

import asyncio
from collections.abc import Sequence
from datetime import date

import asyncpg
import msgspec
import structlog
from aiokafka import AIOKafkaProducer

from services.metrics.ledger import erasings
from shared.contracts import envelope
from shared.contracts.erased import Erased
from shared.contracts.erasure import Erasure, erasure
from shared.contracts.subjects import PERSON_PREFIX
from shared.contracts.tenants import Tenant
from shared.contracts.topics import HR_EVENTS
from shared.kit.broker import stop
from shared.kit.clock import Clock
from shared.kit.cluster import way_to
from shared.kit.health import Health
from shared.kit.sealing import destroying
from shared.kit.supervisor import Task
from shared.kit.waiting import within

log = structlog.get_logger()

PART = "erasing"
EVERY = 5.0
"""Seconds between looks, where nobody has just erased somebody."""
CONFIRM_SECONDS = 60.0

_read = msgspec.json.Decoder(Erased).decode


class Saying:
    """What is still to be said of one replica; several take turns."""

    def __init__(self, pool: asyncpg.Pool, servers: str, tenant: Tenant, clock: Clock, health: Health) -> None:
        """Nothing is said before its task is run."""
        self._pool, self._servers, self._tenant, self._clock, self._health = pool, servers, tenant, clock, health
        self._topic = tenant.topic(HR_EVENTS).name
        self._noted: date | None = None
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
            await self.remind()
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
                await destroying.erase(self._servers, _erasures(found.messages), self._tenant)
            await erasings.said(connection, found.erasing, self._clock.now())
        log.info("an erasing is done", erasing=str(found.erasing))
        return True

    async def remind(self) -> None:
        """Once a day: note who is erased, and has not returned, where hr.keys does not know it."""
        today = self._clock.today()
        if self._noted == today:
            return
        async with self._pool.acquire() as connection, erasings.alone(connection) as alone:
            if not alone:
                return
            erased = {_person(subject): of for subject, of in await erasings.gone(connection)}
            if erased and (new := await destroying.note(self._servers, erased, self._tenant)):
                log.info("persons who are erased were not known on hr.keys, and are noted", persons=new)
        self._noted = today

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


def _erasures(messages: Sequence[tuple[str, bytes]]) -> dict[str, Erasure]:
    """Who is erased, by pseudonym, of the messages that say so."""
    found = (envelope.decode(value) for key, value in messages if key.startswith(PERSON_PREFIX))
    return {_person(one.subject): erasure(one.time, _read(one.data).through) for one in found}


def _person(subject: str) -> str:
    return subject.removeprefix(PERSON_PREFIX)
