"""What belongs together is published together, on real Kafka and PostgreSQL."""

import asyncio
import random
from collections.abc import Sequence
from datetime import datetime

import asyncpg
import pytest
from prometheus_client import CollectorRegistry

from services.metrics.intake import repository
from services.metrics.ledger import deliveries
from services.metrics.ledger.deliveries import Begun, Deliveries
from shared.contracts.topics import HR_EVENTS
from shared.kit.database import pool
from tests import builders as make
from tests.integration.asking import Asking, asking
from tests.integration.evaluating import published
from tests.integration.folding import evaluating, write
from tests.polling import until


def hired(unit: str) -> list[make.Event]:
    """Twelve people of a unit."""
    return [make.employment_started(f"person-{n}", "2020-01-01", unit=unit) for n in range(12)]


STAFF = hired("unit")
GONE = [make.employment_ended(f"person-{n}", "2024-04-30") for n in range(12)]


def delivered(events: Sequence[make.Event], size: int | None = None, name: str = "file") -> list[make.Event]:
    """The events as those of a delivery; the last says how many it has, if that is said."""
    return [{**e, "delivery": name} for e in events[:-1]] + [{**events[-1], "delivery": name, "deliverycount": size}]


async def begin(opened: asyncpg.Pool) -> None:
    """Claim the partitions that tests write to."""
    await repository.positions(opened, [(HR_EVENTS.name, number) for number in range(HR_EVENTS.partitions)])


async def headcounts(kafka: str, unit: str) -> set[float | None]:
    """What was published of a unit's today."""
    told = [one for one in await published(kafka) if one.unit == unit and one.as_of == one.today]
    return {one.metrics["headcount"].value for one in told if "headcount" in one.metrics}


async def until_noted(kafka: str, before: int) -> None:
    """Wait until it is said that more is taken in than is published, once more than so often."""

    async def is_noted() -> bool:
        return await notes(kafka) > before

    await until(is_noted, "it to be said that more is taken in than is published")


async def notes(kafka: str) -> int:
    """How often that was said."""
    return sum(one.provisional for one in await published(kafka))


async def end(opened: asyncpg.Pool, patience: float = 600) -> Deliveries:
    """What is known, and what is over is ended."""
    async with opened.acquire() as connection:
        async with connection.transaction():
            found = await deliveries.begun(connection, patience)
        await deliveries.end(connection, found)
    return found


async def listed(opened: asyncpg.Pool) -> list[Begun]:
    """Those that are not whole."""
    async with opened.acquire() as connection:
        return await deliveries.listed(connection)


async def test_a_delivery_is_published_once_it_is_whole(kafka_with_topics: str, postgres: str):
    """Of its halves nothing is, and nothing else meanwhile; then all is, and what was noted of it is forgotten."""
    kafka, before = kafka_with_topics, await notes(kafka_with_topics)
    async with pool(postgres, "metrics") as opened:
        await begin(opened)
        await write(opened, delivered(hired("whole")), partition=0)
        async with evaluating(opened, kafka) as registry:
            await until_noted(kafka, before)
            assert registry.get_sample_value("stadga_metrics_deliveries_open") == 1
            assert await headcounts(kafka, "whole") == set()
            await write(opened, delivered(GONE, 24), partition=1)
            await until(lambda: headcounts(kafka, "whole"), "the whole to be published")
        assert await headcounts(kafka, "whole") == {0.0}
        assert registry.get_sample_value("stadga_metrics_deliveries_open") == 0
        assert await listed(opened) == []


