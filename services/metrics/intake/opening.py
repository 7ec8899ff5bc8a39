"""Sealed events on their way in: the keys of persons are at hand before messages are read."""

from collections.abc import Sequence

from services.metrics.domain.record.incoming import UnreadableError
from services.metrics.intake.batch import Arrived, decode
from shared.contracts.envelope import CloudEvent
from shared.contracts.sealed import Sealed
from shared.contracts.tenants import Tenant
from shared.contracts.topics import HR_KEYS
from shared.kit.dead_letters import Message
from shared.kit.sealing.cipher import SpoiltError
from shared.kit.sealing.keyring import Keyring, Masters
from shared.kit.settings import Settings


def keyring(settings: Settings, masters: Masters) -> Keyring:
    """The keys of the tenant's persons; nothing is read before one is missing."""
    return Keyring(settings.kafka_bootstrap_servers, settings.tenant.topic(HR_KEYS).name, masters)


class Opening:
    """Reads messages of hr.events."""

    def __init__(self, keys: Keyring) -> None:
        """``keys`` are looked up when a message names them."""
        self._keys = keys

    async def arrive(self, messages: Sequence[Message], tenant: Tenant) -> Arrived:
        """``decode``, once all keys that the messages name are known, or known to be destroyed.

        Raises MasterKeyError and KeyLogError: then nothing is put aside, and all of it is read again.
        """
        await self._keys.follow()
        found = decode(messages, tenant, self._unsealed)
        if self._keys.missing:
            await self._keys.look()
            found = decode(messages, tenant, self._unsealed)
        return found

    def _unsealed(self, message: Sealed) -> CloudEvent | None:
        try:
            return self._keys.unseal(message)
        except SpoiltError as error:
            raise UnreadableError("not_unsealed", str(error)) from None
