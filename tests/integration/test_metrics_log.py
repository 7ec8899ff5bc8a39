"""hr.events is lost, cut or repartitioned behind the metrics service: it says so, and loses nothing once realigned."""

import contextlib
from collections.abc import AsyncIterator
from contextlib import nullcontext

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions

from cli.connect.repartitioning.steps import Repartition, RepartitionError
from cli.local.stack import Stack, topics
from services.metrics.intake.realigning import realign
from shared.contracts.topics import HR_EVENTS
from shared.kit.broker import administration
from shared.language.said import Said
from tests import builders as make
from tests.conftest import execute
from tests.integration.metering import (
    caught_up,
    clean_pass,
    ends,
    fetch,
    message,
    metrics,
    net_facts,
    send,
    standing,
)
from tests.polling import until

PART = "hr.events"
ANOTHER = """
update metrics.offsets set digest = 'x' where part = (select min(part) from metrics.offsets where next > 0)
"""


@pytest.fixture(scope="module")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """A metrics service on real Kafka and PostgreSQL."""
    async with standing(tmp_path_factory.mktemp("log"), "metrics") as running:
        yield running


def people(name: str, count: int = 60) -> list[make.Event]:
    """Two events of each of some people."""
    return [
        event
        for n in range(count)
        for event in (
            make.employment_started(f"{name}{n}", "2023-01-01", f"u{n % 3}"),
            make.caseload_reported(f"{name}{n}", "2024-03-01", n % 30),
        )
    ]


sent = people("early")


async def says(stack: Stack, words: str) -> None:
    """Wait until health says why events are not read, and the gauge shows it."""

    async def told() -> bool:
        stopped = await metrics(stack).counted("stadga_metrics_partition_stopped")
        return words in (await metrics(stack).problems()).get(PART, "") and stopped > 0

    await until(told, f"health to say {words!r}")


async def realigned(stack: Stack) -> list[int]:
    """Realign."""
    return (await realign(stack.kafka_bootstrap_servers, stack.database_url)).partitions


async def nothing_is_lost(stack: Stack) -> None:
    """All that was sent is folded, once, and health has nothing to say."""
    await caught_up(stack)
    assert await net_facts(stack.database_url) == clean_pass(sent)[0]
    await until(metrics(stack).ready, "the service to be ready")


async def made_anew(admin: AIOKafkaAdminClient, servers: str) -> None:
    """Delete the topic and make it again."""
    await admin.delete_topics([HR_EVENTS.name])

    async def is_gone() -> bool:
        return HR_EVENTS.name not in await admin.list_topics()

    await until(is_gone, "the topic to be gone")
    await topics.create(servers)


async def test_a_topic_made_anew_is_not_read_on(stack: Stack):
    """Events sent again and new ones, more than were read before: they are folded once the positions are realigned."""
    await send(stack.kafka_bootstrap_servers, map(message, sent))
    await nothing_is_lost(stack)
    before = await net_facts(stack.database_url)
    async with administration(stack.kafka_bootstrap_servers) as admin:
        await made_anew(admin, stack.kafka_bootstrap_servers)
    sent.extend(people("late", 120))
    await send(stack.kafka_bootstrap_servers, map(message, sent[::-1]))
    await says(stack, "was made anew")
    assert await net_facts(stack.database_url) == before
    assert await realigned(stack) == list(range(HR_EVENTS.partitions))
    await nothing_is_lost(stack)


async def test_a_message_that_is_another_stops_its_partition_alone(stack: Stack):
    """After a log was cut and filled up again, the other partitions go on."""
    await nothing_is_lost(stack)
    stack.kill("metrics")
    await execute(stack.database_url, ANOTHER)
    (first,) = await fetch(stack.database_url, "select part from metrics.offsets where digest = 'x'")
    await stack.restart("metrics")
    await says(stack, "is not the one that was read")
    sent.extend(people("beside"))
    await send(stack.kafka_bootstrap_servers, map(message, sent[-120:]))

    async def others_go_on() -> bool:
        behind = await fetch(stack.database_url, "select part, next from metrics.offsets")
        end = await ends(stack.kafka_bootstrap_servers)
        return {row["part"] for row in behind if row["next"] < end[row["part"]]} == {first["part"]}

    await until(others_go_on, "the other partitions to be read")
    assert await realigned(stack) == [first["part"]]
    await nothing_is_lost(stack)


