"""The metrics service through failures: it waits, says so, and goes on without loss."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from pathlib import Path
from signal import SIGCONT, SIGSTOP

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from cli.local.stack import Stack, migrations, topics
from tests import builders as make
from tests.conftest import execute, here
from tests.integration.metering import (
    TODAY,
    Killable,
    Service,
    caught_up,
    clean_pass,
    ends,
    fetch,
    killable,
    message,
    metrics,
    net_facts,
    send,
    standing,
)
from tests.polling import PATIENCE, until

PEOPLE = 1_500
EMPTY = """
do $$
declare name text;
begin
    for name in select tablename from pg_tables where schemaname = 'metrics'
        and tablename not in ('access_log', 'supports', 'tenant') loop
        execute format('truncate metrics.%I cascade', name);
    end loop;
end $$
"""


def log(name: str, people: int = PEOPLE) -> list[make.Event]:
    """Three events of each of many people, one of them early, one late."""
    return [
        event
        for n in range(people)
        for event in (
            make.absence_started(f"{name}{n}", "a", "2024-02-01", last_day="2024-02-20"),
            make.employment_started(f"{name}{n}", "2023-01-01", f"u{n % 7}"),
            make.caseload_reported(f"{name}{n}", "2024-03-01", n % 30),
        )
    ]


@pytest.fixture(scope="module")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """Kafka, PostgreSQL and a metrics service, to stop and start parts of."""
    async with standing(tmp_path_factory.mktemp("failures"), "metrics") as running:
        yield running


sent: list[make.Event] = []
"""All that was sent to the module's stack, test by test."""


async def publish(stack: Stack, events: list[make.Event]) -> None:
    """Send, and remember."""
    sent.extend(events)
    await send(stack.kafka_bootstrap_servers, map(message, events))


async def nothing_is_lost(stack: Stack) -> None:
    """All that was sent is folded, exactly once."""
    await caught_up(stack)
    assert await net_facts(stack.database_url) == clean_pass(sent)[0]
    await until(metrics(stack).ready, "the service is ready again")


async def says(service: Service, part: str) -> None:
    """Wait until health names the part."""

    async def named() -> bool:
        return part in await service.problems()

    await until(named, f"{part} to be told in health")


async def test_postgresql_goes_away_and_comes_back(stack: Stack):
    """Health says so while it is away; afterwards net facts are those of a clean pass."""
    await publish(stack, log("pg"))
    stack.kill("postgres")
    await says(metrics(stack), "evaluation")
    await publish(stack, log("pg-later"))
    await says(metrics(stack), "hr.events")
    await stack.restart("postgres")
    await nothing_is_lost(stack)


async def test_kafka_goes_away_and_comes_back(stack: Stack):
    """Health says so while it is away; afterwards net facts are those of a clean pass."""
    await publish(stack, log("kafka"))
    stack.kill("kafka")
    await says(metrics(stack), "hr.events")
    await stack.restart("kafka")
    await publish(stack, log("kafka-later"))
    await nothing_is_lost(stack)


async def test_killed_while_folding(stack: Stack):
    """SIGKILL in the middle of a log: net facts are those of a clean pass."""
    await publish(stack, log("killed"))
    stack.kill("metrics")
    await stack.restart("metrics")
    await nothing_is_lost(stack)


async def test_the_database_is_behind_kafka(stack: Stack):
    """Emptied, as by a restore of an old copy: all is read again, though Kafka says it was and nothing new comes."""
    await publish(stack, log("behind"))
    await nothing_is_lost(stack)
    await until(lambda: told_to_kafka(stack), "Kafka to hold the positions")
    stack.kill("metrics")
    await execute(stack.database_url, EMPTY)
    await stack.restart("metrics")
    await nothing_is_lost(stack)


async def told_to_kafka(stack: Stack) -> bool:
    """Whether the consumer group's own positions are at the end."""
    admin = AIOKafkaAdminClient(bootstrap_servers=stack.kafka_bootstrap_servers)
    await admin.start()
    try:
        held = await admin.list_consumer_group_offsets("metrics")
    finally:
        await admin.close()
    return {tp.partition: at.offset for tp, at in held.items() if at.offset > 0} == await ends(
        stack.kafka_bootstrap_servers
    )


async def test_a_unit_moves_in_the_tree(stack: Stack):
    """Values and series of the new parent appear, those of the old one go, without a restart."""
    await publish(stack, [make.unit_defined("u1", "2020-01-01", parent="north")])
    service = metrics(stack)

    async def parent() -> set[str]:
        units = {unit for _, unit, _ in await service.exposed()} & {"north", "south"}
        return units if units == set(await service.values(TODAY)) & {"north", "south"} else set()

    async def is_in_the_north() -> bool:
        return await parent() == {"north"}

    async def is_in_the_south() -> bool:
        return await parent() == {"south"}

    await until(is_in_the_north, "the unit to count in the north")
    await publish(stack, [make.unit_defined("u1", "2024-04-01", parent="south")])
    await until(is_in_the_south, "the unit to count in the south")
    values = await service.values("2024-03-31")
    assert values["north"]["headcount"] == values["u1"]["headcount"]
    assert "south" not in values


