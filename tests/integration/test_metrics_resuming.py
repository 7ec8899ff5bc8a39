"""A service that starts anew goes on from the copy of the book: what it published and what came after is told, once."""

from collections.abc import Iterable
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from signal import SIGKILL

import asyncpg
import pytest

from cli.local.stack import Stack
from services.metrics.ledger.term import begin
from services.metrics.publishing.keeper import Keeper
from services.metrics.publishing.marking import Marking
from services.metrics.publishing.resuming import Resuming
from services.metrics.settings import MetricsSettings
from shared.kit.database import pool
from tests import builders as make
from tests.conftest import execute
from tests.integration.evaluating import EVENING, Day, Evaluating, evaluating, published
from tests.integration.metering import Killable, caught_up, fetch, killable, message, send, standing
from tests.integration.publications import latest_values
from tests.integration.publications import published as messages
from tests.polling import until

STAFF = [make.employment_started(f"p{n}", "2022-01-01", f"u{n % 10}", f"o{n % 3}") for n in range(200)]
UNITS = [make.unit_defined(f"u{n}", "2022-01-01", parent="d") for n in range(10)]
PUBLISHED = "stadga_metrics_published_total"
COPY = "select number from metrics.book_copy"


def people(unit: str) -> str:
    """The series of the headcount of a unit."""
    return f'stadga_headcount_people{{unit="{unit}",occupation="*"}}'


async def shown(running: Evaluating, unit: str, count: int) -> float:
    """Wait until the headcount of a unit is shown and a copy is there; how many groups were published by then."""
    await until(lambda: running.shows(people(unit), f"{count}.0"), f"{count} people in {unit}")
    return running.counted(PUBLISHED)


def _lines(running: Evaluating) -> list[bytes]:
    return sorted(b"".join(running.exposition.business()).splitlines())


async def copied(url: str) -> None:
    """Wait until there is a copy."""
    await until(lambda: there(url, COPY), "a copy of the book")


async def there(url: str, query: str) -> bool:
    """Whether a query finds anything."""
    return bool(await fetch(url, query))


async def revision(kafka: str) -> int:
    """The greatest that was published."""
    return max(one.revision for one in await published(kafka))


async def test_nothing_is_published_again(kafka_with_topics: str, postgres: str) -> None:
    """Everything is shown, nothing sent; what is taken in from then on is told of alone."""
    async with evaluating(kafka_with_topics, postgres, Day(), [*STAFF, *UNITS]) as running:
        await shown(running, "*", 200)
        await copied(postgres)
        before = _lines(running)
    sent = len(await published(kafka_with_topics))
    async with evaluating(kafka_with_topics, postgres, Day()) as running:
        await shown(running, "*", 200)
        assert _lines(running) == before
        await running.ledger.take(make.employment_started("y", "2022-01-01", "u0", "o0"))
        assert await shown(running, "u0", 21) <= 6
    assert len(await published(kafka_with_topics)) > sent


async def test_what_came_while_nobody_led(kafka_with_topics: str, postgres: str) -> None:
    """The groups that it changes are published, and no others; those told of after the copy once more."""
    async with evaluating(kafka_with_topics, postgres, Day(), [*STAFF, *UNITS]) as running:
        await shown(running, "*", 200)
        await copied(postgres)
        await running.ledger.take(make.employment_started("y", "2022-01-01", "u0", "o0"))
        await shown(running, "u0", 21)
        [told] = await fetch(postgres, "select array_length(groups, 1) from metrics.book_told")
        assert told[0] == 6
    came = make.employment_started("z", "2022-01-01", "u1", "o1")
    async with evaluating(kafka_with_topics, postgres, Day(), [came]) as running:
        await shown(running, "u1", 21)
        assert await shown(running, "*", 202) == 6 + 4


