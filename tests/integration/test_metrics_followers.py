"""The evaluator waits for a group that follows what it publishes, and knows how far that has read."""

from datetime import timedelta

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from services.metrics.publishing.followers import MOST, Read, following
from services.metrics.settings import MetricsSettings
from shared.contracts.topics import WORKFORCE_METRICS
from tests import builders as make
from tests.integration.evaluating import Day, Evaluating, evaluating, published
from tests.polling import until

GROUP = MetricsSettings().stadga_alerts_group
PLACE = TopicPartition(WORKFORCE_METRICS.name, 0)
STAFF = [make.employment_started(f"p{n}", "2022-01-01", "u") for n in range(9)]
LOOKED = "stadga_metrics_last_evaluation_timestamp_seconds"
OTHERS = MOST + 100


async def written(kafka: str) -> None:
    """So many messages that nobody waits to read."""
    producer = AIOKafkaProducer(bootstrap_servers=kafka)
    await producer.start()
    message = make.encoded(make.unit_defined("elsewhere", "2022-01-01"))
    for _ in range(OTHERS):
        await producer.send(PLACE.topic, message, partition=PLACE.partition)
    await producer.stop()


async def read_to(kafka: str, offset: int, group: str = GROUP) -> None:
    """The group has read so far."""
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, group_id=group, enable_auto_commit=False)
    await consumer.start()
    consumer.assign([PLACE])
    await consumer.commit({PLACE: offset})
    await consumer.stop()


async def shown(running: Evaluating, count: int) -> None:
    """Wait until so many people are."""
    series = 'stadga_headcount_people{unit="u",occupation="*"}'
    await until(lambda: running.shows(series, f"{count}.0"), f"{count} people")


async def looks(running: Evaluating, day: Day, times: int) -> None:
    """Wait for so many more, each a second later."""
    for _ in range(times):
        day.now += timedelta(seconds=1)
        await until(lambda: running.counted(LOOKED) == day.now.timestamp(), "another look")


async def test_how_far_a_group_has_read(kafka_with_topics: str):
    """Where it has read anything; of one that nobody knows nothing waits."""
    await written(kafka_with_topics)
    await read_to(kafka_with_topics, 0, "somebody")  # from then on there is who keeps groups
    async with following(kafka_with_topics, PLACE.topic, "others") as ask:
        assert await ask() == Read(0, 0)
        await read_to(kafka_with_topics, 40, "others")
        assert await ask() == Read(40, OTHERS - 40)


async def test_published_once_it_has_read_on(kafka_with_topics: str, postgres: str):
    """Not before, though it is looked at; and nobody is told meanwhile that what was published is half of something."""
    day = Day()
    async with evaluating(kafka_with_topics, postgres, day, STAFF) as running:
        await shown(running, 9)
        await written(kafka_with_topics)
        await read_to(kafka_with_topics, 0)
        await running.ledger.take(make.employment_started("late", "2022-01-01", "u"))
        for offset in range(1, 6):
            await looks(running, day, 2)
            await read_to(kafka_with_topics, offset)
        await shown(running, 9)
        await read_to(kafka_with_topics, OTHERS)
        await shown(running, 10)
    assert not any(group.provisional for group in await published(kafka_with_topics))
