"""Whom a source has told of is gone from every topic within a day, but for what is said of a pseudonym.

A day is not waited for: a broker that looks all the time is told that a day is a moment, and ingest that none is to be
waited for. That the real times come to less than a day, ``tests/unit/shared/test_topics.py`` and ``test_clearing.py``
add up.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from cli.local.stack import Stack, java, topics
from cli.local.stack.kafka import CLASSPATHS, QUIET, Kafka
from cli.local.stack.managed import Managed
from cli.local.stack.part import Ports
from services.ingest.consumer import GROUP
from shared.contracts.envelope import STRUCTURED
from shared.contracts.topics import ALL, HR_ORIGINALS, HR_RAW, HR_REJECTED
from shared.kit.broker import administration
from tests import builders as make
from tests.conftest import here
from tests.integration.ingesting import Ingest, produce, pseudonym, settings
from tests.integration.metering import Killable
from tests.integration.walking import on_topic
from tests.polling import until

REF = "19790101-2398"
MESSAGES = 5
"""Of the first test, on hr.raw."""
FORBID = Path(__file__).with_name("Forbid.java")
QUICK = """
log.retention.check.interval.ms=200
log.initial.task.delay.ms=200
log.segment.delete.delay.ms=100
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
allow.everyone.if.no.acl.found=true
"""
"""Looks for what is too old five times a second instead of every five minutes; knows access lists."""
A_MOMENT = {"retention.ms": "1"}


class QuickKafka(Kafka):
    """A broker that has looked at what is too old by the time that somebody asks."""

    def _write(self, properties: Path, ports: Ports, data: Path) -> None:  # type: ignore[override]
        super()._write(properties, ports, data)
        with properties.open("a") as written:
            written.write(QUICK)


class There(NamedTuple):
    """The broker and where it keeps what; an ingest that waits for nothing, and one that keeps what is younger."""

    kafka: Managed
    data: Path
    keeping: Killable
    clearing: Killable

    def at(self, service: Killable) -> Ingest:
        """As a sender sees it."""
        return Ingest(service.service.url, self.kafka.address)

    async def told_of(self) -> Mapping[str, list[str]]:
        """Where the person stands, topic by topic: the reference, the pseudonym."""
        names = {"reference": REF.encode(), "pseudonym": pseudonym(REF, 2024).encode()}
        found: dict[str, list[str]] = {}
        for topic in ALL:
            told = [one async for one in on_topic(self.kafka.address, topic.name)]
            if kinds := [kind for kind, name in names.items() if any(name in one for one in told)]:
                found[topic.name] = kinds
        return found

    async def has_read(self, messages: int) -> bool:
        """Whether so many messages of its topic are behind ingest."""
        async with administration(self.kafka.address) as admin:
            committed = await admin.list_consumer_group_offsets(GROUP)
        return sum(max(at.offset, 0) for at in committed.values()) >= messages

    def on_disk(self, topic: str) -> int:
        """Bytes of messages that the broker has of a topic."""
        return sum(file.stat().st_size for file in self.data.glob(f"{topic}-[0-9]*/*.log"))


@pytest.fixture(scope="module")
async def broker(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Managed, Path]]:
    """With the topics, empty at first, and the folder of what it keeps."""
    folder = tmp_path_factory.mktemp("quick")
    kafka = Managed(QuickKafka(folder / "kafka"), folder, here(), leashed=True)
    await kafka.start()
    await topics.create(kafka.address)
    yield kafka, folder / "kafka" / "data"
    await kafka.stop()


@pytest.fixture
async def there(broker: tuple[Managed, Path], tmp_path: Path) -> AsyncIterator[There]:
    """The ingest that keeps runs."""
    kafka, data = broker
    stack = Stack(tmp_path, here(KAFKA_BOOTSTRAP_SERVERS=kafka.address), leashed=True)
    given = settings(tmp_path) | {"KAFKA_BOOTSTRAP_SERVERS": kafka.address, "STADGA_TODAY": ""}
    keeping = Killable(stack, "ingest", **given)
    clearing = Killable(stack, "ingest", **given, STADGA_RAW_HOURS="0")
    await keeping.start()
    yield There(kafka, data, keeping, clearing)
    for service in (keeping, clearing):
        service.kill()
        await service.ended()


async def test_who_was_told_of_is_gone(there: There):
    """Of what was accepted and of what was refused, by both ways in; why something was refused stays."""
    ingest = there.at(there.keeping)
    await until(there.keeping.service.ready, "ingest to be ready")
    good, also = (make.employment_started(REF, "2024-01-01", id=name) for name in ("good", "also"))
    bad = [good | {"id": f"bad-{n}", "time": f"{REF} {n}"} for n in range(MESSAGES)]
    await produce(there.kafka.address, [(make.encoded(one), ()) for one in (*bad[1:], good)])
    assert (await ingest.post(make.encoded(also))).is_success
    assert (await ingest.post(make.encoded(bad[0]), STRUCTURED)).is_client_error
    assert len(await ingest.published(["good", "also"])) == 2
    for one in bad:
        assert (await ingest.rejected(make.encoded(one))).path == "$.time"
    before = await there.told_of()
    assert before == {
        HR_RAW.name: ["reference"],
        "hr.events": ["pseudonym"],
        HR_ORIGINALS.name: ["reference"],
    }

    await until(lambda: there.has_read(MESSAGES), "ingest to have read its topic")
    await there.clearing.start()
    await a_moment_is_a_day(there.kafka.address)

    async def gone() -> bool:
        return await there.told_of() == {"hr.events": ["pseudonym"]}

    await until(gone, "the person to be gone")
    await until(lambda: nothing_on_disk(there), "the broker to have deleted the files")
    assert len([one async for one in on_topic(there.kafka.address, HR_REJECTED.name)]) == len(bad)


async def nothing_on_disk(there: There) -> bool:
    """No byte of what was refused is in a file."""
    return there.on_disk(HR_ORIGINALS.name) == 0


async def a_moment_is_a_day(servers: str) -> None:
    """What was refused may be deleted now."""
    async with administration(servers) as admin:
        await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, HR_ORIGINALS.name, A_MOMENT)])


async def test_a_broker_that_forbids_it_is_told_of(there: There):
    """Ingest goes on, says what is missing, and deletes nothing; what is not read is not what is complained of."""
    servers = there.kafka.address
    ingest = there.at(there.keeping)
    await produce(servers, [(make.encoded(make.employment_started(REF, "2024-01-01", id="one")), ())])
    await ingest.published(["one"])
    await until(lambda: there.has_read(MESSAGES + 1), "ingest to have read its topic")
    program = [java.java(), QUIET, "-cp", java.classpath(CLASSPATHS), str(FORBID), servers, HR_RAW.name]
    assert await (await asyncio.create_subprocess_exec(*program)).wait() == 0
    await there.clearing.start()
    wanted = "Kafka does not let us delete what was read of hr.raw: the operation Delete is needed"

    async def said() -> bool:
        return (await there.clearing.service.problems()).get("clearing") == wanted

    await until(said, "ingest to say so")
    await produce(servers, [(make.encoded(make.employment_started(REF, "2024-01-01", id="two")), ())])
    await ingest.published(["two"])
    assert (await there.told_of())[HR_RAW.name] == ["reference"]