async def test_another_replica_takes_over(kafka_with_topics: str, postgres: str) -> None:
    """It shows everything, and publishes what comes from then on alone."""
    async with AsyncExitStack() as leading:
        first = await leading.enter_async_context(evaluating(kafka_with_topics, postgres, Day(), [*STAFF, *UNITS]))
        await shown(first, "*", 200)
        await copied(postgres)
        async with evaluating(kafka_with_topics, postgres, Day()) as second:
            await leading.aclose()
            await shown(second, "*", 200)
            await second.ledger.take(make.employment_started("y", "2022-01-01", "u0", "o0"))
            assert await shown(second, "u0", 21) <= 6


async def test_a_day_begins_while_nobody_leads(kafka_with_topics: str, postgres: str) -> None:
    """Only the days that nobody knew of are sent, as at midnight."""
    day = Day()
    day.now -= timedelta(days=10)
    async with evaluating(kafka_with_topics, postgres, day, STAFF) as running:
        await shown(running, "*", 200)
        await copied(postgres)
    known = await revision(kafka_with_topics)
    day.now += timedelta(days=2)
    async with evaluating(kafka_with_topics, postgres, day) as running:
        await until(lambda: running.counted(PUBLISHED) >= 44, "the new days")
        await copied(postgres)
    told = [one for one in await published(kafka_with_topics) if one.revision > known]
    today = day.now.date()
    begun = {today, today - timedelta(1), *(today + timedelta(n - back) for n in (30, 60, 90) for back in (0, 1))}
    assert {one.as_of for one in told} <= begun
    assert today in {one.as_of for one in told}


async def test_a_unit_moves_while_nobody_leads(kafka_with_topics: str, postgres: str) -> None:
    """Where it went, what it left and it itself are sent; the other units are not."""
    async with evaluating(kafka_with_topics, postgres, Day(), [*STAFF, *UNITS]) as running:
        await shown(running, "*", 200)
        await copied(postgres)
    known = await revision(kafka_with_topics)
    moved = make.unit_defined("u3", "2024-06-30", parent="e")
    async with evaluating(kafka_with_topics, postgres, Day(), [*UNITS, moved]) as running:
        await shown(running, "e", 20)
    told = [one for one in await published(kafka_with_topics) if one.revision > known]
    assert {one.unit for one in told} == {"u3", "d", "e"}


SPOILT = {
    "another byte": "update metrics.book_parts set body = set_byte(body, 40, 255 - get_byte(body, 40)) where place = 2",
    "a part is missing": "delete from metrics.book_parts where place = (select max(place) from metrics.book_parts)",
    "another release": "update metrics.book_copy set release = 'another'",
    "a later day": "update metrics.book_copy set today = today + 1",
    "another ledger": "delete from metrics.batches where id = (select max(id) from metrics.batches)",
    "a server that has come less far": "update metrics.book_copy set snapshot = '9000000000:9000000000:'",
    "messages that are gone": "update metrics.book_copy set sent = jsonb_set(sent, '{1,0}', '1000000')",
    "another topic": "update metrics.book_copy set sent = jsonb_set(sent, '{0}', '\"another\"')",
    "a leader that wrote nothing down": "update metrics.publications set term = term + 1",
}


@pytest.mark.parametrize("harm", SPOILT)
async def test_a_copy_that_does_not_fit(kafka_with_topics: str, postgres: str, harm: str) -> None:
    """It is thrown away: everything is made of all facts and published, and copied anew."""
    async with evaluating(kafka_with_topics, postgres, Day(), STAFF) as running:
        everything = await shown(running, "*", 200)
        await copied(postgres)
    await execute(postgres, SPOILT[harm])
    async with evaluating(kafka_with_topics, postgres, Day()) as running:
        await until(lambda: running.counted(PUBLISHED) == everything, "everything to be published")
        await shown(running, "*", 200)
        await copied(postgres)
        assert running.counted("stadga_task_restarts_total", task="evaluation") == 0


