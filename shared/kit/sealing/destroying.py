"""Destroying the keys of persons: what is sealed with them can never be read again."""

from collections.abc import Collection

from aiokafka import AIOKafkaProducer

from shared.contracts import sealed
from shared.contracts.tenants import ALONE, Tenant
from shared.contracts.topics import HR_KEYS
from shared.kit.cluster import way_to
from shared.kit.sealing.keyring import Keyring, unsealed


async def destroy(servers: str, pseudonyms: Collection[str], tenant: Tenant = ALONE) -> int:
    """Destroy every key of these persons; how many there were. May be run again, and needs no master key.

    Kafka has acknowledged it when this returns; brokers drop the wrapped keys themselves within a day.
    Raises KeyLogError and KafkaError.
    """
    topic, wanted, destroyed = tenant.topic(HR_KEYS).name, set(pseudonyms), 0
    keys = Keyring(servers, topic, unsealed)
    try:
        await keys.log.to_end()
        while there := [held.name for held in keys.table if sealed.person(held.name) in wanted]:
            await bury(servers, topic, there)
            destroyed += len(there)
            await keys.log.to_end()  # somebody may have made another one meanwhile
    finally:
        await keys.close()
    return destroyed


async def bury(servers: str, topic: str, names: Collection[str]) -> None:
    """Destroy the keys of these names; raises KafkaError."""
    async with AIOKafkaProducer(**way_to(servers), client_id="stadga-keys", acks="all") as producer:
        sent = [await producer.send(topic, None, name.encode()) for name in names]
        for answer in sent:
            await answer
