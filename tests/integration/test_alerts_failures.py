"""The alerts service through failures: it waits, says so, and loses no alert."""

import asyncio
from pathlib import Path

from cli.local.stack import Stack, migrations, topics
from tests.conftest import Mail, execute
from tests.integration.alerting import (
    BAD,
    Watcher,
    alerts_topic,
    all_arrived,
    history,
    in_states,
    plan,
    publish,
    rows,
    started,
    watching,
)
from tests.polling import until


async def test_killed_while_it_works_no_alert_is_lost(
    watcher: Watcher, kafka_with_topics: str, postgres: str, smtp: Mail
):
    """Killed with −9 again and again during a stream: every alert is told, and repeats carry the same id."""
    units = [f"crash{number}" for number in range(12)]
    await started(watcher, plan(*units))
    stream = [one for unit in units for one in history(unit, BAD)]
    publishing = asyncio.create_task(publish(kafka_with_topics, stream))
    for _ in range(5):
        held = len(await rows(postgres, "select from observations"))

        async def further(held: int = held) -> bool:
            return publishing.done() or len(await rows(postgres, "select from observations")) > held

        await until(further, "more values were taken in")
        await asyncio.to_thread(watcher.kill)
        watcher.start()
    await publishing
    await in_states(watcher, dict.fromkeys(units, "firing"))
    assert await rows(postgres, "select count(*), count(distinct unit) from episodes where ended is null") == [(12, 12)]
    await until(lambda: all_arrived(postgres, smtp, 24), "every mail")
    wanted = {(unit, to) for unit in units for to in ("hr", "head")}
    found = await rows(postgres, "select occasion ->> 'unit', recipient from outbox where state = 'sent'")
    assert (set(found), len(found)) == (wanted, 24)

    async def every_event() -> bool:
        events = await alerts_topic(kafka_with_topics, "plan")
        fired = {event["id"] for event in events if event["data"]["unit"] in units and event["data"]["new"] == "firing"}
        return len(fired) == 12

    await until(every_event, "every alert is on workforce.alerts under one id")


async def test_the_database_may_be_away(stack: Stack, smtp: Mail, tmp_path: Path):
    """Away at start and away in the middle of a stream: the service waits, says so, and nothing is lost."""
    await stack.start(["kafka", "postgres"])
    await topics.create(stack.kafka_bootstrap_servers)
    await migrations.migrate(stack.database_url)
    stack.kill("postgres")
    servers = stack.kafka_bootstrap_servers
    settings = {"KAFKA_BOOTSTRAP_SERVERS": servers, "DATABASE_URL": stack.database_url, "SMTP_URL": smtp.url}
    async with watching(tmp_path, **settings) as watcher:
        (watcher.plans / "plan.yaml").write_text(plan("north", "south"))
        watcher.start()

        async def waits() -> bool:
            return "database" in (await watcher.problems() or {})

        await until(waits, "health names the database")
        await stack.restart("postgres")
        await watcher.ready()
        await publish(servers, history("north", BAD))
        await in_states(watcher, {"north": "firing"})
        stack.kill("postgres")
        await publish(servers, history("south", BAD))
        await until(waits, "health names the database again")
        await stack.restart("postgres")
        await in_states(watcher, {"north": "firing", "south": "firing"})
        await until(lambda: all_arrived(stack.database_url, smtp, 4), "every mail")


async def test_the_broker_may_be_away(stack: Stack, smtp: Mail, tmp_path: Path):
    """When Kafka goes away the service says so, and goes on where it was once Kafka is back."""
    await stack.start(["kafka", "postgres"])
    await topics.create(stack.kafka_bootstrap_servers)
    await migrations.migrate(stack.database_url)
    servers = stack.kafka_bootstrap_servers
    settings = {"KAFKA_BOOTSTRAP_SERVERS": servers, "DATABASE_URL": stack.database_url, "SMTP_URL": smtp.url}
    async with watching(tmp_path, **settings) as watcher:
        await started(watcher, plan("east", "west"))
        await publish(servers, history("east", BAD))
        await in_states(watcher, {"east": "firing"})
        stack.kill("kafka")

        async def says() -> bool:
            return "workforce.alerts" in (await watcher.problems() or {})

        await until(says, "health names the topic")
        await stack.restart("kafka")
        await watcher.ready()
        await publish(servers, history("west", BAD))
        await in_states(watcher, {"east": "firing", "west": "firing"})
        await until(lambda: all_arrived(stack.database_url, smtp, 4), "every mail")

        async def every_event() -> bool:
            events = await alerts_topic(servers, "plan")
            return {event["data"]["unit"] for event in events if event["data"]["new"] == "firing"} == {"east", "west"}

        await until(every_event, "both alerts are on workforce.alerts")


async def test_a_missing_migration_is_waited_for(watcher: Watcher, postgres: str):
    """Without its schema the service says what is missing, and works once it is there."""
    await execute(postgres, "alter schema alerts rename to elsewhere")
    (watcher.plans / "plan.yaml").write_text(plan("early"))
    watcher.start()

    async def says() -> bool:
        return "does not exist" in (await watcher.problems() or {}).get("database", "")

    await until(says, "health names the missing table")
    await execute(postgres, "alter schema elsewhere rename to alerts")
    await watcher.ready()
