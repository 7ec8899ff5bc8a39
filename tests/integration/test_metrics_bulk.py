"""A log that is loaded whole comes to the same as one that is read: in any order, with repeats, killed at any point."""

from collections.abc import AsyncIterator
from os import kill
from signal import SIGKILL

import asyncpg
import msgspec
import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import NewTopic

from cli.local.stack import Stack, migrations
from services.metrics.domain.record.record import Size
from services.metrics.intake import batch, folding, loading, repository
from services.metrics.intake.loading import Loader, NothingCameError, Portion
from services.metrics.intake.repository import Cells, FencedError, OffsetRange
from services.metrics.settings import MetricsSettings
from shared.contracts.topics import HR_EVENTS
from shared.kit import database
from shared.kit.broker import administration
from shared.kit.dead_letters import Limits
from shared.kit.waiting import within
from tests import builders as make
from tests.conftest import execute
from tests.integration import folding as by_hand
from tests.integration.loading import (
    STREAM,
    WHOLE,
    Ledger,
    batches,
    gone,
    killed_while_loading,
    ledger,
    loaders,
    log,
    sizes,
    taking,
    writes,
)
from tests.integration.loading import database as empty_database
from tests.integration.metering import caught_up, clean_pass, ends, fetch, message, net_facts, send, standing
from tests.polling import PATIENCE, until

PEOPLE = 1_000
KILLS = 3
ROWS = """
insert into metrics.parts values
    ('person/p', '1', 0, 0, 0, ''), ('person/p', '2', 2, 0, 0, ''), ('person/p', 'absence:a', 1, 0, 0, ''),
    ('person/q', 'job', 0, 0, 0, ''), ('unit/u', '3', 0, 0, 0, ''), ('person', '4', 0, 0, 0, ''),
    ('person0', '5', 0, 0, 0, '')
"""
"""Events and parts of two people, and of others."""


@pytest.fixture(scope="module")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """Kafka with a hostile log, and PostgreSQL."""
    async with standing(tmp_path_factory.mktemp("bulk")) as running:
        await send(running.kafka_bootstrap_servers, log(PEOPLE))
        yield running


@pytest.fixture(scope="module")
async def streamed(stack: Stack) -> Ledger:
    """What came of the log by the stream."""
    url = await empty_database(stack)
    async with taking(stack, url, **STREAM):
        await caught_up(stack, url)
    assert await batches(url) > 2 * HR_EVENTS.partitions
    return await ledger(url)


async def test_loaded_whole(stack: Stack, streamed: Ledger):
    """The same facts, records, positions, deliveries, sources and messages put aside, in a transaction a partition."""
    url = await empty_database(stack)
    async with taking(stack, url, **WHOLE):
        await caught_up(stack, url)
    assert await batches(url) <= HR_EVENTS.partitions
    assert await ledger(url) == streamed


async def test_how_much_each_record_says_it_holds(streamed: Ledger):
    """Of a hostile log in any order and with repeats, cut into batches: as many events and absences as are counted.

    The other tests compare each record with these, and so what it says.
    """
    said, held = sizes(streamed)
    assert said == held
    assert max(absences for _, absences in said.values()) > 1


async def test_records_of_a_release_that_counted_them(stack: Stack):
    """The migration tells of each person's how much it holds, as if it had been told from the start."""
    url = await empty_database(stack, "metrics_0018")
    await execute(url, ROWS)
    await migrations.migrate(url)
    told = await fetch(url, "select subject, section, body from metrics.parts where key = 'size' order by 1")
    found = [(subject, section, msgspec.msgpack.decode(body, type=Size)) for subject, section, body in told]
    assert found == [("person/p", 0, Size(2, 1)), ("person/q", 0, Size(0, 0))]


async def test_killed_while_loading(stack: Stack, streamed: Ledger):
    """Killed with −9 as it begins, while it writes, and between two partitions: the same ledger."""
    url = await empty_database(stack)
    harm = await killed_while_loading(stack, url, KILLS)
    assert harm["killed"] == KILLS
    assert harm["in the middle"] >= KILLS - 1
    assert await ledger(url) == streamed


async def test_a_loading_process_is_killed(stack: Stack, streamed: Ledger):
    """What it had not committed is undone, and the service takes it in without it."""
    url = await empty_database(stack)
    async with taking(stack, url, **WHOLE) as service:
        await until(lambda: writes(url), "a transaction that writes")
        for pid in loaders(service):
            kill(pid, SIGKILL)
        await caught_up(stack, url)
    assert await ledger(url) == streamed


async def test_stopped_while_loading(stack: Stack, streamed: Ledger):
    """It ends in good order and takes the processes that load with it; started again, it goes on."""
    url = await empty_database(stack)
    async with taking(stack, url, **WHOLE) as service:
        found = await until(lambda: loaders(service), "a process that loads")
        assert await service.terminate() == 0
        await gone(found)
        await service.start()
        await caught_up(stack, url)
    assert await ledger(url) == streamed


