"""Transitions on their way to ``workforce.alerts``: in order, at least once, each under an id that a repeat keeps."""

import asyncio

import asyncpg
import msgspec
from aiokafka import AIOKafkaProducer

from services.alerts.repository import turns, unpublished
from services.alerts.repository.unpublished import WaitingTransition
from shared.contracts.envelope import STRUCTURED, CloudEvent, encode
from shared.contracts.subjects import ALERT_PREFIX
from shared.contracts.tenants import ALONE, Tenant
from shared.contracts.topics import WORKFORCE_ALERTS
from shared.kit.broker import stop
from shared.kit.cluster import Renewal, way_to
from shared.kit.health import Health
from shared.kit.leaders import Leaders, leaders
from shared.kit.supervisor import Task
from shared.kit.waiting import within

PART = "workforce.alerts"
SOURCE = "stadga/alerts"
_MOST = 500
_IDLE_SECONDS = 1.0
_HEADERS = [("content-type", STRUCTURED.encode())]


class Publisher:
    """The relay from the table to the topic. Of several processes one relays at a time, so the order holds."""

    def __init__(self, servers: str, pool: asyncpg.Pool, health: Health, tenant: Tenant = ALONE) -> None:
        """Setting ``wake`` after a commit saves a wait. Connects when its task is run. All is of ``tenant``."""
        self._tenant = tenant
        self._servers = servers
        self._pool = pool
        self._health = health
        self.wake = asyncio.Event()

    @property
    def task(self) -> Task:
        """Relays until the end."""
        return Task(PART, self._session, PART)

    async def _session(self) -> None:
        """Relay until something fails."""
        renewal = Renewal()
        producer = AIOKafkaProducer(
            **way_to(self._servers), client_id="stadga-alerts", acks="all", request_timeout_ms=20_000
        )
        try:
            await producer.start()
            self._health.ok(PART)
            with leaders(producer) as known:
                await self._relay(producer, known, renewal)
        finally:
            await stop(producer, 10)

    async def _relay(self, producer: AIOKafkaProducer, known: Leaders, renewal: Renewal) -> None:
        while True:
            self.wake.clear()
            if await self._some(producer) < _MOST and not await self._woken():
                await self._look(known, renewal)

    async def _woken(self) -> bool:
        try:
            return await within(self.wake.wait(), _IDLE_SECONDS)
        except TimeoutError:
            return False

    async def _look(self, known: Leaders, renewal: Renewal) -> None:
        """While there is nothing to send: would Kafka take it?"""
        if found := await known.problem(self._tenant.topic(WORKFORCE_ALERTS).name):
            self._health.bad(PART, found)
            renewal.check()
        else:
            self._health.ok(PART)

    async def _some(self, producer: AIOKafkaProducer) -> int:
        """Publish what waits; rows are marked once Kafka has acknowledged all of them."""
        async with self._pool.acquire() as connection, connection.transaction():
            if not await turns.begin_relay(connection):
                return 0
            rows = await unpublished.load(connection, _MOST)
            if rows:
                await asyncio.gather(*[await _send(producer, row, self._tenant) for row in rows])
                await unpublished.published(connection, rows)
        return len(rows)


async def _send(producer: AIOKafkaProducer, row: WaitingTransition, tenant: Tenant) -> asyncio.Future[object]:
    key = f"{row.plan}|{row.target}|{row.unit}"
    event = CloudEvent(
        specversion="1.0",
        id=row.id,
        source=tenant.source(SOURCE),
        type=row.type,
        subject=f"{ALERT_PREFIX}{key}"[:500],
        time=row.decided,
        datacontenttype="application/json",
        tenant=tenant.extension,
        data=msgspec.Raw(row.body.encode()),
    )
    sent: asyncio.Future[object] = await producer.send(
        tenant.topic(WORKFORCE_ALERTS).name, encode(event), key.encode(), headers=_HEADERS
    )
    return sent
