"""Sends what is handed over when it is due, as sources do: what is not confirmed is sent again."""

import asyncio
import time
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

import httpx
import msgspec
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from cli.connect.publishing.line import FilePlace, Line
from cli.connect.publishing.sender import batches
from cli.connect.publishing.together import Together
from shared.contracts import envelope
from shared.contracts.envelope import BATCH, STRUCTURED, CloudEvent
from shared.contracts.topics import HR_RAW
from tests.harm.handing_over import Request
from tests.harm.poison import Poison

AT_ONCE = 24
"""Requests under way; further ones wait, and that counts as their delay."""
AGAIN = 1.0
TWICE = 100
"""One request in so many is sent a second time, as by a source that did not hear the answer."""
HEADERS = {"authorization": "Bearer local"}
BUSY = frozenset({httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE})
SIZES = {"1": 1, "2–50": 50, "51–1,000": 1_000, "more": 10_000}
"""Requests by their most events."""


class Answered(msgspec.Struct, frozen=True):
    """When a request was answered by 202, from the clock of ``time.monotonic``, and after how many seconds."""

    at: float
    seconds: float


class _Rejected(msgspec.Struct, frozen=True):
    index: int


class _Receipt(msgspec.Struct, frozen=True):
    rejected: list[_Rejected]


class Sender:
    """What was sent so far, and what became of it."""

    def __init__(self, ingest: str, servers: str, doses: Callable[[], Poison], every: int) -> None:
        """``ingest`` is its URL; one message in ``every`` is poison."""
        self._ingest, self._servers, self._doses, self._every = ingest, servers, doses, every
        self.sent = array("q")
        """The hashes of the ids: there may be millions."""
        self.poison: list[tuple[Poison, tuple[int, int] | None]] = []
        self.answered: dict[str, int] = {}
        self.answers: defaultdict[str, list[Answered]] = defaultdict(list)
        """Of requests as they were answered, by size."""
        self.through: list[Answered] = []
        """From when a request was due until all of it was answered, sent again as often as it took."""
        self.codes = Counter[int]()
        """Of every attempt; 0 is no answer."""
        self.faults: list[str] = []
        self._requests = 0
        self._counted = 0

    async def send(self, requests: Iterable[Request]) -> None:
        """Send each when it is due; behind after an outage, as fast as it goes."""
        began, turns = time.monotonic(), asyncio.Semaphore(AT_ONCE)
        limits = httpx.Limits(max_connections=AT_ONCE + 1)
        async with (
            httpx.AsyncClient(timeout=60, trust_env=False, limits=limits) as client,
            AIOKafkaProducer(
                bootstrap_servers=self._servers, acks="all", linger_ms=5, max_request_size=2 << 20
            ) as producer,
            asyncio.TaskGroup() as group,
        ):
            for request in requests:
                await asyncio.sleep(max(0.0, began + request.due - time.monotonic()))
                await turns.acquire()
                task = group.create_task(self._hand_over(client, producer, request, began + request.due))
                task.add_done_callback(lambda _: turns.release())

    async def _hand_over(
        self, client: httpx.AsyncClient, producer: AIOKafkaProducer, request: Request, due: float
    ) -> None:
        self._requests += 1
        for _ in range(1 + (self._requests % TWICE == 0)):
            await self._once(client, producer, request)
        self.through.append(Answered(now := time.monotonic(), now - due))
        self.sent.extend(hash(event.id) for event in request.events)
        self._counted += len(request.events)
        while self._counted >= self._every:
            self._counted -= self._every
            await self._poison(client, producer, self._doses())

    async def _once(self, client: httpx.AsyncClient, producer: AIOKafkaProducer, request: Request) -> None:
        events = request.events
        if request.way == "topic":
            await self._by_topic(producer, HR_RAW.name, [(e.subject.encode(), envelope.encode(e), ()) for e in events])
        elif request.way == "file":
            await self._file(client, events)
        elif request.way == "batch":
            await self._batch(client, [envelope.encode(event) for event in events])
        else:
            await self._over_http(client, envelope.encode(events[0]), STRUCTURED, "1")

    async def _file(self, client: httpx.AsyncClient, events: Sequence[CloudEvent]) -> None:
        """As ``stadga publish`` sends one: named as belonging together, and last how many were accepted."""
        together = Together(f"file {events[0].id}")
        lines = (Line(FilePlace("file", n), envelope.encode(event)) for n, event in enumerate(events))
        for some in batches(map(together.named, lines)):
            refused = await self._batch(client, [line.body for line in some])
            together.accepted(line for n, line in enumerate(some) if n not in refused)
        await self._batch(client, [line.body for line in together.last()])

    async def _batch(self, client: httpx.AsyncClient, bodies: Sequence[bytes]) -> set[int]:
        """Which of them were refused."""
        if not bodies:
            return set()
        size = next(name for name, most in SIZES.items() if len(bodies) <= most)
        answer = await self._over_http(client, b"[" + b",".join(bodies) + b"]", BATCH, size)
        if answer.status_code != httpx.codes.ACCEPTED:
            self.faults.append(f"{answer.status_code} for a batch: {answer.text[:200]}")
            return set(range(len(bodies)))
        return {one.index for one in msgspec.json.decode(answer.content, type=_Receipt).rejected}

    async def _poison(self, client: httpx.AsyncClient, producer: AIOKafkaProducer, dose: Poison) -> None:
        if dose.place == "http":
            answer = await self._over_http(client, dose.value or b"", STRUCTURED, "")
            self.answered[dose.token] = answer.status_code
            self.poison.append((dose, None))
        else:
            at = await self._by_topic(producer, dose.place, [(dose.token.encode(), dose.value, dose.headers)])
            self.poison.append((dose, at))

    async def _over_http(self, client: httpx.AsyncClient, body: bytes, kind: str, size: str) -> httpx.Response:
        """The first answer that is one; its time is kept with those of that size."""
        while True:
            began = time.monotonic()
            try:
                answer = await client.post(
                    f"{self._ingest}/v1/events", content=body, headers={**HEADERS, "content-type": kind}
                )
            except httpx.HTTPError:
                self.codes[0] += 1
            else:
                self.codes[answer.status_code] += 1
                if answer.status_code == httpx.codes.INTERNAL_SERVER_ERROR:
                    self.faults.append(f"500 for {body[:120]!r}")
                if answer.status_code == httpx.codes.ACCEPTED and size:
                    self.answers[size].append(Answered(now := time.monotonic(), now - began))
                if answer.status_code not in BUSY:
                    return answer
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
                await asyncio.sleep(AGAIN)
            else:
                return placed[-1].partition, placed[-1].offset
        return None
