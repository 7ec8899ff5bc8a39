"""Messages around every limit: each is published or refused, and none is tried for ever."""

import secrets
from collections.abc import AsyncIterator, Iterable
from string import ascii_letters

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from cli.local.stack import Stack
from shared.contracts.topics import HR_EVENTS, HR_ORIGINALS, HR_RAW, HR_REJECTED, Topic
from tests import builders as make
from tests.conftest import here
from tests.integration.ingesting import Headers, Ingest, everything, reading, refused, settings
from tests.polling import until

Message = tuple[bytes, Headers]


@pytest.fixture(scope="module")
async def ingest(kafka_with_topics: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Ingest]:
    """An ingest on the module's broker."""
    folder = tmp_path_factory.mktemp("limits")
    stack = Stack(folder, here(KAFKA_BOOTSTRAP_SERVERS=kafka_with_topics) | settings(folder), leashed=True)
    await stack.start(["kafka", "ingest"])
    yield Ingest(stack.address("ingest"), stack.kafka_bootstrap_servers)
    await stack.stop()


SIZES = (1, 699_999, 700_000, 700_001, 749_000, 785_000, 850_000, 999_999, 1_000_000, 1_000_001, 1_040_000)
SHAPES: dict[str, list[tuple[str, bytes | None]]] = {
    "none": [],
    "one": [("ce_id", b"1")],
    "of another": [("trace", b"\xff"), ("ce", b""), ("ce_", b"x"), ("", b"")],
    "no value": [("ce_id", None), ("content-type", None)],
    "twice": [("ce_id", b"1"), ("ce_id", b"2"), ("CE_ID", b"3")],
    "not UTF-8": [("ce_id", b"\xff\xfe")],
    "identity number": [("ce_id", b"19811218-9876"), ("ce_19811218-9876", b"x")],
    "controls": [("ce_subject", b"\x00\x01" * 4000)],
    "long": [("ce_id", b"x" * 8000)],
    "huge": [("ce_id", b"x" * 150_000)],
    "many": [(f"ce_{i}", b"x") for i in range(10_000)],
}


def bad() -> list[Message]:
    """Every size without headers, every shape of headers at sizes around the limit, fields that fill the message."""
    plain: list[Message] = [(b"\xff" * size, []) for size in SIZES]
    shaped: list[Message] = [(b"\xff" * n, headers) for n in (1, 700_001, 850_000) for headers in SHAPES.values()]
    filled: list[Message] = [(b'{"%s": "%s"}' % (name, b"x" * 750_000), []) for name in (b"id", b"source", b"type")]
    return plain + shaped + filled


async def produce(servers: str, messages: Iterable[Message]) -> None:
    """To one partition of hr.raw, in order."""
    largest = AIOKafkaProducer(bootstrap_servers=servers, acks="all", max_request_size=1 << 21)
    async with largest as producer:
        for value, headers in messages:
            await producer.send(HR_RAW.name, value, key=b"k", partition=0, headers=headers)
        await producer.flush()


async def test_nothing_stands_still_at_any_size(ingest: Ingest):
    """Good events between the bad ones go through, each bad one is recorded once, and health stays good."""
    poison = bad()
    good = [make.unit_defined(f"u{i}", id=f"good-{i}") for i in range(len(poison))]
    mixed = [message for pair in zip(poison, ((make.encoded(e), []) for e in good), strict=True) for message in pair]
    before = await ingest.counted("stadga_ingest_unconfirmed_total", channel="kafka")
    await produce(ingest.kafka, mixed)
    assert len(await ingest.published(event["id"] for event in good)) == len(good)
    await until(lambda: _recorded(ingest, len(poison)), "every bad message is on hr.rejected")
    assert await ingest.ready()
    assert await ingest.counted("stadga_ingest_unconfirmed_total", channel="kafka") == before
    records = await everything(ingest.kafka, HR_REJECTED)
    assert len(records) == len(poison)
    records += await everything(ingest.kafka, HR_ORIGINALS)
    assert "19811218-9876" not in repr([record.headers for record in records])


async def _recorded(ingest: Ingest, count: int) -> bool:
    async with reading(ingest.kafka, HR_REJECTED) as consumer:
        return sum((await consumer.end_offsets(consumer.assignment())).values()) >= count


def letters(count: int) -> str:
    """What no compression makes shorter, and nobody takes for an identity number."""
    return "".join(secrets.choice(ascii_letters) for _ in range(count))


async def test_a_topic_that_takes_less_than_others(ingest: Ingest):
    """An event it does not take is answered and recorded as too large; its neighbours in the batch are there."""
    await limit(ingest.kafka, 900)
    try:
        small, other = make.unit_defined("small", id="small"), make.unit_defined("other", id="other")
        large = make.unit_defined("large", id=letters(500), corrects=letters(500))
        receipt = (await ingest.post_batch([small, large, other])).json()
        assert (receipt["accepted"], [(r["index"], r["reason"]) for r in receipt["rejected"]]) == (
            2,
            [(1, "too_large")],
        )
        assert len(await ingest.published(["small", "other"])) == 2
        assert (await ingest.post(make.encoded(large))).status_code == 413
        assert await too_large(ingest, HR_REJECTED) == [b"", b""]
        assert await too_large(ingest, HR_ORIGINALS) == []
        assert await ingest.ready()
    finally:
        await limit(ingest.kafka, 1_048_588)


async def test_of_an_original_that_is_too_large_less_is_kept(ingest: Ingest):
    """Why it was refused is there all the same, once."""
    body = letters(300_000).encode()
    await limit(ingest.kafka, 150_000)
    try:
        assert (await ingest.post(body)).json()["reason"] == "not_json"
        kept = await ingest.rejected(body[:87_500])
        assert kept.message.endswith("(of 300000 bytes the first 87500 are kept)")
        assert await ingest.ready()
    finally:
        await limit(ingest.kafka, 1_048_588)


async def too_large(ingest: Ingest, topic: Topic) -> list[bytes]:
    """What a topic has of the originals that came over HTTP and were too large."""
    kept = [refused(record) for record in await everything(ingest.kafka, topic) if record.key == b"too_large"]
    return [one.original for one in kept if one.channel == "http"]


async def limit(servers: str, most: int) -> None:
    """Set the size of a message that the topics behind ingest take."""
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    try:
        for topic in (HR_EVENTS, HR_REJECTED, HR_ORIGINALS):
            configs = {"max.message.bytes": str(most)}
            await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic.name, configs)])
    finally:
        await admin.close()
