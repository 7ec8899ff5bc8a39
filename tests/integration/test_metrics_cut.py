"""What is published is a consistent cut, on real Kafka and PostgreSQL."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from signal import SIGCONT, SIGSTOP

from aiokafka import AIOKafkaProducer

from cli.local.stack import Stack
from services.metrics.intake import repository
from services.metrics.intake.repository import Log
from services.metrics.publishing.cut import asking
from shared.contracts.metrics import ALL, GroupComputed
from shared.contracts.topics import HR_EVENTS
from shared.kit.database import pool
from tests import builders as make
from tests.integration.evaluating import published
from tests.integration.folding import evaluating, write
from tests.integration.metering import Killable, killable, message, metrics, send, standing
from tests.polling import until

STAFF = [make.employment_started(f"person-{n}", "2020-01-01", unit="unit") for n in range(12)]
GONE = [make.employment_ended(f"person-{n}", "2024-04-30") for n in range(12)]


async def test_a_partition_that_is_behind_holds_everything_back(kafka_with_topics: str, postgres: str):
    """Of who came and who left on two partitions nothing is published before both are folded; then the whole is.

    One that nobody has begun to read is behind as well.
    """
    asked = 0
    servers = kafka_with_topics
    await send(kafka_with_topics, [message(event, 0) for event in STAFF] + [message(event, 1) for event in GONE])
    async with pool(postgres, "metrics") as opened, asking(servers, HR_EVENTS.name) as ask:

        async def counting() -> Mapping[int, int]:
            nonlocal asked
            asked += 1
            return await ask()

        await repository.log_of(opened, HR_EVENTS.name, Log(None, HR_EVENTS.partitions))
        await repository.positions(opened, [(HR_EVENTS.name, 0)])
        await write(opened, STAFF, partition=0)
        async with evaluating(opened, kafka_with_topics, ask=counting):
            await until(lambda: noted(kafka_with_topics), "it to be said that more is taken in than is published")
            assert asked > 1
            await repository.positions(opened, [(HR_EVENTS.name, 1)])
            before = asked
            await until(lambda: asked > before + 1, "the ends to be asked for again")
            assert {one.provisional for one in await published(kafka_with_topics)} == {True}
            await write(opened, GONE, partition=1)

            await until(lambda: values(kafka_with_topics), "the whole to be published")
    assert {one.metrics["headcount"].value for one in await values(kafka_with_topics)} == {0.0}


WAVE = 120


async def test_a_transaction_is_there_as_a_whole_or_not_at_all(tmp_path: Path):
    """Whatever replicas fold it: one stands still, then the leader is killed. No part of it is published."""
    async with AsyncExitStack() as open_now:
        stack = await open_now.enter_async_context(standing(tmp_path))
        replicas = [await open_now.enter_async_context(killable(stack, "metrics", STADGA_BATCH="20")) for _ in range(2)]
        leader, follower = await until(lambda: roles(replicas), "one replica to lead and one to fold")
        follower.send(SIGSTOP)
        await hire(stack, 0)
        await until(lambda: is_published(stack, WAVE), "the first wave to be published")
        follower.send(SIGCONT)
        await hire(stack, 1)
        leader.kill()
        await until(lambda: is_published(stack, 2 * WAVE), "the second wave to be published")
        told = await published(stack.kafka_bootstrap_servers)
    assert {count for count in map(headcount, told) if count} == {WAVE, 2 * WAVE}


async def roles(replicas: list[Killable]) -> tuple[Killable, Killable] | None:
    """The replica that evaluates, and another that reads partitions; None before there are both."""
    ready = [await one.service.ready() for one in replicas]
    leads = [await one.service.counted("stadga_metrics_leader") for one in replicas] if all(ready) else []
    return (replicas[leads.index(1)], replicas[leads.index(0)]) if sorted(leads) == [0, 1] else None


async def hire(stack: Stack, wave: int) -> None:
    """So many people on all partitions, in one transaction."""
    servers = stack.kafka_bootstrap_servers
    async with AIOKafkaProducer(bootstrap_servers=servers, transactional_id="hr") as producer, producer.transaction():
        for number in range(WAVE):
            one = message(make.employment_started(f"{wave}-{number}", "2020-01-01", unit="unit"))
            await producer.send(HR_EVENTS.name, one.value, one.key)


def headcount(group: GroupComputed) -> float | None:
    """Of everybody, as of today; None of what is not told of that."""
    told = group.metrics.get("headcount") if (group.unit, group.occupation) == (ALL, ALL) else None
    return told.value if told and group.as_of == group.today else None


async def is_published(stack: Stack, count: int) -> bool:
    """Whether so many people were told of."""
    return count in map(headcount, await published(stack.kafka_bootstrap_servers))


async def noted(kafka: str) -> bool:
    """Whether anything was said of what is taken in."""
    return any(one.provisional for one in await published(kafka))


async def values(kafka: str) -> list[GroupComputed]:
    """What was published as of today; said last is that nothing more is being taken in."""
    told = await published(kafka)
    notes = sorted((one for one in told if not one.metrics), key=lambda one: one.revision)
    found = [one for one in told if one.metrics and one.as_of == one.today]
    return found if not notes[-1].provisional else []


async def test_marks_of_transactions_are_no_messages(tmp_path: Path):
    """Behind the last message of a publisher that uses transactions stands a mark, which nobody waits for."""
    async with standing(tmp_path, "metrics") as stack:
        producer = AIOKafkaProducer(bootstrap_servers=stack.kafka_bootstrap_servers, transactional_id="source")
        async with producer, producer.transaction():
            for event in STAFF:
                one = message(event, 0)
                await producer.send(HR_EVENTS.name, one.value, one.key, one.partition)

        async def shown() -> bool:
            found = await metrics(stack).exposed()
            return any(name.startswith("stadga_headcount") and value == 12 for (name, *_), value in found.items())

        await until(shown, "what was sent in a transaction to be published")
