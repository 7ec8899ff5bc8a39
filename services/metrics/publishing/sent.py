"""How much of what was published is there: a topic that was made anew, or put back from a backup, has lost some."""

from typing import NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.client import AIOKafkaClient

from shared.contracts.topics import WORKFORCE_METRICS
from shared.kit.broker import stop
from shared.kit.metadata import describe


class Sent(NamedTuple):
    """The topic's id, where brokers have one, and where its partitions end."""

    id: str | None
    ends: dict[int, int]

    def is_within(self, later: "Sent") -> bool:
        """Whether all of it is still there at a later time, but for what was kept long enough."""
        known = self.id is None or self.id == later.id
        return known and all(end <= later.ends.get(part, 0) for part, end in self.ends.items())


async def sent(servers: list[str]) -> Sent:
    """As it is now; raises KafkaError."""
    consumer, client = AIOKafkaConsumer(bootstrap_servers=servers), AIOKafkaClient(bootstrap_servers=servers)
    try:
        await client.bootstrap()
        await consumer.start()
        topic = await describe(client, WORKFORCE_METRICS.name)
        parts = [TopicPartition(WORKFORCE_METRICS.name, number) for number in range(topic.partitions)]
        return Sent(topic.id, {part.partition: end for part, end in (await consumer.end_offsets(parts)).items()})
    finally:
        await stop(consumer, 5)
        await client.close()
