"""A running ingest and the topics around it, as tests of ingest see them."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple, TypeVar

import httpx
import msgspec
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from prometheus_client.parser import text_string_to_metric_families

from services.ingest.domain.pseudonym import pseudonyms
from shared.access.tokens import sha256
from shared.contracts import envelope
from shared.contracts.envelope import BATCH, STRUCTURED, CloudEvent
from shared.contracts.rejections import Rejection
from shared.contracts.topics import HR_EVENTS, HR_ORIGINALS, HR_RAW, HR_REJECTED, Topic
from tests import builders as make
from tests.polling import PATIENCE, until

KEY = "a key that tests know"
TOKEN, OTHER_TOKEN = "token of the HR system", "token of another system"
SCRAPING = "token of Prometheus"
pseudonym = pseudonyms(KEY.encode(), "teststad")
Headers = Sequence[tuple[str, bytes]]
K = TypeVar("K")


def settings(folder: Path) -> dict[str, str]:
    """The environment of an ingest with two sources."""
    tokens = folder / "tokens.yaml"
    scraping = f"tokens: {{prometheus: {{sha256: {sha256(SCRAPING)}, scopes: [prometheus:scrape]}}}}\n"
    tokens.write_text(f"{make.SOURCE}: {sha256(TOKEN)}\nother-system: {sha256(OTHER_TOKEN)}\n{scraping}")
    return {"STADGA_TOKENS_FILE": str(tokens), "STADGA_PSEUDONYM_KEY": KEY, "STADGA_MUNICIPALITY": "teststad"}


class Ingest(NamedTuple):
    """Where it answers, and the broker behind it."""

    url: str
    kafka: str

    async def post(self, body: bytes, kind: str = STRUCTURED, token: str = TOKEN, **headers: str) -> httpx.Response:
        """One request; header names are given with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
            authorization = {"authorization": f"Bearer {token}", "content-type": kind}
            return await client.post(f"{self.url}/v1/events", content=body, headers=authorization | named)

    async def post_batch(self, events: list[make.Event], token: str = TOKEN) -> httpx.Response:
        """One batch."""
        return await self.post(make.batch(events), BATCH, token)

    async def ask(self, path: str, token: str, **asked: str) -> httpx.Response:
        """One question."""
        async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
            return await client.get(self.url + path, params=asked, headers={"authorization": f"Bearer {token}"})

    async def ready(self) -> bool:
        """Whether every part works."""
        answer = await self._get("/readyz")
        return answer.status_code == httpx.codes.OK and all(
            part["condition"] == "ok" for part in answer.json()["parts"]
        )

    async def counted(self, name: str, **labels: str) -> float:
        """A sample of /metrics; 0 if there is none."""
        families = text_string_to_metric_families((await self._get("/metrics")).text)
        samples = (s for family in families for s in family.samples)
        return sum(s.value for s in samples if s.name == name and labels.items() <= s.labels.items())

    async def _get(self, path: str) -> httpx.Response:
        async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
            return await client.get(self.url + path, headers={"authorization": f"Bearer {SCRAPING}"})

    async def published(self, ids: Iterable[str]) -> dict[str, CloudEvent]:
        """The events of those ids once all are on hr.events, by id."""
        wanted = set(ids)
        records = await found(self.kafka, HR_EVENTS, lambda record: envelope.decode(record.value).id, wanted)
        return {id_: envelope.decode(record.value) for id_, record in records.items()}

    async def rejected(self, original: bytes) -> Rejection:
        """The record on hr.rejected.originals of a message with those bytes; why it was is on hr.rejected, without."""
        records = await found(self.kafka, HR_ORIGINALS, lambda r: refused(r).original, {original})
        one = refused(records[original])
        known = await found(self.kafka, HR_REJECTED, lambda r: _why(refused(r)), {_why(one)})
        assert [(why.original, why.attributes) for why in map(refused, known.values())] == [(b"", None)]
        return one

    async def empty(self, channel: str) -> Rejection:
        """The record on hr.rejected of an empty message, which has no original."""
        wanted = ("empty_message", channel)
        records = await found(self.kafka, HR_REJECTED, lambda r: (refused(r).reason, refused(r).channel), {wanted})
        return refused(records[wanted])


def _why(one: Rejection) -> tuple[object, ...]:
    """What the two records of a refusal have in common."""
    return one.received, one.reason, one.path, one.channel, one.source


def refused(record: ConsumerRecord) -> Rejection:
    """The value of a record of hr.rejected, or of hr.rejected.originals."""
    return msgspec.json.decode(record.value, type=Rejection)


async def found(
    servers: str, topic: Topic, key: Callable[[ConsumerRecord], K], wanted: set[K]
) -> dict[K, ConsumerRecord]:
    """The records whose keys are wanted, once all are there; the topic is read from its beginning."""
    records: dict[K, ConsumerRecord] = {}
    async with reading(servers, topic) as consumer:

        async def all_there() -> bool:
            for batch in (await consumer.getmany(timeout_ms=200)).values():
                records.update({key(record): record for record in batch})
            return wanted <= records.keys()

        await until(all_there, f"{len(wanted)} messages on {topic.name}")
    return {k: records[k] for k in wanted}


async def everything(servers: str, topic: Topic) -> list[ConsumerRecord]:
    """All records the topic holds now."""
    return [record async for record in each_record(servers, topic)]


async def each_record(servers: str, topic: Topic) -> AsyncIterator[ConsumerRecord]:
    """The records the topic holds now, partition by partition, a few at a time in memory."""
    async with reading(servers, topic) as consumer:
        ends = await consumer.end_offsets(consumer.assignment())
        for partition, end in ends.items():
            while await consumer.position(partition) < end:
                for record in (await consumer.getmany(partition, timeout_ms=200)).get(partition, []):
                    yield record


@asynccontextmanager
async def reading(servers: str, topic: Topic) -> AsyncIterator[AIOKafkaConsumer]:
    """A consumer of every partition, from the beginning, in no group."""
    consumer = AIOKafkaConsumer(bootstrap_servers=servers, auto_offset_reset="earliest", enable_auto_commit=False)
    consumer.assign([TopicPartition(topic.name, number) for number in range(topic.partitions)])
    async with consumer:
        yield consumer


async def produce(servers: str, messages: Iterable[tuple[bytes | None, Headers]], partition: int = 0) -> None:
    """Messages to one partition of hr.raw, in order; a tombstone has no value."""
    async with AIOKafkaProducer(bootstrap_servers=servers, acks="all") as producer:
        for value, headers in messages:
            await producer.send(HR_RAW.name, value, key=b"k", partition=partition, headers=list(headers))
        await producer.flush()


async def stadga(*arguments: str) -> tuple[int | None, str, str]:
    """Exit code, output and errors of the command."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "cli",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()
