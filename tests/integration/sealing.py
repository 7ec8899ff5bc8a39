"""Master keys in a file, keys of persons on hr.keys, and events sealed with them, as tests make them."""

import asyncio
import base64
import hashlib
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from aiokafka import AIOKafkaProducer

from shared.contracts import envelope, sealed
from shared.contracts.topics import HR_KEYS
from shared.kit.sealing import cipher
from shared.kit.sealing.cipher import PersonKey
from shared.kit.sealing.keyring import Keyring
from shared.kit.sealing.masters import MasterKey, MasterKeys
from shared.kit.sealing.table import Held
from tests import builders as make
from tests.conftest import here
from tests.integration.metering import Message, message


def master(name: str) -> MasterKey:
    """A master key that is the same each time."""
    return MasterKey(name, hashlib.sha256(name.encode()).digest())


def write(path: Path, *keys: MasterKey) -> str:
    """A file of master keys, put in its place at once; the path."""
    beside = path.with_suffix(".new")
    beside.write_text("".join(f"{one.name}: {base64.b64encode(one.key).decode()}\n" for one in keys))
    beside.rename(path)
    return str(path)


def keyring(servers: str, *keys: MasterKey) -> Keyring:
    """What unseals with these master keys."""
    return Keyring(servers, HR_KEYS.name, lambda: MasterKeys(keys))


class Vault:
    """Persons' keys, wrapped by one master key."""

    def __init__(self, by: MasterKey) -> None:
        """No person has one."""
        self._by = by
        self.keys: dict[str, tuple[str, bytes]] = {}

    def sealed(self, event: make.Event) -> Message:
        """An event as ingest sends it: sealed, if it is about a person."""
        found = envelope.decode(make.encoded(event))
        if not sealed.is_about_a_person(found):
            return message(event)
        person = found.subject.partition("/")[2]
        name, key = self.keys.setdefault(person, cipher.new(person))
        return Message(cipher.seal(found, PersonKey(name, key)), found.subject.encode())

    def wrapped(self) -> list[tuple[bytes, bytes | None]]:
        """The messages of hr.keys that hold the keys."""
        return [(name.encode(), sealed.encode(cipher.wrap(name, key, self._by))) for name, key in self.keys.values()]


async def put(servers: str, messages: Iterable[tuple[bytes, bytes | None]]) -> None:
    """Messages to hr.keys."""
    async with AIOKafkaProducer(bootstrap_servers=servers, acks="all") as producer:
        for answer in [await producer.send(HR_KEYS.name, value, key) for key, value in messages]:
            await answer


async def everybody(servers: str) -> list[Held]:
    """Every key on hr.keys."""
    keys = keyring(servers)
    await keys.log.to_end()
    await keys.close()
    return list(keys.table)


FEW_AT_ONCE = "from cli.connect import rewrapping; rewrapping.AT_ONCE = 3; from cli.main import app; app()"


class Ran(NamedTuple):
    """What came of a command."""

    code: int | None
    out: str
    err: str


async def rotating(servers: str, file: str, *, kill: bool = False) -> Ran:
    """``stadga keys rotate``; ``kill``: with −9 once it has wrapped some keys anew."""
    how = ("-c", FEW_AT_ONCE) if kill else ("-m", "cli")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *how,
        *("keys", "rotate", "--language", "en"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=here(KAFKA_BOOTSTRAP_SERVERS=servers, STADGA_MASTER_KEY_FILE=file),
    )
    assert process.stdout is not None
    if kill:
        assert await process.stdout.readline()
        process.kill()
    out, err = await process.communicate()
    return Ran(process.returncode, out.decode(), err.decode())


def people(persons: int) -> list[make.Event]:
    """Employments of so many persons, and something of health of each."""
    staff = [make.employment_started(f"p{n}", "2024-01-01", f"u{n % 3}", id=f"e{n}") for n in range(persons)]
    return staff + [make.absence_started(f"p{n}", f"a{n}", "2024-02-01", id=f"s{n}") for n in range(persons)]
