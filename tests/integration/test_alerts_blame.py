"""Whose fault it is that alerts cannot take messages in: only the message's own puts it aside."""

from collections.abc import AsyncIterator, Iterable
from typing import NamedTuple

import pytest
from aiokafka import ConsumerRecord
from prometheus_client import CollectorRegistry

from services.alerts import consumer
from services.alerts.consumer import Consumer, FollowedTopic
from services.alerts.domain.alert import incoming
from services.alerts.repository import groups
from services.alerts.rounds.rounds import Rounds
from services.alerts.telemetry import Telemetry
from shared.contracts.dead_letters import Place
from shared.contracts.metrics import GroupComputed, key
from shared.kit import dead_letters
from shared.kit.batches import Subscription
from shared.kit.blame import StoppedError
from shared.kit.dead_letters import Limits, TooManyError
from shared.kit.health import Health
from tests.integration.alerting import BAD, TODAY, group, message
from tests.integration.alerts_workshop import Workshop, workshop

TOPIC = consumer.PART
GOOD = [group(f"u{n}", BAD, TODAY) for n in range(16)]
NUL = group("nul\0", BAD, TODAY)
KEPT = """
insert into dead_letters (topic, partition, "offset", key, value, reason, error)
values ($1, 0, 0, $2, $3, 'wrong_type', ''), ($1, 0, 1, null, 'junk', 'not_json', '')
"""


class Bench(NamedTuple):
    """A database, and a consumer that is handed messages."""

    shop: Workshop
    consumer: Consumer[GroupComputed]
    stopped: Telemetry

    async def take(self, records: Iterable[ConsumerRecord]) -> None:
        """Take messages in as a batch."""
        await self.consumer.take(list(records))

    async def units(self) -> int:
        """How many units are known."""
        return int((await self.shop.rows("select count(*) from units"))[0][0])

    async def kept(self) -> list[tuple[object, ...]]:
        """The dead letters, by offset and reason."""
        return await self.shop.rows('select "offset", reason from dead_letters order by 1')


def records(*told: GroupComputed | bytes, first: int = 0) -> list[ConsumerRecord]:
    """Messages as the consumer reads them."""
    pairs = [(b"k", one) if isinstance(one, bytes) else (key(one), message(one)) for one in told]
    return [ConsumerRecord(TOPIC, 0, first + n, 0, 0, *pair, 0, 0, 0, ()) for n, pair in enumerate(pairs)]


@pytest.fixture
async def bench(postgres: str) -> AsyncIterator[Bench]:
    """A fresh database, and limits that a few messages reach."""
    async with workshop(postgres) as shop:
        telemetry = Telemetry(CollectorRegistry())
        rounds = Rounds(shop.pool, shop.clock, telemetry, Limits(5, 10))
        to = FollowedTopic(
            Subscription(TOPIC, "g", 500), rounds.reading, rounds.observe, incoming.GOOD_VALUES, lambda _: None
        )
        health = Health(shop.clock, lesser=(TOPIC,))
        yield Bench(shop, Consumer("nowhere:9", shop.pool, to, telemetry, health), telemetry)


async def test_a_fault_of_the_service_puts_no_message_aside(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    """An error of the service's own code stops it at the first message, with nothing put aside."""

    async def broken(*_: object) -> None:
        raise ValueError("a fault of ours")

    monkeypatch.setattr(groups, "save", broken)
    with pytest.raises(StoppedError, match=r"workforce\.metrics/0/0 .*ValueError"):
        await bench.take(records(*GOOD))
    assert (await bench.units(), await bench.kept()) == (0, [])
    assert bench.stopped.registry.get_sample_value("stadga_alerts_stopped", {"topic": TOPIC}) == 1


async def test_an_operator_lets_it_go_on(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    """The message at which it stops is put aside once somebody says so; the others are taken in."""
    sound = groups.save

    async def fragile(connection: object, told: list[GroupComputed], *rest: object) -> object:
        if any(one.unit == "u7" for one in told):
            raise KeyError("u7")
        return await sound(connection, told, *rest)

    monkeypatch.setattr(groups, "save", fragile)
    with pytest.raises(StoppedError) as stopped:
        await bench.take(records(*GOOD))
    assert "u7" not in str(stopped.value)
    async with bench.shop.pool.acquire() as connection:
        await dead_letters.set_aside(connection, Place(TOPIC, 0, 7), "ticket 7")
    await bench.take(records(*GOOD))
    assert (await bench.units(), await bench.kept()) == (15, [(7, "set_aside")])
    assert bench.stopped.registry.get_sample_value("stadga_alerts_stopped", {"topic": TOPIC}) == 0


async def test_a_column_too_narrow_is_no_fault_of_the_messages(bench: Bench):
    """PostgreSQL refuses each of them, and the good one alike: the service stops."""
    await bench.shop.pool.execute("alter table units alter column unit type varchar(1)")
    with pytest.raises(StoppedError, match="StringDataRightTruncation"):
        await bench.take(records(*GOOD[:4]))
    assert await bench.kept() == []


async def test_a_value_that_postgresql_refuses_is_put_aside_alone(bench: Bench):
    """Its neighbours are taken in, and of the proof nothing is kept."""
    await bench.take(records(*GOOD[:5], NUL, *GOOD[5:9]))
    assert await bench.kept() == [(5, "refused_by_database")]
    assert await bench.units() == 9


async def test_too_many_in_a_row_stop_the_service(bench: Bench):
    """None of what exceeds the limit is put aside, and nothing more is tried before a restart."""
    await bench.take(records(*[b"junk"] * 3))
    with pytest.raises(TooManyError, match="5 messages in a row"):
        await bench.take(records(*[b"junk"] * 3, first=3))
    with pytest.raises(TooManyError):
        await bench.take(records(*GOOD, first=6))
    assert (len(await bench.kept()), await bench.units()) == (3, 0)


async def test_a_message_is_taken_in_after_all(bench: Bench):
    """Once it can be read it is taken in and no longer kept; one that still cannot be stays."""
    await bench.shop.pool.execute(KEPT, TOPIC, key(GOOD[0]), message(GOOD[0]))
    became = [(await bench.consumer.again(Place(TOPIC, 0, n))).became for n in (0, 1, 2)]
    assert became == ["taken", "refused", "gone"]
    assert (await bench.units(), await bench.kept()) == (1, [(1, "not_json")])


async def test_what_is_only_tried_is_not_kept(bench: Bench):
    """The good value and the good word about a measure are rolled back."""
    rounds = bench.shop.rounds
    await rounds.observe([incoming.GOOD_VALUES], [], keep=False)
    await rounds.hear([incoming.GOOD_UPDATE], [], keep=False)
    assert await bench.shop.rows("select count(*) from measure_updates") == [(0,)]
    assert await bench.units() == 0
