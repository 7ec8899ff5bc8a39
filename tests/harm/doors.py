"""The doors that hostile inputs come through, and what became of each input."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from typing import NamedTuple, TypeVar

import httpx
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from shared.contracts.envelope import BATCH, STRUCTURED
from shared.contracts.topics import HR_RAW, Topic
from tests.harm.hostile import Hostile

T = TypeVar("T")
AT_ONCE = 8
BATCH_SIZE = 250
LOCAL = {"authorization": "Bearer local"}
DOCUMENTED = frozenset({202, 204, 400, 401, 403, 404, 405, 408, 411, 413, 414, 415, 421, 422, 429, 431, 503})
"""What a door may answer to nonsense; 503 only with the reason in words."""


class Door(NamedTuple):
    """What one door was sent and what it said; ``faults`` are answers and ends that may not be."""

    name: str
    inputs: int
    answers: Counter[str]
    faults: tuple[str, ...]


async def batches(url: str, hostile: Hostile, inputs: int) -> Door:
    """Batches over HTTP: each element is an input that is answered by being accepted or named as refused."""
    answers, faults = Counter[str](), list[str]()

    async def send(client: httpx.AsyncClient, size: int) -> None:
        body = b"[" + b",".join(hostile.element() for _ in range(size)) + b"]"
        answer = await client.post(f"{url}/v1/events", content=body, headers={**LOCAL, "content-type": BATCH})
        if answer.status_code != httpx.codes.ACCEPTED:
            faults.append(f"a batch: {answer.status_code} {answer.text[:200]}")
            return
        accepted = answer.json()["accepted"]
        answers.update(accepted=accepted, refused=size - accepted)

    sizes = [min(BATCH_SIZE, inputs - start) for start in range(0, inputs, BATCH_SIZE)]
    await each(sizes, send)
    return Door("HTTP, batches", inputs, answers, tuple(faults))


async def requests(url: str, hostile: Hostile, inputs: int) -> Door:
    """Single requests to ingest: any method, path, headers and body."""
    answers, faults = Counter[str](), list[str]()

    async def send(client: httpx.AsyncClient, number: int) -> None:
        try:
            answer = await client.send(_request(client, url, hostile))
        except httpx.HTTPError as error:  # the server may hang up on what is no HTTP
            answers[f"closed ({type(error).__name__})"] += 1
            return
        answers[str(answer.status_code)] += 1
        if answer.status_code not in DOCUMENTED:
            faults.append(f"request {number}: {answer.status_code} {answer.text[:200]}")

    await each(range(inputs), send)
    return Door("HTTP, single requests", inputs, answers, tuple(faults))


def _request(client: httpx.AsyncClient, url: str, hostile: Hostile) -> httpx.Request:
    chance = hostile.chance
    method = chance.choices(("POST", "GET", "PUT", "DELETE", "OPTIONS"), (12, 1, 1, 1, 1))[0]
    kind = chance.choice((STRUCTURED, STRUCTURED, BATCH, "application/json", "text/plain", "", "a/b;charset=x"))
    headers = {**LOCAL, "content-type": kind}
    if chance.random() < 0.3:
        headers |= {f"ce-{name}": _printable(hostile.text()) for name in ("id", "source", "type", "subject", "time")}
    if chance.random() < 0.1:
        headers["authorization"] = chance.choice(("", "Bearer", "Basic eDp4", "Bearer " + _printable(hostile.text())))
    if chance.random() < 0.05:
        headers["content-encoding"] = chance.choice(("gzip", "br", "identity", "x"))
    return client.build_request(method, f"{url}/v1/events", content=hostile.body(), headers=headers)


def _printable(text: str) -> str:
    return "".join(character for character in text if " " < character < "\x7f")


async def topic(servers: str, hostile: Hostile, inputs: int) -> Door:
    """Messages on ``hr.raw``: each is answered by a record on hr.events or hr.rejected, counted by the caller."""
    sent = Counter[str]()
    async with AIOKafkaProducer(bootstrap_servers=servers, linger_ms=20, max_batch_size=1 << 18) as producer:
        for number in range(inputs):
            value, headers = hostile.message()
            await producer.send(HR_RAW.name, value, key=str(number % 997).encode(), headers=list(headers))
            sent["sent"] += 1
        await producer.flush()
    return Door("hr.raw", inputs, sent, ())


async def size(servers: str, of: Topic) -> int:
    """How many messages a topic holds."""
    async with AIOKafkaConsumer(bootstrap_servers=servers) as consumer:
        ends = await consumer.end_offsets([TopicPartition(of.name, n) for n in range(of.partitions)])
    return sum(ends.values())


async def each(work: Iterable[T], send: Callable[[httpx.AsyncClient, T], Awaitable[None]]) -> None:
    """Give each piece of work to ``send`` on one of a few connections."""
    waiting = iter(work)
    async with httpx.AsyncClient(timeout=120, trust_env=False) as client:

        async def connection() -> None:
            for one in waiting:
                await send(client, one)

        await asyncio.gather(*(connection() for _ in range(AT_ONCE)))