async def test_a_log_that_ends_too_early_is_not_read_on(stack: Stack):
    """A position behind the end is told while the service runs, before anything fills the log up."""
    await nothing_is_lost(stack)
    await execute(stack.database_url, "update metrics.offsets set next = next + 1000 where next > 0")
    sent.extend(people("after"))
    await send(stack.kafka_bootstrap_servers, map(message, sent[-120:]))
    await says(stack, "where it was read to")
    assert await realigned(stack)
    await nothing_is_lost(stack)


async def test_another_number_of_partitions_is_refused(stack: Stack):
    """A person's events would be in two of them: nothing is read until the topic was repartitioned."""
    await nothing_is_lost(stack)
    async with administration(stack.kafka_bootstrap_servers) as admin:
        await admin.create_partitions({HR_EVENTS.name: NewPartitions(HR_EVENTS.partitions + 2)})
    await says(stack, f"has {HR_EVENTS.partitions + 2} partitions and was read with {HR_EVENTS.partitions}")
    sent.extend(people("between"))
    await send(stack.kafka_bootstrap_servers, map(message, sent[-120:]))


class EndedEarlyError(Exception):
    """The operator, or the machine, ends the command."""


async def repartitioned(stack: Stack, partitions: int, until_said: str | None = None) -> list[str]:
    """What the command says; it is interrupted when it says something."""
    said: list[str] = []

    def say(line: Said) -> None:
        said.append(line.en)
        if line.en == until_said:
            raise EndedEarlyError

    with pytest.raises(EndedEarlyError) if until_said else nullcontext():
        await Repartition(stack.kafka_bootstrap_servers, partitions, say).run()
    return said


async def test_repartitioned_and_realigned_nothing_is_lost(stack: Stack):
    """Interrupted at every step and run again, it ends with every message in its key's partition."""
    stack.kill("metrics")
    for step in (
        "copying hr.events to hr.events.copy",
        "reading hr.events.copy",
        "copying hr.events.copy to hr.events",
    ):
        await repartitioned(stack, 16, step)
    with pytest.raises(RepartitionError, match="--partitions 16"):
        await repartitioned(stack, 5)
    assert "16 partitions" in (await repartitioned(stack, 16))[-1]
    assert "nothing to do" in (await repartitioned(stack, 16))[-1]
    assert await realigned(stack) == list(range(16))
    await stack.restart("metrics")
    await nothing_is_lost(stack)


async def test_what_transactions_took_back_is_no_event(stack: Stack):
    """Nor is it a loss, or something that waits: one is taken back at the end, where no message follows."""
    gaps = await metrics(stack).counted("stadga_metrics_gaps_total")
    kept, taken_back = people("kept"), people("taken-back")
    async with AIOKafkaProducer(bootstrap_servers=stack.kafka_bootstrap_servers, transactional_id="log") as producer:
        for events, is_kept in (
            (kept[:40], True),
            (taken_back[:60], False),
            (kept[40:], True),
            (taken_back[60:], False),
        ):
            with contextlib.suppress(LookupError):
                async with producer.transaction():
                    for event in events:
                        await producer.send(HR_EVENTS.name, make.encoded(event), event["subject"].encode())
                    if not is_kept:
                        raise LookupError
    sent.extend(kept)
    wanted = clean_pass(sent)[0]

    async def all_folded() -> bool:
        return await net_facts(stack.database_url) == wanted

    async def nothing_waits() -> bool:
        return await metrics(stack).counted("stadga_consumer_lag_messages") == 0

    await until(all_folded, "what was kept to be folded")
    await until(nothing_waits, "the lag to be 0")
    assert await net_facts(stack.database_url) == wanted
    assert await metrics(stack).counted("stadga_metrics_gaps_total") == gaps
