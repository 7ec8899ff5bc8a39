"""Unsealing: the keys of persons at hand for whoever reads hr.events.

A key is acknowledged before the first event that it seals is published. So a reader that does not know a key reads
hr.keys to its end, and a key that is not there then is destroyed, and its events are erased with it.
"""

from collections.abc import Callable

from shared.contracts import sealed
from shared.contracts.envelope import CloudEvent
from shared.contracts.sealed import Sealed
from shared.kit.sealing.cipher import unseal
from shared.kit.sealing.key_log import KeyLog
from shared.kit.sealing.masters import SETTING, MasterKeyError, MasterKeys
from shared.kit.sealing.table import KeyTable

Masters = Callable[[], MasterKeys | None]
"""The master keys in force; None without a file of them."""


def unsealed() -> None:
    """The master keys of whoever seals nothing: none."""


class Keyring:
    """The keys of one tenant's persons."""

    def __init__(self, servers: str, topic: str, masters: Masters) -> None:
        """Nothing is read before a key is missing."""
        self._given = masters
        self.table = KeyTable(self._masters)
        self.log = KeyLog(servers, topic, self.table.take)
        self._missing: set[str] = set()
        self._gone: set[str] = set()

    def _masters(self) -> MasterKeys:
        found = self._given()
        if found is None:
            raise MasterKeyError(
                f"hr.events har förseglade händelser, och {SETTING} är inte satt",
                f"hr.events has sealed events, and {SETTING} is not set",
            )
        return found

    def unseal(self, message: Sealed) -> CloudEvent | None:
        """The event; None if it is emptied, its key is destroyed, or is ``missing`` and has to be looked for first.

        Raises MasterKeyError for want of the master key, SpoiltError for what was not sealed so.
        """
        if message.sealed == sealed.ERASED:
            return None
        self._masters()
        name = message.key
        key = self.table.usable(name)
        if key is not None:
            return unseal(message, key)
        if name not in self._gone:
            self._missing.add(name)
        return None

    @property
    def missing(self) -> bool:
        """Whether a key was asked for that is not known, nor known to be destroyed."""
        return bool(self._missing)

    async def look(self) -> None:
        """Look for the keys that are missing; those that are not there now are destroyed. Raises KeyLogError."""
        asked = set(self._missing)
        await self.log.to_end()
        self._missing -= asked
        self._gone |= {name for name in asked if self.table.named(name) is None}

    async def follow(self) -> None:
        """Hear of keys that were destroyed meanwhile."""
        await self.log.follow()

    async def close(self) -> None:
        """Leave the cluster."""
        await self.log.close()
