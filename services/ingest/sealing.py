"""Sealing: what is published of a person is sealed by a key of that person, which Kafka has before.

Of somebody who is erased, what counts for nothing is published with nothing in it, and needs no key.

Two processes that meet a person for the first time at once make a key each. Both are kept: each event names its own.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from time import monotonic
from types import MappingProxyType
from typing import NamedTuple

import structlog
from aiokafka import AIOKafkaProducer

from services.ingest.delivery import Addressed, deliver
from services.ingest.domain import erased
from services.ingest.domain.outcome import Accepted, Outcome
from services.ingest.domain.rejection import KafkaRecord
from services.ingest.pace import in_turns
from shared.contracts import sealed
from shared.contracts.envelope import CloudEvent
from shared.contracts.erasure import Erasure
from shared.contracts.subjects import PERSON_PREFIX
from shared.kit.sealing import cipher
from shared.kit.sealing.cipher import PersonKey
from shared.kit.sealing.key_log import KeyLogError
from shared.kit.sealing.keyring import Keyring, Masters
from shared.kit.sealing.table import NOBODY

log = structlog.get_logger()

TICK_SECONDS = 6 * 3_600.0


class Seals(NamedTuple):
    """With what events are sealed, by subject: the key of a person, and since when who is erased. Empty: nothing is."""

    keys: Mapping[str, PersonKey] = MappingProxyType({})
    erasures: Mapping[str, Erasure] = MappingProxyType({})

    def left(self, event: CloudEvent) -> CloudEvent | None:
        """What counts of an event; None: nothing, since its person is erased."""
        erasure = self.erasures.get(event.subject)
        return event if erasure is None else erased.left(event, erasure)

    def body(self, outcome: Accepted) -> bytes:
        """An accepted event as it travels."""
        event = self.left(outcome.event)
        if event is None:
            return sealed.emptied(outcome.event)
        key = self.keys.get(event.subject)
        return outcome.body if key is None else cipher.seal(event, key)

    def emptied(self, outcomes: Iterable[Outcome]) -> int:
        """How many accepted events are published with nothing in them."""
        if not self.erasures:
            return 0
        return sum(isinstance(one, Accepted) and self.left(one.event) is None for one in outcomes)


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

    async def ready(self, producer: AIOKafkaProducer, outcomes: Sequence[Outcome]) -> Seals:
        """A key for each person of whom something is to be published that counts; empty if nothing is sealed.

        New ones are acknowledged. Raises KafkaError, KeyLogError, and MasterKeyError for want of a master key.
        """
        events = [one.event for one in outcomes if isinstance(one, Accepted) and sealed.is_about_a_person(one.event)]
        if not events or self._masters() is None:
            return Seals()
        async with self._turn:
            await self._known()
            none = Seals(erasures=self._erased({event.subject for event in events}))
            counting = {event.subject for event in events if none.left(event) is not None}
            return none._replace(keys=await self._keys_of(producer, counting))

    def _erased(self, subjects: Iterable[str]) -> dict[str, Erasure]:
        known = self.keys.table.erasures
        return {subject: known[who] for subject in subjects if (who := _person(subject)) in known}

    async def _keys_of(self, producer: AIOKafkaProducer, subjects: Iterable[str]) -> dict[str, PersonKey]:
        found = {subject: self.keys.table.for_sealing(_person(subject)) for subject in subjects}
        new = await self._made(producer, [subject for subject, key in found.items() if key is None])
        return {subject: key for subject, key in found.items() if key is not None} | new

    async def heal(self, producer: AIOKafkaProducer) -> None:
        """Follow hr.keys; a key that came back after it was destroyed, or never should have been, is destroyed.

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
            log.warning("keys of persons who are erased were there, and are destroyed", keys=len(returned))
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
        keys = {subject: self._new(_person(subject)) for subject in subjects}
        if keys:
            made = [(name, sealed.encode(cipher.wrap(name, key, masters.first))) for name, key in keys.values()]
            if await deliver(producer, await in_turns(made, lambda one: self._record(*one))):
                raise KeyLogError(f"{self._topic} does not take keys")
            for name, value in made:
                self.keys.table.take(name.encode(), value)
        return {subject: PersonKey(name, key) for subject, (name, key) in keys.items()}

    def _new(self, person: str) -> tuple[str, bytes]:
        return cipher.new(person, self.keys.table.erasures.get(person))

    def _record(self, name: str, value: bytes | None) -> Addressed:
        return Addressed(self._topic, KafkaRecord(name.encode(), value, []))


def _person(subject: str) -> str:
    return subject.removeprefix(PERSON_PREFIX)
