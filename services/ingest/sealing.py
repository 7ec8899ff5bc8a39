"""Sealing: what is published of a person is sealed by a key of that person, which Kafka has before.

Two processes that meet a person for the first time at once make a key each. Both are kept: each event names its own.
"""

import asyncio
from collections.abc import Iterable, Sequence
from time import monotonic

import structlog
from aiokafka import AIOKafkaProducer

from services.ingest.delivery import Addressed, deliver
from services.ingest.domain.outcome import Accepted, Outcome
from services.ingest.domain.rejection import KafkaRecord
from services.ingest.pace import in_turns
from shared.contracts import sealed
from shared.contracts.subjects import PERSON_PREFIX
from shared.kit.sealing import cipher
from shared.kit.sealing.cipher import PersonKey
from shared.kit.sealing.key_log import KeyLogError
from shared.kit.sealing.keyring import Keyring, Masters
from shared.kit.sealing.table import NOBODY

log = structlog.get_logger()

TICK_SECONDS = 6 * 3_600.0


class Sealing:
    """Keys for the persons of one tenant; nothing is sealed while there are no ``masters``."""

    def __init__(self, servers: str, topic: str, masters: Masters) -> None:
        """Connects when a person is first to be sealed."""
        self._topic, self._masters = topic, masters
        self.keys = Keyring(servers, topic, masters)
        self._read = False
        self._turn = asyncio.Lock()
        self._tick = monotonic()

    @property
    def seals(self) -> bool:
        """Whether there are master keys."""
        return self._masters() is not None

    async def ready(self, producer: AIOKafkaProducer, outcomes: Sequence[Outcome]) -> dict[str, PersonKey]:
        """A key for each person of what is to be published, by subject; empty if nothing is sealed.

        New ones are acknowledged. Raises KafkaError, KeyLogError, and MasterKeyError for want of a master key.
        """
        subjects = {one.event.subject for one in outcomes if isinstance(one, Accepted) and _is_sealed(one)}
        if not subjects or self._masters() is None:
            return {}
        async with self._turn:
            return await self._keys_of(producer, subjects)

    async def _keys_of(self, producer: AIOKafkaProducer, subjects: Iterable[str]) -> dict[str, PersonKey]:
        await self._known()
        found = {subject: self.keys.table.for_sealing(_person(subject)) for subject in subjects}
        new = await self._made(producer, [subject for subject, key in found.items() if key is None])
        return {subject: key for subject, key in found.items() if key is not None} | new

    async def heal(self, producer: AIOKafkaProducer) -> None:
        """Follow hr.keys; a key that came back after it was destroyed is destroyed again.

        Now and again a message that says nothing is sent, without which brokers keep what was deleted last.
        """
        async with self._turn:
            await self.keys.log.to_end()
            self._read = True
        returned = list(self.keys.table.returned)
        if monotonic() >= self._tick:
            for partition in sorted(await producer.partitions_for(self._topic)):
                await producer.send_and_wait(self._topic, None, NOBODY, partition)
            self._tick = monotonic() + TICK_SECONDS
        if returned:
            log.warning("keys came back after they were destroyed, and are destroyed again", keys=len(returned))
            await deliver(producer, [self._record(name, None) for name in returned])
            self.keys.table.returned.difference_update(returned)

    async def close(self) -> None:
        """Leave the cluster; what is known is kept, and read anew when it is next needed."""
        self._read = False
        await self.keys.close()

    async def _known(self) -> None:
        """All keys are known that there are; later on what has come meanwhile is enough."""
        if self._read:
            await self.keys.follow()
            return
        await self.keys.log.to_end()
        self._read = True

    async def _made(self, producer: AIOKafkaProducer, subjects: Iterable[str]) -> dict[str, PersonKey]:
        masters = self._masters()
        if masters is None:
            return {}
        keys = {subject: cipher.new(_person(subject)) for subject in subjects}
        if keys:
            made = [(name, sealed.encode(cipher.wrap(name, key, masters.first))) for name, key in keys.values()]
            if await deliver(producer, await in_turns(made, lambda one: self._record(*one))):
                raise KeyLogError(f"{self._topic} does not take keys")
            for name, value in made:
                self.keys.table.take(name.encode(), value)
        return {subject: PersonKey(name, key) for subject, (name, key) in keys.items()}

    def _record(self, name: str, value: bytes | None) -> Addressed:
        return Addressed(self._topic, KafkaRecord(name.encode(), value, []))


def body(outcome: Accepted, keys: dict[str, PersonKey]) -> bytes:
    """An accepted event as it travels."""
    key = keys.get(outcome.event.subject)
    return outcome.body if key is None else cipher.seal(outcome.event, key)


def _is_sealed(outcome: Accepted) -> bool:
    return sealed.is_about_a_person(outcome.event)


def _person(subject: str) -> str:
    return subject.removeprefix(PERSON_PREFIX)
