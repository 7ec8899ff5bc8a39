"""Units dealt to shards, shards dealt to replicas: what is published is what one evaluator publishes, each once."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from services.metrics.domain.sums.shard import dealt
from shared.contracts.envelope import CloudEvent
from shared.contracts.metrics import COMPUTED, GroupComputed
from tests import builders as make
from tests.integration.evaluating import Day, Evaluating, evaluating, published, received_messages
from tests.integration.exits import of_row, scraped
from tests.integration.metering import Killable, caught_up, fetch, killable, message, send, standing
from tests.integration.mixed_logs import hostile, shuffled, simulated
from tests.integration.publications import Message
from tests.integration.publications import published as published_where
from tests.integration.small_groups import is_few, late, log
from tests.polling import until

SHARDS = 4
LEADS, EVALUATED = "stadga_metrics_leader", "stadga_metrics_evaluation_seconds_count"
BEHIND = """
select count(*) from metrics.publications
where seq < (select max(seq) from metrics.batches) or telling < (select number from metrics.told)
    or exists (select from metrics.batches
        where not pg_visible_in_snapshot(tx, coalesce((select snapshot from metrics.told), '1:1:')::pg_snapshot))
"""
Place = tuple[str, str, str, str]
Values = dict[Place, dict[str, Any]]


class Replicas(NamedTuple):
    """Two replicas, the first of which tests write the ledger of."""

    one: Evaluating
    other: Evaluating

    async def share(self) -> None:
        """Wait until each leads half of the shards."""
        await until(lambda: self._led() == [SHARDS / 2] * 2, "each to lead half of the shards")

    def _led(self) -> list[float]:
        return [one.counted(LEADS) for one in self]


@asynccontextmanager
async def replicas(kafka: str, database: str, day: Day) -> AsyncIterator[Replicas]:
    """Two of them, over an empty ledger."""
    async with (
        evaluating(kafka, database, day, shards=SHARDS) as one,
        evaluating(kafka, database, day, shards=SHARDS) as other,
    ):
        yield Replicas(one, other)


async def all_published(database: str) -> None:
    """Wait until every shard has published all that is in the ledger, as it was last told of."""

    async def is_published() -> bool:
        [row] = await fetch(database, BEHIND)
        return row["count"] == 0

    await until(is_published, "every shard to have published all")


def latest(messages: Iterable[GroupComputed]) -> Values:
    """By unit, occupation, day and metric, the value of the greatest revision."""
    return {
        (one.unit, one.occupation, one.as_of.isoformat(), name): msgspec.to_builtins(value)
        for one in sorted(messages, key=lambda one: one.revision)
        for name, value in one.metrics.items()
    }


async def of_one(kafka: str, database: str, day: Day, since: int) -> Values:
    """What one evaluator of everything publishes of the same ledger, after a publication."""
    async with evaluating(kafka, database, day) as single:
        await until(lambda: single.counted(EVALUATED), "one evaluator to have published everything")
    return latest(one for one in await published(kafka) if one.revision > since)


def same(found: Values, wanted: Values) -> None:
    """Equal to the last bit; of groups that nobody is in any more, one that begins anew says nothing."""
    assert {place: value for place, value in wanted.items() if found.get(place) != value} == {}
    days = {day for _, _, day, _ in wanted}
    left = [found[place] for place in found.keys() - wanted.keys() if place[2] in days and place[3] == "headcount"]
    assert {value["value"] for value in left} <= {0.0, None}


def is_later(message: CloudEvent, since: int) -> bool:
    """Whether it tells values, in a publication after one."""
    return message.type == COMPUTED and msgspec.json.decode(message.data, type=GroupComputed).revision > since


async def since_now(kafka: str) -> int:
    """The greatest revision so far."""
    return max((one.revision for one in await published(kafka)), default=0)


MOVES = [
    *(make.unit_defined(f"u{n}", "2022-01-01", parent="abc"[n % 3]) for n in range(9)),
    make.unit_defined("a", "2022-01-01", parent="b"),
    make.unit_defined("u1", "2024-03-18", parent="a"),
    make.unit_defined("u2", "2023-11-05", parent="new"),
]
STAFF = [make.employment_started(f"p{n}", "2022-01-01", f"u{n % 9}", f"o{n % 3}") for n in range(180)]
LATE = [make.employment_ended(f"p{n}", f"2024-05-{n + 1:02}") for n in range(20)]


async def test_shards_publish_what_one_does(kafka_with_topics: str, postgres: str):
    """A hostile log in no order, people, moves and ends of employment that come late, and days that begin."""
    day, since = Day(), await since_now(kafka_with_topics)
    events = [*shuffled([*simulated(), *hostile()]), *STAFF, *MOVES, *LATE]
    async with replicas(kafka_with_topics, postgres, day) as running:
        await running.share()
        for n in range(0, len(events), 1_500):
            await running.one.ledger.take(*events[n : n + 1_500])
            await all_published(postgres)
            if n % 4_500 == 0:
                day.now += timedelta(days=1)
        await all_published(postgres)
    found = await published(kafka_with_topics)
    last = max(one.revision for one in found)
    shards = Counter(dealt(unit, SHARDS) for unit in {one.unit for one in found})
    assert len(shards) == SHARDS
    wanted = await of_one(kafka_with_topics, postgres, day, last)
    assert len(wanted) > 100_000
    assert {value["status"] for value in wanted.values()} >= {"final", "suppressed", "not_applicable"}
    same(latest(one for one in found if one.revision > since), wanted)


async def test_nothing_is_published_by_two(kafka_with_topics: str, postgres: str):
    """Once each replica has its shards, every message is sent once; the units are dealt, and each has its values."""
    async with replicas(kafka_with_topics, postgres, Day()) as running:
        await running.share()
        since = await since_now(kafka_with_topics)
        for some in (STAFF, MOVES, LATE):
            await running.one.ledger.take(*some)
            await all_published(postgres)
        shown = [b"".join(one.exposition.business()) for one in running]
    sent = Counter([one.id for one in await received_messages(kafka_with_topics) if is_later(one, since)])
    told = [one for one in await published(kafka_with_topics) if one.revision > since]
    assert {one.unit for one in told} == {"*", "a", "b", "c", "new", *(f"u{n}" for n in range(9))}
    assert set(sent.values()) == {1}
    assert [text.count(b"# TYPE stadga_headcount_people") for text in shown] == [1, 1]
    series = [{line.split()[0] for line in text.splitlines() if not line.startswith(b"#")} for text in shown]
    assert min(map(len, series)) > 0
    assert not series[0] & series[1]


async def test_who_is_hidden_stays_hidden(kafka_with_topics: str, postgres: str):
    """Of a town with groups of few nothing is published about their health, by no shard, before and after late news."""
    async with replicas(kafka_with_topics, postgres, Day()) as running:
        await running.share()
        since = await since_now(kafka_with_topics)
        for some in (log(), late()):
            await running.one.ledger.take(*some)
            await all_published(postgres)
        shown = [b"".join(one.exposition.business()).decode() for one in running]
    messages = [one for one in await published(kafka_with_topics) if one.revision > since]
    heard = [told for one in msgspec.to_builtins(messages) for told in of_row(one, one["as_of"], 12)]
    heard += [told for text in shown for told in scraped(text)]
    assert {told.group[0] for told in heard} >= {"*", "d", "big"}
    assert len({dealt(told.group[0], SHARDS) for told in heard}) > 1
    assert [told for told in heard if is_few(told.metric, *told[:3])] == []


async def test_a_replica_that_is_set_to_another_number_waits(kafka_with_topics: str, postgres: str):
    """It says why, and deals the units anew once the others are gone."""
    async with evaluating(kafka_with_topics, postgres, Day(), STAFF) as one:
        await until(lambda: one.counted(LEADS) == 1, "one to lead")
        async with evaluating(kafka_with_topics, postgres, Day(), shards=SHARDS) as other:
            await until(lambda: other.health.report()[0].condition == "degraded", "the other to say that it waits")
            assert "dealt to 1 shards by replicas that are running, here to 4" in (
                other.health.report()[0].problem or ""
            )
            assert other.counted(LEADS) == 0
    async with evaluating(kafka_with_topics, postgres, Day(), shards=SHARDS) as other:
        await until(lambda: other.counted(LEADS) == SHARDS, "the other to lead all shards")
        await all_published(postgres)
        assert other.health.ready


def portions(events: list[make.Event], count: int) -> Iterator[list[make.Event]]:
    """As many, one after the other."""
    for n in range(count):
        yield events[n * len(events) // count : (n + 1) * len(events) // count]


async def test_replicas_that_are_killed(tmp_path: Path):
    """Two processes share a log; one after the other is killed with −9 in between, and started again."""
    settings = {"STADGA_SHARDS": str(SHARDS), "STADGA_HEALTH_SETTLE_SECONDS": "0", "STADGA_LOAD": "0"}
    events = [*shuffled([*simulated(), *hostile()]), *STAFF, *MOVES, *LATE]
    async with standing(tmp_path) as stack:
        servers, database = stack.kafka_bootstrap_servers, stack.database_url
        async with killable(stack, "metrics", **settings) as one, killable(stack, "metrics", **settings) as other:
            for n, some in enumerate(portions(events, 4)):
                await until(lambda: lead_together(one, other), "both to lead all shards")
                await send(servers, map(message, some))
                (one, other)[n % 2].kill()
                await (one, other)[n % 2].ended()
                await (one, other)[n % 2].start()
            await caught_up(stack)
            await all_published(database)
        found = await published_where(stack)
        last = max(each.group.revision for each in found)
        async with killable(stack, "metrics", **settings | {"STADGA_SHARDS": "1"}) as single:
            await until(lambda: single.service.counted(EVALUATED), "one evaluator to have published everything")
        wanted = latest(each for each in await published(servers) if each.revision > last)
    assert {value["status"] for value in wanted.values()} >= {"final", "suppressed", "not_applicable"}
    same(latest(each.group for each in found), wanted)
    assert turned_back(found) == []


async def lead_together(*replicas: Killable) -> bool:
    """Whether every shard is led."""
    return sum([await one.service.counted(LEADS) for one in replicas]) == SHARDS


def turned_back(messages: Iterable[Message]) -> list[Message]:
    """Those that came after a later publication of the same group: from somebody who led no more."""
    last, found = defaultdict[bytes, int](int), list[Message]()
    for one in sorted(messages, key=lambda one: (one.partition, one.offset)):
        found += [one] if one.group.revision < last[one.key] else []
        last[one.key] = max(last[one.key], one.group.revision)
    return found
