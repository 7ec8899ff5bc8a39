"""Another master key: every key of a person is wrapped anew by the first one of the file.

Each key is a message of its own, so whatever this is interrupted at, it goes on where it was. Persons' keys,
and what is sealed by them, stay as they are.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from aiokafka import AIOKafkaProducer

from shared.contracts import sealed
from shared.kit.cluster import way_to
from shared.kit.sealing.cipher import SpoiltError, wrap
from shared.kit.sealing.destroying import bury
from shared.kit.sealing.keyring import Keyring
from shared.kit.sealing.masters import MasterKeys
from shared.kit.sealing.table import Held
from shared.language.said import Said

AT_ONCE = 1_000
Say = Callable[[Said], None]


class Rewrapped(NamedTuple):
    """How many keys were wrapped anew, how many there are by master key, and which of them nobody can unwrap."""

    anew: int
    by_master: dict[str, int]
    spoilt: frozenset[str]


class Rewrapping:
    """One run of ``stadga keys rotate``."""

    def __init__(self, servers: str, topic: str, masters: MasterKeys, say: Say) -> None:
        """``say`` is told how far it is."""
        self._servers, self._topic, self._masters, self._say = servers, topic, masters, say
        self._keys = Keyring(servers, topic, lambda: masters)
        self._spoilt: set[str] = set()

    async def run(self) -> Rewrapped:
        """Until every key is wrapped by the first master key.

        Raises MasterKeyError if the file lacks one that is needed, before anything is changed; KeyLogError, KafkaError.
        """
        anew, table = 0, self._keys.table
        try:
            await self._keys.log.to_end()
            for fingerprint, name in {(held.print, held.master) for held in table}:
                self._masters.by(fingerprint, name)
            async with AIOKafkaProducer(**way_to(self._servers), client_id="stadga-keys", acks="all") as producer:
                while left := self._left():
                    for begin in range(0, len(left), AT_ONCE):
                        anew += await self._wrap(producer, left[begin : begin + AT_ONCE])
                        self._say(Said(f"  {anew}/{len(table)} nycklar", f"  {anew}/{len(table)} keys"))
            by_master = Counter(held.master for held in table if held.name not in self._spoilt)
        finally:
            await self._keys.close()
        return Rewrapped(anew, dict(by_master), frozenset(self._spoilt))

    def _left(self) -> list[Held]:
        first = self._masters.first.print
        return [held for held in self._keys.table if held.print != first and held.name not in self._spoilt]

    async def _wrap(self, producer: AIOKafkaProducer, some: Sequence[Held]) -> int:
        """Wrap some anew; one that was destroyed at the same moment is destroyed again."""
        table, sent = self._keys.table, []
        for held in some:
            try:
                value = sealed.encode(wrap(held.name, table.raw(held), self._masters.first))
            except SpoiltError:
                self._spoilt.add(held.name)
                continue
            sent.append(await producer.send(self._topic, value, held.name.encode()))
        for answer in sent:
            await answer
        await self._keys.log.to_end()
        if table.returned:
            await bury(self._servers, self._topic, sorted(table.returned))
            await self._keys.log.to_end()
        return len(sent)
