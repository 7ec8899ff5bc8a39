"""Whose fault it is that messages cannot be taken in: only the message's own puts it aside."""

import time
from collections.abc import AsyncIterator, Sequence
from typing import NamedTuple

import asyncpg
import pytest
from aiokafka import ConsumerRecord, TopicPartition
from prometheus_client import CollectorRegistry

from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.facts.entry import ReadEntry
from services.metrics.domain.facts.tally import Tally
from services.metrics.domain.record.fold import Fold
from services.metrics.intake import batch, folding, repository
from services.metrics.intake.alignment import Alignment
from services.metrics.intake.lanes import Lanes
from services.metrics.intake.repository import Cells
from services.metrics.telemetry import Telemetry
from shared.contracts.dead_letters import Place
from shared.kit import database, dead_letters
from shared.kit.blame import StoppedError
from shared.kit.database import pool as opened
from shared.kit.dead_letters import Limits, TooManyError
from tests import builders as make

AT = TopicPartition("hr.events", 0)
OTHER = TopicPartition("hr.events", 1)
GOOD = [make.employment_started(f"p{n}", "2024-01-01") for n in range(64)]
JUNK = b"not json"
NUL = make.encoded(make.employment_started("nul", "2024-01-01", unit="u\0"))


class Bench(NamedTuple):
    """A database, and what writes to it."""

    pool: asyncpg.Pool
    lanes: Lanes
    alignment: Alignment

    async def write(self, values: Sequence[bytes], at: TopicPartition = AT) -> None:
        """Take values in as the next messages of a partition."""
        first = self.alignment.next[at] = await self.position(at)
        await self.lanes.write({at: [record(at, first + n, value) for n, value in enumerate(values)]})

    async def position(self, at: TopicPartition = AT) -> int:
        """Where a partition is."""
        return (await repository.positions(self.pool, [AT, OTHER]))[at].next

    async def kept(self) -> list[tuple[int, str]]:
        """The dead letters, by offset and reason."""
        return [tuple(row) for row in await self.pool.fetch('select "offset", reason from dead_letters order by 1')]


def record(at: TopicPartition, offset: int, value: bytes | None) -> ConsumerRecord:
    """A message as the consumer reads it."""
    return ConsumerRecord(at.topic, at.partition, offset, 0, 0, b"k", value, 0, 0, 0, ())


@pytest.fixture
async def bench(postgres: str) -> AsyncIterator[Bench]:
    """A fresh database, and limits that a few messages reach."""
    async with opened(postgres, "metrics") as pool:
        alignment = Alignment(pool, Telemetry(CollectorRegistry()), AT.topic)
        alignment.partitions = 2
        yield Bench(pool, Lanes(pool, alignment, Limits(5, 10), lambda records, _: alignment.moved(records)), alignment)


def values(*events: make.Event) -> list[bytes]:
    """Events as messages."""
    return [make.encoded(event) for event in events]