@pytest.mark.parametrize("size", [None, 24])
async def test_what_is_never_whole_is_waited_for_so_long(kafka_with_topics: str, postgres: str, size: int | None):
    """Then what has come is published, which is said; if the rest comes after all, it is whole and forgotten."""
    kafka, before, unit = kafka_with_topics, await notes(kafka_with_topics), f"never-{size}"
    async with pool(postgres, "metrics") as opened:
        await begin(opened)
        await write(opened, delivered(hired(unit), size), partition=0)
        async with evaluating(opened, kafka, patience=12) as registry:
            await until_noted(kafka, before)
            await until(lambda: headcounts(kafka, unit), "what has come to be published")
            assert await headcounts(kafka, unit) == {12.0}
            assert registry.get_sample_value("stadga_metrics_deliveries_given_up_total") == 1
            assert registry.get_sample_value("stadga_metrics_deliveries_partial") == 1
            [one] = await listed(opened)
            assert (one.delivery, one.arrived, one.size, one.given_up) == (("hr-system", "file"), 12, size, True)
            await write(opened, delivered(GONE, 24), partition=1)

            async def forgotten() -> bool:
                return not await listed(opened)

            await until(forgotten, "it to be whole after all")
            await until(lambda: has_none_partial(registry), "it to be shown no longer")
        assert registry.get_sample_value("stadga_metrics_deliveries_given_up_total") == 1


async def has_none_partial(registry: CollectorRegistry) -> bool:
    """Whether no delivery is shown as not whole and published all the same."""
    return registry.get_sample_value("stadga_metrics_deliveries_partial") == 0


@pytest.mark.parametrize("seed", range(5))
async def test_each_event_counts_once(postgres: str, seed: int):
    """In any order, again and again, in batches of many partitions that are committed beside each other."""
    chance = random.Random(seed)  # noqa: S311  (a seed makes the same order each time)
    events = delivered([*STAFF, *GONE], 24)
    kept_back = chance.choice(events)
    others = [one for one in events if one is not kept_back]
    async with pool(postgres, "metrics", 12) as opened:
        await begin(opened)
        first = [0] * 4
        for _ in range(6):
            batches = [chance.choices(others, k=chance.randint(1, 12)) for _ in first]
            await asyncio.gather(*(write(opened, some, n, first[n]) for n, some in enumerate(batches)))
            first = [at + len(some) for at, some in zip(first, batches, strict=True)]
            assert (await end(opened)).whole == []
        await write(opened, others, 0, first[0])
        assert (await end(opened)).whole == []
        assert [one.arrived for one in await listed(opened)] == [23]
        await write(opened, [kept_back], 1, first[1])
        assert len((await end(opened)).whole) == 1
        await write(opened, events[:5], 2, first[2])
        assert (await end(opened)).open == []
        assert await listed(opened) == []


async def test_events_of_before_count_in_a_later_delivery(postgres: str):
    """Also those that belonged to none, or to one that is whole."""
    async with pool(postgres, "metrics") as opened:
        await begin(opened)
        await write(opened, [*STAFF[:6], *delivered(STAFF[6:], 6)], 0)
        await write(opened, delivered(STAFF, 12, "again"), 0, first=12)
        assert len((await end(opened)).whole) == 2


async def test_what_is_put_aside_is_not_waited_for(postgres: str):
    """One bad line would hold back all the others."""
    bad = {**STAFF[0], "id": "bad", "type": "hr.of.another.release.v9"}
    async with pool(postgres, "metrics") as opened:
        await begin(opened)
        written = await write(opened, delivered([*STAFF, bad], 13), 0)
        assert written.dead == 1
        assert len((await end(opened)).whole) == 1


async def test_many_small_rows_are_made_one(postgres: str, monkeypatch: pytest.MonkeyPatch):
    """Of a delivery that comes event by event."""
    monkeypatch.setattr(deliveries, "PORTIONS", 3)
    async with pool(postgres, "metrics") as opened:
        await begin(opened)
        for n, event in enumerate(delivered(STAFF, 13)):
            await write(opened, [event], 0, first=n)
        assert len((await end(opened)).scattered) == 1
        assert (await end(opened)).scattered == []
        assert [(one.arrived, one.size) for one in await listed(opened)] == [(12, 13)]


async def test_nothing_of_a_batch_that_fails_has_arrived(postgres: str):
    """It is noted with the facts, or not at all."""
    async with pool(postgres, "metrics") as opened:
        await begin(opened)
        await write(opened, delivered(STAFF, 24), 0)
        with pytest.raises(repository.FencedError):
            await write(opened, delivered(GONE), 0)
        assert [one.arrived for one in await listed(opened)] == [12]


