"""Erasing persons on hr.keys: that they are erased is noted there, and their keys are destroyed.

What is sealed with those can never be read again, and whoever makes a key knows for whom not to.
"""

from collections.abc import Collection, Iterable, Mapping

from aiokafka import AIOKafkaProducer

from shared.contracts import erasure, sealed
from shared.contracts.erasure import Erasure, together
from shared.contracts.tenants import ALONE, Tenant
from shared.contracts.topics import HR_KEYS
from shared.kit.cluster import way_to
from shared.kit.sealing.keyring import Keyring, unsealed


async def erase(servers: str, erasures: Mapping[str, Erasure], tenant: Tenant = ALONE) -> None:
    """Note who is erased, by pseudonym, and then destroy all their keys; as ``note`` and ``destroy``."""
    await note(servers, erasures, tenant)
    await destroy(servers, erasures.keys(), tenant)


async def note(servers: str, erasures: Mapping[str, Erasure], tenant: Tenant = ALONE) -> int:
    """Note who is erased where that is not known; for how many it was not. May be run again, and needs no master key.

    Keys that were made without knowing of it are destroyed. Kafka has acknowledged it when this returns. Raises
    KeyLogError and KafkaError.
    """
    topic = tenant.topic(HR_KEYS).name
    keys = Keyring(servers, topic, unsealed)
    try:
        await keys.log.to_end()
        known = keys.table.erasures
        new = {whose: of for whose, of in erasures.items() if whose not in known or not known[whose].covers(of)}
        said = {whose: together([of, known[whose]]) if whose in known else of for whose, of in new.items()}
        await _send(servers, topic, [(sealed.name(of, sealed.ERASED), erasure.encode(e)) for of, e in said.items()])
        await keys.log.to_end()
        await bury(servers, topic, [name for name in keys.table.returned if sealed.person(name) in erasures])
    finally:
        await keys.close()
    return len(new)


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


async def bury(servers: str, topic: str, names: Iterable[str]) -> None:
    """Destroy the keys of these names; raises KafkaError."""
    await _send(servers, topic, [(name, None) for name in names])


async def _send(servers: str, topic: str, messages: Collection[tuple[str, bytes | None]]) -> None:
    if not messages:
        return
    async with AIOKafkaProducer(**way_to(servers), client_id="stadga-keys", acks="all") as producer:
        for answer in [await producer.send(topic, value, name.encode()) for name, value in messages]:
            await answer