async def test_a_fault_of_the_service_puts_no_message_aside(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    """An error of the service's own code stops it at the first message, with nothing put aside or passed over."""

    async def broken(*_: object) -> None:
        raise ValueError("a fault of ours")

    monkeypatch.setattr(repository, "append", broken)
    with pytest.raises(StoppedError, match=r"hr\.events/0/0 .*ValueError"):
        await bench.write(values(*GOOD))
    assert (await bench.position(), await bench.kept()) == (0, [])


async def test_what_precedes_the_fault_is_taken_in(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    """A fold that fails on one record stops the service there, and the text does not quote the message."""
    sound = folding.arriving

    def fragile(subject: str, *rest: object) -> object:
        if subject == "person/p40":
            raise KeyError(subject)
        return sound(subject, *rest)

    monkeypatch.setattr(folding, "arriving", fragile)
    with pytest.raises(StoppedError) as stopped:
        await bench.write(values(*GOOD))
    assert "hr.events/0/40" in str(stopped.value)
    assert "p40" not in str(stopped.value)
    assert (await bench.position(), await bench.kept()) == (40, [])


async def test_an_operator_lets_it_go_on(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    """The message at which the service stops is put aside once somebody says so, and the rest is taken in."""
    sound = folding.arriving

    def fragile(subject: str, *rest: object) -> object:
        if subject == "person/p40":
            raise KeyError(subject)
        return sound(subject, *rest)

    monkeypatch.setattr(folding, "arriving", fragile)
    async with bench.pool.acquire() as connection:
        await dead_letters.set_aside(connection, Place("hr.events", 0, 40), "ticket 7")
    await bench.write(values(*GOOD))
    assert (await bench.position(), await bench.kept()) == (64, [(40, "set_aside")])


async def test_a_column_that_takes_no_text_is_no_fault_of_the_messages(bench: Bench):
    """Values out of a column's range are refused as a poisoned one is, but the good one is refused alike."""
    await bench.pool.execute("alter table parts alter column subject type varchar(3)")
    with pytest.raises(StoppedError, match="StringDataRightTruncation"):
        await bench.write(values(*GOOD[:4]))
    assert (await bench.position(), await bench.kept()) == (0, [])


async def test_a_number_that_no_column_holds_is_put_aside_alone(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    """PostgreSQL's client refuses it before it is sent; that is the value's fault too."""
    await bench.write(values(GOOD[0]))
    sound = folding.arriving

    def vast(subject: str, arrivals: object, tally: Tally) -> object:
        if subject == "person/p1":
            tally.deltas[Cell("u", "o"), 2**40, 1] = 1
        return sound(subject, arrivals, tally)

    monkeypatch.setattr(folding, "arriving", vast)
    await bench.write(values(*GOOD[1:4]))
    assert (await bench.position(), await bench.kept()) == (4, [(1, "refused_by_database")])


async def test_a_value_that_postgresql_refuses_is_put_aside_alone(bench: Bench):
    """Its neighbours are taken in."""
    await bench.write([*values(*GOOD[:5]), NUL, *values(*GOOD[5:9])])
    assert (await bench.position(), await bench.kept()) == (10, [(5, "refused_by_database")])
    assert await bench.pool.fetchval("select count(distinct subject) from parts") == 9


async def test_a_proof_leaves_nothing(bench: Bench):
    """Neither the message that is known to be good nor its cell is kept."""
    await bench.write([NUL])
    assert await bench.pool.fetchval("select count(*) from parts") == 0
    assert await bench.pool.fetchval("select count(*) from cells where unit = 'probe'") == 0


async def test_too_many_in_a_row_stop_the_service(bench: Bench):
    """Nothing of what exceeds the limit is put aside, also when it comes in several batches."""
    await bench.write([JUNK] * 3)
    with pytest.raises(TooManyError, match="5 messages in a row"):
        await bench.write([JUNK] * 3)
    assert await bench.position() == 3


async def test_good_messages_between_are_a_new_start(bench: Bench):
    """A row ends where a message is taken in."""
    for good in GOOD[:2]:
        await bench.write([JUNK] * 5 + values(good))
    assert await bench.position() == 12


async def test_partitions_have_rows_of_their_own(bench: Bench):
    """What is put aside in one partition does not follow on what is in another."""
    await bench.write([JUNK] * 5)
    await bench.write([JUNK] * 5, OTHER)
    assert (await bench.position(), await bench.position(OTHER)) == (5, 5)


async def test_too_many_a_minute_stop_the_service(bench: Bench):
    """Also when good messages lie between them."""
    mixed = [message for good in GOOD[:11] for message in (JUNK, *values(good))]
    with pytest.raises(TooManyError, match="10 messages in a minute"):
        await bench.write(mixed)
    assert (await bench.position(), await bench.kept()) == (0, [])


async def test_what_was_put_aside_before_does_not_count_again(bench: Bench):
    """A log that is read from its beginning stops nobody for what is known."""
    await bench.write([JUNK] * 5)
    await bench.pool.execute("update dead_letters set received = now() - interval '2 minutes'")
    await bench.pool.execute("update offsets set next = 0")
    await bench.write([JUNK] * 5)
    assert await bench.position() == 5


async def test_a_message_is_taken_in_after_all(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    """Once it can be read it is folded in one transaction with its end as a dead letter."""
    place = Place("hr.events", 0, 0)
    with monkeypatch.context() as older:
        older.setitem(vars(batch), "read", refusing)
        await bench.write(values(GOOD[0]))
    assert await bench.kept() == [(0, "wrong_type")]
    cells = Cells(bench.pool)
    assert (await batch.again(bench.pool, cells, place)).became == "taken"
    assert (await batch.again(bench.pool, cells, place)).became == "gone"
    assert await bench.pool.fetchval("select count(distinct subject) from parts") == 1
    assert await bench.kept() == []


async def test_a_message_that_still_cannot_be_read_is_kept(bench: Bench):
    """With its reason, bytes and time as they were."""
    await bench.write([JUNK])
    before = await bench.pool.fetchrow("select * from dead_letters")
    found = await batch.again(bench.pool, Cells(bench.pool), Place("hr.events", 0, 0))
    assert (found.became, found.error) == ("refused", "not_json")
    assert await bench.pool.fetchrow("select * from dead_letters") == before


def refusing(value: bytes | None, _tenant: object, _unseal: object) -> None:
    """As a release that does not know the message yet."""
    raise batch.UnreadableError("wrong_type", "not known yet")


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL waits a second, in which a dozen events are folded."""
    monkeypatch.setitem(database.LEAVES_BEHIND, "idle_in_transaction_session_timeout", "1s")
    monkeypatch.setattr(folding, "IDLE_SECONDS", 1)
    monkeypatch.setattr(folding, "SMALL", 0)
    fold = folding.arriving

    def slowly(subject: str, arrivals: Sequence[ReadEntry], tally: Tally) -> Fold:
        time.sleep(0.08)
        outcome = yield from fold(subject, arrivals, tally)
        return outcome

    monkeypatch.setattr(folding, "arriving", slowly)


@pytest.mark.usefixtures("hurried")
async def test_a_batch_that_takes_too_long(bench: Bench):
    """The first time it is told what happened; the second time it is taken in by halves."""
    values = [make.encoded(event) for event in GOOD[:32]]
    with pytest.raises(asyncpg.IdleInTransactionSessionTimeoutError, match=r"while a batch was folded: it waits 1 s"):
        await bench.write(values)
    assert await bench.position() == 0
    await bench.write(values)
    assert (await bench.position(), await bench.kept()) == (len(values), [])