@pytest.fixture
async def pool(postgres: str) -> AsyncIterator[asyncpg.Pool]:
    """Connections to a fresh database."""
    async with database.pool(postgres, "metrics") as opened:
        yield opened


async def test_portions(
    stack: Stack, pool: asyncpg.Pool, postgres: str, streamed: Ledger, monkeypatch: pytest.MonkeyPatch
):
    """More than one transaction takes: what is known of a subject from one portion is found by the next."""
    monkeypatch.setattr(loading, "MOST", 700)
    loader = Loader(pool, MetricsSettings(kafka_bootstrap_servers=stack.kafka_bootstrap_servers))
    for partition, end in (await ends(stack.kafka_bootstrap_servers)).items():
        place = HR_EVENTS.name, partition
        await repository.positions(pool, [place])
        portion = Portion(place, 0, end, HR_EVENTS.partitions)
        while portion.at < end:
            portion = portion._replace(at=(await loader.load(portion)).span.next)
    assert await batches(postgres) > 2 * HR_EVENTS.partitions
    assert await ledger(postgres) == streamed


async def test_a_portion_that_another_took(stack: Stack, pool: asyncpg.Pool, postgres: str):
    """It is dropped whole."""
    settings = MetricsSettings(kafka_bootstrap_servers=stack.kafka_bootstrap_servers)
    place = HR_EVENTS.name, 0
    await repository.positions(pool, [place])
    portion = Portion(place, 0, 500, HR_EVENTS.partitions)
    await Loader(pool, settings).load(portion)
    once = await ledger(postgres)
    with pytest.raises(FencedError):
        await Loader(pool, settings).load(portion)
    assert await ledger(postgres) == once


async def test_a_portion_that_is_gone(stack: Stack, pool: asyncpg.Pool):
    """Nothing is taken in where nothing comes."""
    settings = MetricsSettings(kafka_bootstrap_servers=stack.kafka_bootstrap_servers)
    with pytest.raises(NothingCameError):
        await Loader(pool, settings).load(Portion((HR_EVENTS.name, 0), 0, 0, HR_EVENTS.partitions))


async def test_nobody_waits_for_a_message_after_the_mark_of_a_transaction(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
):
    """A portion that ends with such a mark is read to its end, and one of nothing else has no message."""
    monkeypatch.setattr(loading, "ANSWER_SECONDS", 2 * PATIENCE)
    servers, topic = stack.kafka_bootstrap_servers, "with-marks"
    async with administration(servers) as admin:
        await admin.create_topics([NewTopic(topic, 1, 1)])
    producer = AIOKafkaProducer(bootstrap_servers=servers, transactional_id=topic)
    async with producer, producer.transaction():
        await producer.send_and_wait(topic, b"one")
    portion = Portion((topic, 0), 0, 2, 1)
    [found] = await within(loading.read(servers, portion), PATIENCE)
    assert found.value == b"one"
    with pytest.raises(NothingCameError):
        await within(loading.read(servers, portion._replace(at=1)), PATIENCE)


async def test_a_subject_that_became_known_meanwhile(pool: asyncpg.Pool, postgres: str):
    """Folded ahead as if nothing was known of it, it is folded again in the transaction."""
    started = make.employment_started("p", "2024-01-01")
    later = [make.employment_ended("p", "2024-03-31"), make.employment_started("q", "2024-01-01")]
    arrived = batch.decode([by_hand.record(event, 0, 1 + n) for n, event in enumerate(later)])
    ahead = folding.fold_unknown(arrived.subjects)
    await repository.positions(pool, [(HR_EVENTS.name, 0)])
    await by_hand.write(pool, [started], 0)
    span = OffsetRange((HR_EVENTS.name, 0), 1, 3)
    await batch.write(pool, Cells(pool), [span], arrived, Limits(0, 0), HR_EVENTS.partitions, ahead)
    assert await net_facts(postgres) == clean_pass([started, *later])[0]


async def test_what_cannot_be_loaded_is_read(stack: Stack):
    """A message that PostgreSQL refuses stops a portion; the stream finds it, puts it aside and takes in the rest."""
    url = await empty_database(stack)
    good = [make.employment_started(f"p{n}", "2024-01-01") for n in range(200)]
    await send(stack.kafka_bootstrap_servers, map(message, [*good, make.employment_started("p\0", "2024-01-01")]))
    async with taking(stack, url, **WHOLE):
        await caught_up(stack, url)
    found = await ledger(url)
    assert "refused_by_database" in str(found.rest)
    assert {(f"person/p{n}", "job") for n in range(200)} <= found.records.keys()