async def test_whoever_asks_is_told_how_much_has_come(postgres: str):
    """Each event once; of those that are whole nothing is said."""
    async with asking(postgres) as found:
        await begin(found.pool)
        await write(found.pool, [*delivered(STAFF[:4]), *delivered(STAFF[:3], 3, "whole")], 0)
        await write(found.pool, delivered(STAFF[2:6], 12), 1)
        await end(found.pool)
        answer = (await found.ask("/v1/deliveries")).json()
    [one] = answer["deliveries"]
    assert [one[name] for name in ("source", "id", "arrived", "of", "given_up")] == ["hr-system", "file", 6, 12, False]
    assert one["units"] == ["*"]
    since, until_ = (datetime.fromisoformat(one[name]) for name in ("since", "held_until"))
    assert (until_ - since).total_seconds() == 600


async def test_names_of_any_letters_are_kept(postgres: str):
    """The longest that ingest lets through, and what only others can write to the topic."""
    chance = random.Random(1)  # noqa: S311  (a seed makes the same letters each time)
    names = ["".join(chr(chance.randint(0x20000, 0x2A6DF)) for _ in range(500)), "a\0b", "\u202e'; drop table arrivals"]
    async with pool(postgres, "metrics") as opened:
        await begin(opened)
        for n, name in enumerate(names):
            await write(opened, [{**one, "source": names[0]} for one in delivered(STAFF[:2], 3, name)], n)
        found = {one.delivery for one in await listed(opened)}
    assert found == {(names[0], name) for name in (names[0], "a\\0b", names[2])}


LEFT = [make.employment_started("left", "2020-01-01", unit="b"), make.employment_ended("left", "2021-01-01")]
"""That somebody left was told before: nothing becomes known of every unit by the delivery."""


async def test_only_the_units_it_touches_are_held_back(kafka_with_topics: str, postgres: str):
    """Another unit goes on: it is published meanwhile, and the municipality's sums are not before all has come."""
    kafka, before = kafka_with_topics, await headcounts(kafka_with_topics, "*")
    async with asking(postgres) as found:
        opened = found.pool
        await begin(opened)
        await write(opened, [*hired("a"), *others("b", 3), *LEFT], partition=0)
        async with evaluating(opened, kafka):
            await until(lambda: headcounts(kafka, "b"), "what is of no delivery to be published")
            await write(opened, delivered(GONE[:6], name="half"), partition=1)
            await write(opened, others("b", 5), partition=0, first=17)
            await until(lambda: headcount_is(kafka, "b", 5.0), "the other unit to be published")
            assert await headcounts(kafka, "a") == {12.0}
            assert await headcounts(kafka, "*") - before == {15.0}
            await until(lambda: is_final(found, "b"), "the answer of the other unit to be final")
            assert [await is_final(found, unit) for unit in ("a", "*")] == [False, False]
            [half] = (await found.ask("/v1/deliveries")).json()["deliveries"]
            assert half["units"] == ["a"]
            await write(opened, delivered(GONE[6:], 12, name="half"), partition=1, first=6)
            await until(lambda: headcount_is(kafka, "*", 5.0), "the whole to be published")
        assert await headcounts(kafka, "a") == {12.0, 0.0}
        assert await headcounts(kafka, "*") - before == {15.0, 5.0}


def others(unit: str, count: int) -> list[make.Event]:
    """So many people of another unit."""
    return [make.employment_started(f"other-{n}", "2020-01-01", unit=unit) for n in range(count)]


async def headcount_is(kafka: str, unit: str, count: float) -> bool:
    """Whether so many were published of a unit's today."""
    return count in await headcounts(kafka, unit)


async def is_final(found: Asking, unit: str) -> bool:
    """Whether the answer about a unit goes no further than what was published."""
    return not (await found.ask("/v1/metrics", unit=unit)).json().get("provisional", False)
