"""What is published is a consistent cut, on real Kafka and PostgreSQL."""

from collections.abc import Mapping
from pathlib import Path

from aiokafka import AIOKafkaProducer

from services.metrics.intake import repository
from services.metrics.intake.repository import Log
from services.metrics.publishing.cut import asking
from shared.contracts.topics import HR_EVENTS
from shared.kit.database import pool
from tests import builders as make
from tests.integration.evaluating import published
from tests.integration.folding import evaluating, write
from tests.integration.metering import message, metrics, send, standing
from tests.polling import until

STAFF = [make.employment_started(f"person-{n}", "2020-01-01", unit="unit") for n in range(12)]
GONE = [make.employment_ended(f"person-{n}", "2024-04-30") for n in range(12)]


async def test_a_partition_that_is_behind_holds_everything_back(kafka_with_topics: str, postgres: str):
    """Of who came and who left on two partitions nothing is published before both are folded; then the whole is."""
    asked = 0
    servers = [kafka_with_topics]
    await send(kafka_with_topics, [message(event, 0) for event in STAFF] + [message(event, 1) for event in GONE])
    async with pool(postgres, "metrics") as opened, asking(servers, HR_EVENTS.name) as ask:

        async def counting() -> Mapping[int, int]:
            nonlocal asked
            asked += 1
            return await ask()

        await repository.log_of(opened, HR_EVENTS.name, Log(None, HR_EVENTS.partitions))
        await repository.positions(opened, [(HR_EVENTS.name, number) for number in (0, 1)])
        await write(opened, STAFF, partition=0)
        async with evaluating(opened, kafka_with_topics, ask=counting):
            await until(lambda: asked > 3, "the evaluator to look at half a log")
            assert await published(kafka_with_topics) == []
            await write(opened, GONE, partition=1)

            async def whole() -> bool:
                return bool(await published(kafka_with_topics))

            await until(whole, "the whole to be published")
    told = {one.metrics["headcount"].value for one in await published(kafka_with_topics) if one.as_of == one.today}
    assert told == {0.0}


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
