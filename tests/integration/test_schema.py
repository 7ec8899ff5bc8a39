"""A database of an earlier or a later release: what a service says of it, and migrations forth and back over data."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from uuid import uuid4

import asyncpg
import pytest
from alembic import command

from cli.local.stack import migrations
from services.metrics.domain.facts.rules import RULES
from services.metrics.intake import repository
from services.metrics.ledger import term
from shared.contracts.release import SCHEMAS, Schema
from shared.kit import database
from shared.kit.health import Health
from shared.kit.schema import MissingMigrationError, OutgrownError
from tests.conftest import beside, execute
from tests.contract.test_releases import before, number
from tests.integration import mixed_logs
from tests.integration.metering import clean_pass, fetch, net_facts
from tests.integration.test_metrics_remake import AT, take_in
from tests.polling import until
from tests.previous import file_of
from tests.unit.shared.test_health import Time


@pytest.fixture
async def earlier(server: str) -> AsyncIterator[str]:
    """URL of a database as the release before left it."""
    name = f"earlier_{uuid4().hex}"
    await execute(server, f"create database {name}")
    url = beside(server, name)
    for last in lasts().values():
        await migrations.migrate(url, to=last)
    yield url
    await execute(server, f"drop database {name} with (force)")


def lasts() -> dict[str, str]:
    """Of each schema the last migration of the release before."""
    return {schema: max((m for m in before() if m.startswith(schema)), key=number) for schema in SCHEMAS}


def health(schema: str) -> Health:
    """Of a service that has this schema."""
    return Health(Time().clock(), "database", schema=schema)


@pytest.mark.parametrize("schema", SCHEMAS)
async def test_an_earlier_one_is_waited_for(earlier: str, schema: str) -> None:
    """Which migration is missing is said, and which there was last; once it has run there are sessions."""
    said, last = health(schema), lasts()[schema]
    missing = rf"^the migration {schema}_{SCHEMAS[schema]:04} is missing, the last one there is {last}: "
    with pytest.raises(MissingMigrationError, match=missing):
        async with database.pool(earlier, schema, met=said.met):
            pass
    assert said.readiness().schema == Schema(SCHEMAS[schema], number(last))
    await migrations.migrate(earlier)
    async with database.pool(earlier, schema, met=said.met):
        assert said.readiness().schema == Schema(SCHEMAS[schema], SCHEMAS[schema])


async def test_an_empty_one_is_waited_for(server: str) -> None:
    """There are no migrations yet."""
    name = f"empty_{uuid4().hex}"
    await execute(server, f"create database {name}")
    said = health("metrics")
    try:
        with pytest.raises(MissingMigrationError, match=r"is missing, there is none: "):
            async with database.pool(beside(server, name), "metrics", met=said.met):
                pass
    finally:
        await execute(server, f"drop database {name} with (force)")
    assert said.readiness().schema == Schema(SCHEMAS["metrics"], 0)


@pytest.mark.parametrize("schema", SCHEMAS)
async def test_a_later_one_is_worked_with(postgres: str, schema: str) -> None:
    """As long as it serves this release; also when it changes while the service runs."""
    said, later = health(schema), SCHEMAS[schema] + 1
    async with database.pool(postgres, schema, met=said.met) as opened:
        work = asyncio.create_task(database.pulse(opened, schema, said.met, partial(said.hindered, "database")))
        await until(lambda: said.ready, "the database to be there")
        rename = f"update alembic_version set version_num = '{schema}_{later:04}' where version_num like '{schema}%'"  # noqa: S608
        await execute(postgres, rename)
        await until(lambda: said.readiness().schema == Schema(SCHEMAS[schema], later), "the later one to be met")
        assert said.ready
        await execute(postgres, f"update {schema}.supports set oldest = {later}")  # noqa: S608
        with pytest.raises(OutgrownError, match=f"serves releases from {schema}_{later:04} on"):
            await work
    with pytest.raises(OutgrownError):
        async with database.pool(postgres, schema):
            pass


@pytest.mark.parametrize("schema", SCHEMAS)
async def test_the_release_before_is_served(postgres: str, schema: str) -> None:
    """No migration takes away what it needs."""
    [[oldest]] = await fetch(postgres, f"select oldest from {schema}.supports")  # noqa: S608
    assert oldest <= number(lasts()[schema])


async def test_forth_and_back_over_data(postgres: str) -> None:
    """Each migration since the release before, taken back and run again: what was counted is what it was."""
    log = mixed_logs.shuffled_year(600)
    facts, _ = clean_pass(log)
    async with database.pool(postgres, "metrics") as opened:
        await repository.positions(opened, [AT])
        await take_in(opened, log)
    await execute(postgres, "insert into metrics.publications (shard, shards, term, number) values (0, 1, 5, 50)")
    assert await net_facts(postgres) == facts
    for migration in sorted(migrations.known() - before(), key=number, reverse=True):
        await down(postgres, f"{migration.partition('_')[0]}@-1")
        assert await net_facts(postgres) == facts
    assert {row["version_num"] for row in await fetch(postgres, "select version_num from alembic_version")} == set(
        lasts().values()
    )
    assert [tuple(r) for r in await fetch(postgres, "select one, number from metrics.publications")] == [(True, 50)]
    await migrations.migrate(postgres)
    assert await net_facts(postgres) == facts
    [[rules]] = await fetch(postgres, "select rules from metrics.rules")
    assert rules == RULES
    found = await fetch(postgres, "select one, shard, shards, number from metrics.publications")
    assert [tuple(row) for row in found] == [(True, 0, 1, 50)]


async def test_the_release_before_leads_where_there_is_one_shard(postgres: str) -> None:
    """By its own statement: beside one shard in turns, over several not at all."""
    theirs: dict[str, str] = {}
    exec(file_of("services/metrics/ledger/telling_statements.py"), theirs)  # noqa: S102  (ours, of a release ago)
    async with database.pool(postgres, "metrics") as opened:
        assert [await opened.fetchval(theirs["NEW_TERM"]), (await term.begin(opened)).number] == [1, 2]
        assert await opened.fetchval(theirs["NEW_TERM"]) == 3
        async with opened.acquire() as connection:
            await term.deal(connection, 2)
            with pytest.raises(asyncpg.UniqueViolationError):
                await connection.fetchval(theirs["NEW_TERM"])
            await term.deal(connection, 1)
            assert await connection.fetchval(theirs["NEW_TERM"]) == 6


async def test_nobody_waits_long_for_a_migration(earlier: str) -> None:
    """While somebody reads a table that is to be changed, others go on adding to it; it is tried until it can be."""
    reader, writer = await asyncpg.connect(earlier), await asyncpg.connect(earlier)
    try:
        reading = reader.transaction()
        await reading.start()
        await reader.execute("lock table metrics.facts in access share mode")
        migrating = asyncio.create_task(migrations.migrate(earlier))

        async def waits() -> bool:
            return bool(await fetch(earlier, "select 1 from pg_locks where not granted and relation is not null"))

        await until(waits, "the migration to wait for the reader")
        await writer.execute("insert into metrics.facts values (1, 1, 1, 1, 1)")
        assert not migrating.done()
        await reading.rollback()
        await migrating
        assert await writer.fetchval("select count(*) from metrics.facts") == 1
    finally:
        await reader.close()
        await writer.close()


async def down(url: str, to: str) -> None:
    """Take migrations back."""
    config = migrations._config()
    config.attributes.update(database_url=url, tenant="")
    await asyncio.to_thread(command.downgrade, config, to)
