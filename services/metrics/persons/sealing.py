"""How what metrics says of a person who stays travels on hr.events: sealed, as the person's own events are.

What is trimmed of whom tells of them: that there was something to trim.
"""

from collections.abc import Callable
from functools import partial

from shared.contracts import envelope
from shared.contracts.envelope import CloudEvent
from shared.contracts.subjects import PERSON_PREFIX
from shared.kit.sealing import cipher
from shared.kit.sealing.keyring import Keyring, Masters
from shared.kit.sealing.table import KeyTable

Seal = Callable[[CloudEvent], bytes]
"""A person's event as it travels."""


async def sealing(keys: Keyring, masters: Masters) -> Seal:
    """By the key that seals the person's events; in the clear where none does. Raises KeyLogError.

    What it gives raises MasterKeyError.
    """
    if masters() is None:
        return envelope.encode
    await keys.log.to_end()
    return partial(_sealed, keys.table)


def _sealed(keys: KeyTable, event: CloudEvent) -> bytes:
    key = keys.for_sealing(event.subject.removeprefix(PERSON_PREFIX))
    return cipher.seal(event, key) if key else envelope.encode(event)
