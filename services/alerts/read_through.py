"""Until when all that was told on ``workforce.metrics`` has been read, by whichever process.

A value that has been still for long enough may have been told to be another meanwhile, in messages that nobody has read
yet: after a standstill, or a start. A mail about it would be wrong, so it waits until they are read.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError

from shared.contracts.tenants import ALONE, Tenant
from shared.contracts.topics import WORKFORCE_METRICS
from shared.kit.broker import expected, stop
from shared.kit.clock import Clock
from shared.kit.cluster import way_to
from shared.kit.metadata import Described, TopicMissingError, describe
from shared.kit.waiting import within

log = structlog.get_logger()

LONGEST = timedelta(minutes=10)
"""How long reading is waited for: then mails go, as whoever waits for an alert has waited long enough."""
ANSWER_SECONDS = 5.0

Ends = Mapping[TopicPartition, int]
Clients = tuple[AIOKafkaConsumer, AIOKafkaClient]
"""One asks for offsets, as a member of the group that joins nothing; the other how many partitions there are."""


class ReadThrough:
    """Compares where the topic ended at a moment with what the consumer group has committed since."""

    def __init__(self, servers: str, group: str, clock: Clock, tenant: Tenant = ALONE) -> None:
        """Connects when it is first asked; topic and group are those of ``tenant``."""
        self._servers, self._group, self._clock = servers, tenant.prefixed(group), clock
        self._topic = tenant.topic(WORKFORCE_METRICS).name
        self._clients: Clients | None = None
        self._asked: datetime | None = None
        self._ends: Ends | None = None

    async def moment(self) -> datetime | None:
        """A moment by which all that was told has been read; None while that is not so of any since it was asked."""
        self._asked = asked = self._asked or self._clock.now()
        if not await self._reached():
            if self._clock.now() - asked < LONGEST:
                return None
            log.warning("mails are let go although not all of the topic is read", topic=self._topic)
        self._asked = self._ends = None
        return asked

    async def close(self) -> None:
        """Leave the cluster; asking again connects again."""
        if clients := self._clients:
            self._clients = None
            await stop(clients[0], ANSWER_SECONDS)
            await clients[1].close()

    async def _reached(self) -> bool:
        try:
            return await within(self._ask(), ANSWER_SECONDS)
        except (KafkaError, OSError, TimeoutError, TopicMissingError) as error:
            if isinstance(error, KafkaError) and not expected(error):
                raise
            await self.close()
            return False

    async def _ask(self) -> bool:
        client, brokers = self._clients or await self._connect()
        if self._ends is None:
            self._ends = await _ends(client, self._topic, await describe(brokers, self._topic))
        read = await asyncio.gather(*(client.committed(place) for place in self._ends))
        return all((offset or 0) >= end for offset, end in zip(read, self._ends.values(), strict=True))

    async def _connect(self) -> Clients:
        way = way_to(self._servers)
        client = AIOKafkaConsumer(
            **way,
            group_id=self._group,
            client_id="stadga-alerts-read-through",
            enable_auto_commit=False,
            isolation_level="read_committed",
        )
        self._clients = client, AIOKafkaClient(**way)
        await self._clients[1].bootstrap()
        await client.start()
        return self._clients


async def _ends(client: AIOKafkaConsumer, name: str, topic: Described) -> Ends:
    """Where each partition ends that holds anything."""
    places = [TopicPartition(name, number) for number in range(topic.partitions)]
    begins, ends = await client.beginning_offsets(places), await client.end_offsets(places)
    return {place: end for place, end in ends.items() if end > begins[place]}