async def test_a_copy_that_cannot_even_be_asked_about(kafka_with_topics: str, postgres: str) -> None:
    """It is tried once, and no more."""
    async with evaluating(kafka_with_topics, postgres, Day(), STAFF) as running:
        await shown(running, "*", 200)
        await copied(postgres)
    await execute(postgres, "update metrics.book_copy set snapshot = 'none'")
    settings = MetricsSettings(kafka_bootstrap_servers=kafka_with_topics)
    async with pool(postgres, "metrics") as opened, opened.acquire() as connection:
        resuming = Resuming(connection, await begin(opened), settings)
        with pytest.raises(asyncpg.DataError):
            await resuming.begin(Keeper(connection, 365, 150.0), Marking(), EVENING.date())
    assert not await there(postgres, COPY)


async def test_a_leader_that_was_followed_writes_nothing(kafka_with_topics: str, postgres: str) -> None:
    """What it still has to tell is not told, and the copy is its successor's."""
    async with evaluating(kafka_with_topics, postgres, Day(), STAFF) as running:
        await shown(running, "*", 200)
        await copied(postgres)
        await execute(postgres, "update metrics.publications set term = term + 1")
        await running.ledger.take(make.employment_started("y", "2022-01-01", "u0", "o0"))
        await shown(running, "*", 201)
        assert running.counted("stadga_task_restarts_total", task="evaluation") == 1


def day_of(n: int) -> list[make.Event]:
    """What one of several days brings: somebody new, somebody ill, somebody who leaves, and who turns out not to."""
    return [
        make.employment_started(f"new{n}", "2024-01-02", f"u{n}", "o1"),
        make.employment_ended(f"p{n}", "2024-01-10"),
        make.employment_started(f"late{n}", "2022-03-01", f"u{n + 1}", "o0"),
        make.employment_ended(f"new{n}", "2024-01-12") if n % 2 else make.employment_started(f"p{n}x", "2024-01-11"),
    ]


MOMENTS = {
    "nothing is published": "select 1",
    "some is on its way": "select 1 from metrics.publications where number is not null",
    "a copy is there": COPY,
    "something was told since": "select 1 from metrics.book_told",
}


async def _starts(stack: Stack, url: str, service: Killable, events: Iterable[make.Event], moment: str) -> None:
    """Give it something, kill it at a moment, and start it again."""
    await send(stack.kafka_bootstrap_servers, [message(event) for event in events])
    await until(lambda: there(url, MOMENTS[moment]), moment)
    service.kill()
    assert await service.ended() == -SIGKILL
    await service.start()


async def test_killed_again_and_again(tmp_path: Path) -> None:
    """What all of them published comes to what one publishes that nobody kills; each revision is above those before."""
    async with standing(tmp_path) as stack:
        url = stack.database_url
        async with killable(stack, "metrics", STADGA_HEALTH_SETTLE_SECONDS="0") as service:
            await send(stack.kafka_bootstrap_servers, [message(event) for event in (*STAFF, *UNITS)])
            for n, moment in enumerate([*MOMENTS, *MOMENTS]):
                await _starts(stack, url, service, day_of(n), moment)
            await _published_all(stack, url)
            by_many = latest_values(await messages(stack))
            service.kill()
            await service.ended()
        known = max(one.group.revision for one in await messages(stack))
        await execute(url, "delete from metrics.book_copy")
        async with killable(stack, "metrics", STADGA_HEALTH_SETTLE_SECONDS="0") as service:
            await until(lambda: service.service.counted(PUBLISHED), "everything to be published")
            await _published_all(stack, url)
        by_one = latest_values([one for one in await messages(stack) if one.group.revision > known])
        assert {key: by_many[key] for key in by_one} == by_one
        assert len(by_one) > 10_000


async def _published_all(stack: Stack, url: str) -> None:
    await caught_up(stack, url)
    published_to = "select 1 from metrics.publications where seq = (select max(seq) from metrics.batches)"
    await until(lambda: there(url, published_to), "all of it to be published")
    await copied(url)