async def test_another_day(stack: Stack):
    """The same facts on another today: Prometheus shows that day's values."""
    await nothing_is_lost(stack)
    leavers = [make.employment_ended(f"pg{n}", "2024-06-15") for n in range(100)]
    await publish(stack, leavers)
    await caught_up(stack)
    today = (await metrics(stack).values(TODAY))["*"]["headcount"]["value"]
    stack.kill("metrics")
    async with killable(stack, "metrics", STADGA_TODAY="2024-07-01") as later:

        async def has_fewer() -> bool:
            shown = (await later.service.exposed()).get(("stadga_headcount_people", "*", "*"))
            return shown == today - len(leavers)

        await until(has_fewer, "the headcount of the later day")


async def ends_cleanly(process: Killable) -> None:
    """SIGTERM is answered with exit code 0."""
    assert await asyncio.wait_for(process.terminate(), PATIENCE) == 0


@pytest.fixture
async def away(tmp_path: Path) -> AsyncIterator[Stack]:
    """Addresses of Kafka and PostgreSQL that have been there and are not now."""
    stack = Stack(tmp_path / "away", here(), leashed=True)
    await stack.start(["kafka", "postgres"])
    stack.kill("kafka")
    stack.kill("postgres")
    yield stack
    await stack.stop()


async def test_sigterm_while_at_work(away: Stack):
    """Told to stop in the middle of a log, it ends with 0; the next process goes on where it was."""
    await away.restart("kafka")
    await away.restart("postgres")
    await topics.create(away.kafka_bootstrap_servers)
    await migrations.migrate(away.database_url)
    events = log("term")
    async with killable(away, "metrics") as process:
        await until(process.service.ready, "the service to be ready")
        await send(away.kafka_bootstrap_servers, map(message, events))
        await ends_cleanly(process)
        await process.start()
        await caught_up(away)
        assert await net_facts(away.database_url) == clean_pass(events)[0]
        away.kill("kafka")
        await ends_cleanly(process)


HOLDING = "select 1 from pg_stat_activity where state = 'idle in transaction' and state_change < now() - interval '1 s'"
ROUND = 40
"""Polls between two moments in which the process may go on."""


async def test_frozen_in_the_middle_of_a_batch(away: Stack):
    """A process that hangs does not hold others up for long; when it goes on, what it had in hand is dropped."""
    await away.restart("kafka")
    await away.restart("postgres")
    await topics.create(away.kafka_bootstrap_servers)
    await migrations.migrate(away.database_url)
    events, polls = log("frozen"), itertools.count()
    async with killable(away, "metrics", STADGA_BATCH="200") as frozen:
        await until(frozen.service.ready, "the service to be ready")
        await send(away.kafka_bootstrap_servers, map(message, events))

        async def holds_locks() -> bool:
            turn = next(polls) % ROUND
            if turn < 2:
                frozen.send(SIGSTOP if turn else SIGCONT)
            return bool(turn and await fetch(away.database_url, HOLDING))

        await until(holds_locks, "the process to be frozen within a transaction")
        async with killable(away, "metrics"):
            await caught_up(away)
            frozen.send(SIGCONT)
            await until(frozen.service.ready, "the process to go on")
            assert await net_facts(away.database_url) == clean_pass(events)[0]


async def test_a_frozen_leader_is_followed(away: Stack):
    """A leader that hangs loses its lock to another replica; when it goes on, it stands by."""
    await away.restart("kafka")
    await away.restart("postgres")
    await topics.create(away.kafka_bootstrap_servers)
    await migrations.migrate(away.database_url)
    async with killable(away, "metrics") as frozen:
        await leads(frozen.service, "the first to lead")
        async with killable(away, "metrics") as other:
            await until(other.service.ready, "the other to be ready")
            frozen.send(SIGSTOP)
            await leads(other.service, "the other to lead")
            frozen.send(SIGCONT)
            await leads(frozen.service, "the first to stand by", leader=False)


async def leads(service: Service, what: str, *, leader: bool = True) -> None:
    """Wait until the service leads, or does not."""

    async def is_so() -> bool:
        return await service.ready() and await service.counted("stadga_metrics_leader") == leader

    await until(is_so, what)


async def test_started_before_kafka_and_postgresql(away: Stack):
    """It waits, says for what, can be stopped while it waits, and begins once both are there."""
    async with killable(away, "metrics") as process:
        await says(process.service, "hr.events")
        assert "evaluation" in await process.service.problems()
        await ends_cleanly(process)
        await process.start()
        await says(process.service, "hr.events")
        await away.restart("postgres")
        await migrations.migrate(away.database_url)
        await away.restart("kafka")
        await topics.create(away.kafka_bootstrap_servers)
        events = log("early", 50)
        await send(away.kafka_bootstrap_servers, map(message, events))
        await until(process.service.ready, "the service to be ready")
        await caught_up(away)
        assert await net_facts(away.database_url) == clean_pass(events)[0]
