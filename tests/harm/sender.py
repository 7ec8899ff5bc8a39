"""Sends a log at a steady pace through both doors, as sources do: what is not confirmed is sent again."""

import asyncio
import time
from collections.abc import Callable, Sequence

import httpx
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from shared.contracts import envelope
from shared.contracts.envelope import BATCH, STRUCTURED, CloudEvent
from shared.contracts.topics import HR_RAW
from tests.harm.poison import Poison

TICK = 0.5
BY_TOPIC = 0.3
"""Of the events; the others come over HTTP."""
AGAIN = 1.0
HEADERS = {"authorization": "Bearer local"}


class Sender:
    """What was sent so far, and what became of poison that is answered at once."""

    def __init__(self, ingest: str, servers: str, doses: Callable[[], Poison], every: int) -> None:
        """``ingest`` is its URL; one message in ``every`` is poison."""
        self._ingest, self._servers, self._doses, self._every = ingest, servers, doses, every
        self.ids: list[str] = []
        self.poison: list[tuple[Poison, tuple[int, int] | None]] = []
        self.answered: dict[str, int] = {}
        self.repeats = 0
        self.faults: list[str] = []
        self._counted = 0

    async def send(self, events: Sequence[CloudEvent], rate: float) -> None:
        """Send at so many a second; behind after an outage, as fast as it goes."""
        began = time.monotonic()
        step = max(1, int(rate * TICK))
        async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
            producer = await self._producer()
            try:
                for start in range(0, len(events), step):
                    await self._tick(client, producer, events[start : start + step])
                    await asyncio.sleep(max(0.0, began + (start + step) / rate - time.monotonic()))
            finally:
                await producer.stop()

    async def _tick(self, client: httpx.AsyncClient, producer: AIOKafkaProducer, some: Sequence[CloudEvent]) -> None:
        cut = round(len(some) * BY_TOPIC)
        await self._by_topic(producer, HR_RAW.name, [(e.subject.encode(), envelope.encode(e), ()) for e in some[:cut]])
        await self._over_http(client, b"[" + b",".join(map(envelope.encode, some[cut:])) + b"]", BATCH)
        self.ids += [event.id for event in some]
        self._counted += len(some)
        while self._counted >= self._every:
            self._counted -= self._every
            await self._poison(client, producer, self._doses())

    async def _poison(self, client: httpx.AsyncClient, producer: AIOKafkaProducer, dose: Poison) -> None:
        if dose.place == "http":
            self.answered[dose.token] = await self._over_http(client, dose.value or b"", STRUCTURED)
            self.poison.append((dose, None))
        else:
            at = await self._by_topic(producer, dose.place, [(dose.token.encode(), dose.value, dose.headers)])
            self.poison.append((dose, at))

    async def _over_http(self, client: httpx.AsyncClient, body: bytes, kind: str) -> int:
        while True:
            try:
                answer = await client.post(
                    f"{self._ingest}/v1/events", content=body, headers={**HEADERS, "content-type": kind}
                )
            except httpx.HTTPError:
                code = 0
            else:
                code = answer.status_code
            if code == httpx.codes.INTERNAL_SERVER_ERROR:
                self.faults.append(f"500 for {body[:120]!r}")
            if code and code != httpx.codes.SERVICE_UNAVAILABLE:
                if kind == BATCH and code != httpx.codes.ACCEPTED:
                    self.faults.append(f"{code} for a batch: {answer.text[:200]}")
                return code
            self.repeats += 1
            await asyncio.sleep(AGAIN)

    async def _by_topic(
        self,
        producer: AIOKafkaProducer,
        topic: str,
        messages: Sequence[tuple[bytes, bytes | None, Sequence[tuple[str, bytes]]]],
    ) -> tuple[int, int] | None:
        """Where the last one is, partition and offset."""
        while messages:
            try:
                waiting = [
                    await producer.send(topic, value, key=key, headers=list(headers))
                    for key, value, headers in messages
                ]
                placed = await asyncio.wait_for(asyncio.gather(*waiting), 60)
            except (KafkaError, TimeoutError):
                self.repeats += 1
                await asyncio.sleep(AGAIN)
            else:
                return placed[-1].partition, placed[-1].offset
        return None

    async def _producer(self) -> AIOKafkaProducer:
        producer = AIOKafkaProducer(bootstrap_servers=self._servers, acks="all", linger_ms=5, max_request_size=2 << 20)
        await producer.start()
        return producer
