"""(u) What sealing takes: of the processor for each event, sealed and unsealed, and of memory for each person's key.

Each of five passes over the same events; the least of them, since whatever else runs only ever adds.
"""

import tracemalloc
from collections.abc import Callable, Sequence
from datetime import timedelta
from time import process_time
from typing import NamedTuple, TypeVar

from benchmarks import replay
from cli.simulation.log import simulate
from services.metrics.domain.facts.entry import entry_of
from shared.contracts import envelope, sealed
from shared.contracts.envelope import CloudEvent
from shared.kit.packing import packed
from shared.kit.sealing import cipher
from shared.kit.sealing.cipher import PersonKey
from shared.kit.sealing.masters import MasterKey, MasterKeys
from shared.kit.sealing.table import KeyTable

PEOPLE, UNITS, DAYS, PASSES = 600, 12, 365, 5
KEYS = 100_000
BATCH = 1_000
MASTER = MasterKey("2026", bytes(range(32)))
T = TypeVar("T")


class Cost(NamedTuple):
    """Microseconds an event: encoded and sealed; decoded, unsealed with its key at hand, and with its key to unwrap.

    Bytes an event packed by the batch, as it is and sealed; bytes a person's key takes in memory.
    """

    events: int
    encoded: float
    sealed: float
    decoded: float
    unsealed: float
    unwrapped: float
    plain_bytes: float
    sealed_bytes: float
    key_bytes: float


def measure() -> Cost:
    """Seal and unseal what a municipality tells of its people in a year."""
    first = replay.LAST - timedelta(days=DAYS)
    log = [one for one in simulate(1, PEOPLE, UNITS, first=first, last=replay.LAST) if sealed.is_about_a_person(one)]
    table, keys = KeyTable(lambda: MasterKeys((MASTER,))), dict[str, PersonKey]()
    for subject in dict.fromkeys(event.subject for event in log):
        name, key = cipher.new(subject.partition("/")[2])
        keys[subject] = PersonKey(name, key)
        table.take(name.encode(), sealed.encode(cipher.wrap(name, key, MASTER)))
    plain = [envelope.encode(event) for event in log]
    secret = [cipher.seal(event, keys[event.subject]) for event in log]

    def opened(message: bytes) -> CloudEvent:
        found = sealed.decode(message)
        key = table.usable(found.key)
        if key is None:
            raise KeyError(found.key)
        return cipher.unseal(found, key)

    def unwrapped(message: bytes) -> CloudEvent:
        found = sealed.decode(message)
        held = table.named(found.key)
        if held is None:
            raise KeyError(found.key)
        return cipher.unseal(found, table.unwrapped(held))

    return Cost(
        len(log),
        _least(log, envelope.encode),
        _least(log, lambda event: cipher.seal(event, keys[event.subject])),
        _least(plain, lambda message: entry_of(envelope.decode(message))),
        _least(secret, lambda message: entry_of(opened(message))),
        _least(secret, lambda message: entry_of(unwrapped(message))),
        _packed(plain),
        _packed(secret),
        _memory(),
    )


def _least(items: Sequence[T], work: Callable[[T], object]) -> float:
    return min(_pass(items, work) for _ in range(PASSES))


def _pass(items: Sequence[T], work: Callable[[T], object]) -> float:
    began = process_time()
    for item in items:
        work(item)
    return (process_time() - began) / len(items) * 1e6


def _packed(messages: Sequence[bytes]) -> float:
    batches = (b"".join(messages[at : at + BATCH]) for at in range(0, len(messages), BATCH))
    return sum(len(packed(one)) for one in batches) / len(messages)


def _memory() -> float:
    """Of a table of keys none of which is unwrapped."""
    table, messages = KeyTable(lambda: MasterKeys((MASTER,))), []
    for n in range(KEYS):
        name, key = cipher.new(f"p_{n:026}")
        messages.append((name.encode(), sealed.encode(cipher.wrap(name, key, MASTER))))
    tracemalloc.start()
    for key_of, value in messages:
        table.take(key_of, value)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return held / KEYS
