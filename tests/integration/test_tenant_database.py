"""A database is of one tenant: every session is asked, fresh or after a reconnect, and nobody else migrates it."""

import pytest

from cli.local.stack import StackError, migrations
from shared.contracts.tenants import ALONE, Tenant
from shared.kit import database
from shared.kit.database import OtherTenantError
from tests.conftest import beside, execute
from tests.polling import until

SOLNA, FALUN = Tenant("solna"), Tenant("falun")
SCHEMAS = ("metrics", "alerts")


@pytest.fixture
async def solna(server: str, postgres: str) -> str:
    """URL of a database that is Solna's."""
    for schema in SCHEMAS:
        await execute(postgres, f"update {schema}.tenant set name = 'solna'")  # noqa: S608  (a name of ours)
    return postgres


@pytest.mark.parametrize("schema", SCHEMAS)
async def test_another_gets_no_session(solna: str, schema: str) -> None:
    """Nor does an installation without tenants; whose it is is not told."""
    for tenant in (FALUN, ALONE):
        with pytest.raises(OtherTenantError, match=f"^DATABASE_URL: the schema {schema} there is not of ") as refused:
            async with database.pool(solna, schema, tenant=tenant):
                pass
        assert "solna" not in str(refused.value)
    async with database.pool(solna, schema, tenant=SOLNA) as opened:
        assert await opened.fetchval("select name from tenant") == "solna"


async def test_a_database_without_tenants_is_nobodys(postgres: str) -> None:
    """What was there before there were tenants is of an installation of one."""
    async with database.pool(postgres, "metrics") as opened:
        assert await opened.fetchval("select name from tenant") == ""
    with pytest.raises(OtherTenantError, match="not of the tenant solna"):
        async with database.pool(postgres, "metrics", tenant=SOLNA):
            pass


async def test_every_session_sees_its_schema(solna: str) -> None:
    """All of a pool at once, one that was told otherwise by who had it before, and one that was ended meanwhile."""
    async with database.pool(solna, "metrics", 4, SOLNA) as opened:
        held = [await opened.acquire() for _ in range(4)]
        assert {await one.fetchval("show search_path") for one in held} == {"metrics"}
        for one in held:
            await one.execute("set search_path = alerts, public")
            await opened.release(one)
        pids = set()
        for _ in range(8):
            async with opened.acquire() as one:
                assert await one.fetchval("show search_path") == "metrics"
                pids.add(one.get_server_pid())
        idle = opened.get_idle_size()
        for pid in pids:
            await execute(solna, f"select pg_terminate_backend({pid})")

        async def noticed() -> bool:
            return opened.get_idle_size() == idle - len(pids)

        await until(noticed, "the pool to notice that sessions were ended")
        async with opened.acquire() as one:
            assert await one.fetchval("show search_path") == "metrics"
            assert one.get_server_pid() not in pids


async def test_a_session_after_a_reconnect_is_asked_too(solna: str) -> None:
    """As when another's copy is put back under a service that runs."""
    async with database.pool(solna, "alerts", 1, SOLNA) as opened:
        pid = await opened.fetchval("select pg_backend_pid()")
        await execute(solna, "update alerts.tenant set name = 'falun'")
        await execute(solna, f"select pg_terminate_backend({pid})")

        async def refused() -> bool:
            try:
                answer = await opened.fetchval("select count(*) from outbox")
            except OtherTenantError:
                return True
            except database.TRANSIENT:  # the session has ended: in which words depends on when that is noticed
                return False
            raise AssertionError(answer)

        await until(refused, "the session that follows is refused")


async def test_nobody_else_migrates_it(server: str, migrated: str) -> None:
    """Nothing is changed by who tries; its own may run again, and the first to come marks what is new."""
    for name, tenant, others in (("t_solna", SOLNA, (FALUN, ALONE)), ("t_alone", ALONE, (SOLNA,))):
        await execute(server, f"create database {name}")
        url = beside(server, name)
        try:
            await migrations.migrate(url, tenant)
            await migrations.migrate(url, tenant)
            for other in others:
                with pytest.raises(
                    StackError, match=r"^DATABASE_URL: the schema metrics there is not of .*STADGA_TENANT"
                ):
                    await migrations.migrate(url, other)
            for schema in SCHEMAS:
                async with database.pool(url, schema, tenant=tenant) as opened:
                    assert await opened.fetch("select name from tenant") == [(tenant.name,)]
        finally:
            await execute(server, f"drop database {name} with (force)")


async def test_a_name_that_is_none_migrates_nothing(postgres: str) -> None:
    """Whoever runs the job is told by the name of the setting."""
    with pytest.raises(StackError, match=r"^STADGA_TENANT='So lna'"):
        await migrations.migrate(postgres, Tenant("So lna"))
