"""What an open delivery of somebody who is erased holds back: its unit at most, live and read again."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime
from uuid import uuid4

import asyncpg
import pytest

from services.metrics.intake import batch, repository
from services.metrics.intake.repository import Cells, OffsetRange
from services.metrics.ledger import deliveries
from services.metrics.persons import erasing
from services.metrics.persons.erasing import Order
from shared.contracts.tenants import ALONE
from shared.contracts.topics import HR_EVENTS
from shared.kit.database import pool
from shared.kit.dead_letters import DeadLetter, Limits
from tests import builders as make
from tests.conftest import beside, execute
from tests.integration.persons import LEFT, of_person, town
from tests.integration.sealing import Vault, master

FILE = [{**event, "delivery": "file", "deliverycount": 50} for event in of_person()[1:5]]
"""What a source told of the person last, and never to its end: illness and hours in u1."""
OTHERS = [
    *town(),
    make.time_reported("c0", "2023-05-01", "2023-05-31", 150),
    make.absence_started("c1", "y", "2023-01-02"),
    make.absence_ended("c1", "y", "2023-01-05"),
]
"""The source has told of others whatever it tells of the person."""
BEFORE = [*OTHERS, of_person()[0]]
AT = HR_EVENTS.name, 0


async def read(opened: asyncpg.Pool, messages: Sequence[bytes], first: int = 0) -> None:
    """One batch; nobody has the keys of sealed events any more."""
    letters = [DeadLetter(*AT, first + n, None, one, "", "") for n, one in enumerate(messages)]
    await repository.positions(opened, [AT])
    spans = [OffsetRange(AT, first, first + len(messages))]
    arrived = batch.decode(letters, ALONE, lambda _: None)
    await batch.write(opened, Cells(opened), spans, arrived, Limits(0, 0), HR_EVENTS.partitions)


async def held_back(opened: asyncpg.Pool) -> set[str]:
    """The units that the one delivery holds back."""
    async with opened.acquire() as connection:
        [one] = await deliveries.listed(connection)
    assert one.delivery.id == "file"
    return {*one.units}


async def erased(opened: asyncpg.Pool) -> list[bytes]:
    """The person is erased; what is said of it."""
    at = datetime(2024, 5, 25, tzinfo=UTC)
    end = make.encoded(of_person()[-2])
    await read(opened, [end], len(BEFORE) + len(FILE))
    await erasing.erase(opened, Cells(opened), Order([LEFT], "a test", "somebody", at, date(2024, 5, 25)), ALONE)
    return [row["value"] for row in await opened.fetch("select value from erasing_messages order by n")]


@pytest.fixture
async def again(server: str, migrated: str) -> AsyncIterator[asyncpg.Pool]:
    """An empty database, to read all anew."""
    name = f"test_{uuid4().hex}"
    await execute(server, f"create database {name} template {migrated}")
    async with pool(beside(server, name), "metrics") as opened:
        yield opened
    await execute(server, f"drop database {name} with (force)")


@pytest.fixture
async def said(postgres: str) -> list[bytes]:
    """What is said of an erasing in a ledger where the delivery holds back the unit that it is of, before and after."""
    async with pool(postgres, "metrics") as live:
        await read(live, encoded(BEFORE))
        await read(live, encoded(FILE), len(BEFORE))
        assert await held_back(live) == {"u1"}
        found = await erased(live)
        assert await held_back(live) == {"u1"}
        return found


async def test_nobody_can_read_them(said: list[bytes], again: asyncpg.Pool):
    """Sealed, with the first that the source tells of anybody, in one batch: it is of nobody."""
    vault = Vault(master("2026"))
    sealed = [value for event in (of_person()[0], *FILE) if (value := vault.sealed(event).value)]
    await read(again, [*encoded(OTHERS), *sealed, *said])
    assert await held_back(again) == set()


async def test_they_can_be_read_and_count_for_nothing(said: list[bytes], again: asyncpg.Pool):
    """Never sealed, and in one batch with what says that they are erased."""
    await read(again, [*encoded([*BEFORE, *FILE]), *said])
    assert await held_back(again) == set()


async def test_they_are_read_long_before(said: list[bytes], again: asyncpg.Pool):
    """Never sealed, and the first that is told of anybody: all units wait until the erasing is read."""
    await read(again, encoded([*of_person()[:1], *FILE]))
    assert await held_back(again) == {"*", "u1"}
    await read(again, said, 1 + len(FILE))
    assert await held_back(again) == {"u1"}


async def test_another_persons_events_hold_it(said: list[bytes], again: asyncpg.Pool):
    """A file of several: what somebody else in it is the first to tell of holds all units back nevertheless."""
    other = {**make.employment_started("c1", "2021-01-01", "u2"), "delivery": "file"}
    await read(again, encoded([*of_person()[:1], *FILE, other]))
    await read(again, said, 2 + len(FILE))
    assert await held_back(again) == {"*", "u1", "u2"}


def encoded(events: Sequence[make.Event]) -> list[bytes]:
    """As messages."""
    return [make.encoded(event) for event in events]
