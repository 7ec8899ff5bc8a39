"""PostgreSQL does not let a service in: it waits, alive, says so, and goes on once it is let in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from cli.local.stack import Stack
from tests.conftest import execute, here
from tests.integration.metering import Killable, Service
from tests.polling import until

CUT = "select pg_terminate_backend(pid) from pg_stat_activity where datname = $$%s$$ and pid <> pg_backend_pid()"


@asynccontextmanager
async def started(name: str, url: str, folder: Path) -> AsyncIterator[Service]:
    """The service on this database, without Kafka and mail."""
    stack = Stack(folder / "stadga", here(), leashed=True)
    elsewhere = {"DATABASE_URL": url, "KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:9", "SMTP_URL": "smtp://127.0.0.1:9"}
    process = Killable(stack, name, **elsewhere)
    await process.start()
    try:
        yield process.service
    finally:
        process.kill()
        await process.ended()


async def refused(service: Service, reason: str) -> None:
    """Wait until health names the reason; the service is alive, and is sent no work."""

    async def named() -> bool:
        return reason in (await service.problems()).get("database", "")

    await until(named, f"health says: {reason}")
    assert await service.alive()
    assert (await service.ask("/readyz")).status_code == httpx.codes.SERVICE_UNAVAILABLE


@pytest.mark.parametrize("name", ["metrics", "alerts"])
async def test_shut_out_and_let_in(name: str, server: str, postgres: str, tmp_path: Path):
    """At the start, and while it runs: health names the reason; it goes on once it may connect."""
    database = urlsplit(postgres).path[1:]
    shut = f"revoke connect on database {database} from public, stadga"
    await execute(server, shut)
    async with started(name, postgres, tmp_path) as service:

        async def let_in() -> bool:
            return "database" not in await service.problems()

        for _ in range(2):
            await refused(service, "permission denied for database")
            await execute(server, f"grant connect on database {database} to stadga")
            await until(let_in, "the service to be let in")
            await execute(server, shut)
            await execute(server, CUT % database)
        await refused(service, "permission denied for database")


async def test_role_that_may_not_log_in(postgres: str, tmp_path: Path):
    """A login that PostgreSQL refuses is told of for as long as it does."""
    async with started("metrics", postgres.replace("stadga@", "stranger@"), tmp_path) as service:
        await refused(service, "stranger")
        assert await service.counted("stadga_task_restarts_total", task="database") > 0
