"""Delivery while the mail server or the database is away, and after it was killed: no mail is lost."""

import asyncio
import signal
import socket
import sys

import asyncpg
import msgspec
import pytest

from services.alerts.notifiers.email.letter import message_id
from services.alerts.notifiers.email.mailer import run
from tests.conftest import Mail
from tests.fakes.postmaster import Postmaster, listening
from tests.integration.deliverer import BRISK, POLL, office
from tests.integration.delivering import delivering, enqueue, problem, settled, states
from tests.polling import PATIENCE, until


async def test_server_that_is_down(postgres: str, postmaster: Postmaster, table: asyncpg.Connection) -> None:
    """While the server is away, health says so and the mails wait; when it is back they go out."""
    for name in ("hr", "head"):
        await enqueue(table, name)
    port = free_port()
    async with delivering(postgres, f"smtp://127.0.0.1:{port}") as post:
        await until(lambda: problem(post, "smtp") not in (None, "starting"), "health to say that mail is down")
        assert set((await states(table)).values()) == {"pending"}
        async with listening(postmaster, port):
            await settled(table, {"hr-hold_met": "sent", "head-hold_met": "sent"})
            await until(lambda: problem(post, "smtp") is None, "health to say that mail works")


async def test_health_without_any_mail(postgres: str, smtp: Mail) -> None:
    """The server is looked for before the first mail needs it."""
    async with delivering(postgres, smtp.url) as post:
        await until(lambda: post.health.ready, "health to say that all works")


async def test_stop_that_comes_with_an_answer(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Delivery ends when it is told to, also where the mail library loses that for the sake of an answer."""
    answered, asked = asyncio.get_running_loop().create_future(), asyncio.Event()

    async def connect(_: object, **_secrets: object) -> None:
        asked.set()
        await asyncio.wait_for(answered, 600)

    monkeypatch.setattr("aiosmtplib.SMTP.connect", connect)
    async with office(postgres, "smtp://127.0.0.1:9") as post:
        task = asyncio.create_task(run(post, asyncio.Event(), POLL))
        await asyncio.wait_for(asked.wait(), PATIENCE)
        answered.set_result(None)
        task.cancel()
        await asyncio.wait([task], timeout=PATIENCE)
        assert task.cancelled()


async def test_database_connection_that_is_cut(postgres: str, smtp: Mail, table: asyncpg.Connection) -> None:
    """A lost database connection is survived, and the mails written afterwards go out."""
    async with delivering(postgres, smtp.url) as post:
        await until(lambda: post.health.ready, "delivery to run")
        await table.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
        await enqueue(table, "hr")
        await settled(table, {"hr-hold_met": "sent"})


async def test_every_mail_survives_kill_9(postgres: str, postmaster: Postmaster, table: asyncpg.Connection) -> None:
    """A process killed three times just before an answer loses no mail; repeats carry the same Message-ID."""
    names = [f"person-{number}" for number in range(40)]
    for name in names:
        await enqueue(table, name)
    killed: list[asyncio.subprocess.Process] = []
    async with listening(postmaster) as port:
        for at in (5, 12, 25):
            process = await started(postgres, port)
            postmaster.before_answer = lambda arrived, at=at, process=process: kill(process, arrived == at)
            await process.wait()
            killed.append(process)
        process = await started(postgres, port)
        postmaster.before_answer = lambda _: None
        await settled(table, {f"{name}-hold_met": "sent" for name in names})
        process.terminate()
        await process.wait()
    assert [process.returncode for process in killed] == [-signal.SIGKILL] * 3
    for name in names:
        expected = message_id("episode-1", "hold_met", name, "kommun.example")
        assert set(postmaster.ids(f"{name}@kommun.example")) == {expected}
    assert len(postmaster.received) > len(names)


async def started(postgres: str, port: int) -> asyncio.subprocess.Process:
    """A delivering process of its own."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.integration.deliverer", postgres, f"smtp://127.0.0.1:{port}"
    )


def kill(process: asyncio.subprocess.Process, now: bool) -> None:
    """Kill -9, when it is time."""
    if now:
        process.kill()


def free_port() -> int:
    """A port nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_a_fault_is_no_outage(postgres: str, smtp: Mail) -> None:
    """A value that PostgreSQL cannot be given will never be taken: delivery ends and says so, and does not wait."""
    async with office(postgres, smtp.url, msgspec.structs.replace(BRISK, hourly="many")) as post:
        with pytest.raises(asyncpg.DataError, match="invalid input"):
            await asyncio.wait_for(run(post, asyncio.Event(), POLL), PATIENCE)
