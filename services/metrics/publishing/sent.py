"""How much of what was published is there: a topic that was made anew, or put back from a backup, has lost some."""

from typing import NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.client import AIOKafkaClient

from shared.kit.broker import stop
from shared.kit.cluster import way_to
from shared.kit.metadata import describe


class Sent(NamedTuple):
    """The topic's id, where brokers have one, and where its partitions end."""

    id: str | None
    ends: dict[int, int]

    def is_within(self, later: "Sent") -> bool:
        """Whether all of it is still there at a later time, but for what was kept long enough."""
        known = self.id is None or self.id == later.id
        return known and all(end <= later.ends.get(part, 0) for part, end in self.ends.items())


async def sent(servers: str, topic: str) -> Sent:
    """As it is now; raises KafkaError."""
    way = way_to(servers)
    consumer, client = AIOKafkaConsumer(**way), AIOKafkaClient(**way)
    try:
        await client.bootstrap()
        await consumer.start()
        there = await describe(client, topic)
        parts = [TopicPartition(topic, number) for number in range(there.partitions)]
        return Sent(there.id, {part.partition: end for part, end in (await consumer.end_offsets(parts)).items()})
    finally:
        await stop(consumer, 5)
        await client.close()
