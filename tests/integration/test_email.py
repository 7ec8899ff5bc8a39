"""Mails leave the outbox over real SMTP: once where possible, again where not sure, never lost."""

import asyncio
import contextlib
import signal
import socket
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import asyncpg
import msgspec
import pytest

from services.alerts.domain.occasion import Reason
from services.alerts.notifiers.email.letter import message_id
from services.alerts.repository import mails
from services.alerts.scheduler import Post, run
from tests.conftest import Mail
from tests.fakes.postmaster import HANG_UP, SILENCE, Postmaster, listening
from tests.integration.deliverer import BRISK, POLL, office
from tests.polling import until
from tests.unit.alerts.occasions import occasion

NOW = datetime.now(UTC)


@pytest.fixture
async def table(postgres: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection that writes and reads the outbox, as the evaluator does."""
    connection = await asyncpg.connect(postgres)
    yield connection
    await connection.close()


@pytest.fixture
async def postmaster() -> Postmaster:
    """A mail server that is not listening yet."""
    return Postmaster()


@contextlib.asynccontextmanager
async def delivering(
    postgres: str, smtp: str, wake: asyncio.Event | None = None, poll: timedelta = POLL
) -> AsyncIterator[Post]:
    """Delivery at work in the background."""
    async with office(postgres, smtp) as post:
        task = asyncio.create_task(run(post, wake or asyncio.Event(), poll))
        yield post
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def enqueue(table: asyncpg.Connection, name: str, reason: Reason = "hold_met", **columns: object) -> str:
    """One mail to ``name`` in the outbox, with ``columns`` of one's own; gives its address."""
    row = {
        "id": f"{name}-{reason}",
        "episode": "episode-1",
        "reason": reason,
        "recipient": name,
        "address": f"{name}@kommun.example",
        "language": "sv",
        "occasion": msgspec.json.encode(occasion(reason)).decode(),
        "created": NOW,
        "due": NOW,
        **columns,
    }
    fields = ", ".join(row)
    places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    await table.execute(f"insert into alerts.outbox ({fields}) values ({places})", *row.values())  # noqa: S608 - fixed names
    return str(row["address"])


async def states(table: asyncpg.Connection) -> dict[str, str]:
    """The state of every mail by its id."""
    return {row["id"]: row["state"] for row in await table.fetch("select id, state from alerts.outbox")}


async def settled(table: asyncpg.Connection, expected: dict[str, str]) -> asyncpg.Record:
    """Wait until the mails named are in the states given; the row of the first one."""

    async def reached() -> bool:
        return (await states(table)).items() >= expected.items()

    await until(reached, f"outbox to hold {expected}")
    return await table.fetchrow("select * from alerts.outbox where id = $1", next(iter(expected)))


def count(post: Post, outcome: str, reason: Reason = "hold_met") -> float:
    """The deliveries counted so far."""
    samples = [sample for family in post.deliveries.collect() for sample in family.samples]
    labels = {"outcome": outcome, "reason": reason}
    return next(s.value for s in samples if s.labels == labels and s.name.endswith("_total"))


async def test_mail_arrives_as_it_was_written(postgres: str, smtp: Mail, table: asyncpg.Connection) -> None:
    """A waiting mail reaches the mailbox with its subject and both parts, and its row says so."""
    async with delivering(postgres, smtp.url) as post:
        await enqueue(table, "hr")
        row = await settled(table, {"hr-hold_met": "sent"})
        [raw] = await until(smtp.messages, "the mail")
        mail = message_from_bytes(raw, policy=policy.default)
        assert mail["Subject"].startswith("Barn och familj, Farsta: avgångar på egen begäran 18,3 %")
        assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
        assert (row["message_id"], row["attempts"], row["last_error"]) == (mail["Message-ID"], 1, None)
        assert count(post, "sent") == 1


async def test_thread_of_an_episode(postgres: str, smtp: Mail, table: asyncpg.Connection) -> None:
    """The resolved mail comes after the alert, even when both wait, and answers it."""
    await enqueue(table, "hr", "resolved", due=NOW - timedelta(minutes=1))
    await enqueue(table, "hr")
    async with delivering(postgres, smtp.url):
        await settled(table, {"hr-hold_met": "sent", "hr-resolved": "sent"})
    first, second = (message_from_bytes(raw) for raw in smtp.messages())
    assert second["In-Reply-To"] == first["Message-ID"]


async def test_4xx_is_tried_again(postgres: str, postmaster: Postmaster, table: asyncpg.Connection) -> None:
    """A greylisted recipient gets the mail on a later attempt, and each attempt is counted."""
    hr = await enqueue(table, "hr")
    postmaster.to_rcpt[hr] = ["450 4.2.0 Greylisted", "451 4.3.0 Try later"]
    async with listening(postmaster) as port, delivering(postgres, f"smtp://127.0.0.1:{port}") as post:
        row = await settled(table, {"hr-hold_met": "sent"})
        assert (row["attempts"], len(postmaster.ids(hr))) == (3, 1)
        assert (count(post, "deferred"), count(post, "sent")) == (2, 1)


async def test_one_bad_address_blocks_nobody(postgres: str, postmaster: Postmaster, table: asyncpg.Connection) -> None:
    """A recipient the server refuses for good is a dead letter with the server's words; the others get theirs."""
    gone = await enqueue(table, "gone", due=NOW - timedelta(minutes=1))
    await enqueue(table, "hr")
    await enqueue(table, "head")
    postmaster.to_rcpt[gone] = ["550 5.1.1 No such user"]
    async with listening(postmaster) as port, delivering(postgres, f"smtp://127.0.0.1:{port}") as post:
        row = await settled(table, {"gone-hold_met": "failed", "hr-hold_met": "sent", "head-hold_met": "sent"})
        assert (row["attempts"], row["last_error"]) == (1, "550 5.1.1 No such user")
        await until(lambda: (count(post, "failed"), count(post, "sent")) == (1, 2), "each is counted")
        assert postmaster.connections == 1


async def test_content_refused_for_good(postgres: str, postmaster: Postmaster, table: asyncpg.Connection) -> None:
    """A 5xx after DATA is final as well."""
    hr = await enqueue(table, "hr")
    postmaster.to_data[hr] = ["554 5.7.1 Looks like spam"]
    async with listening(postmaster) as port, delivering(postgres, f"smtp://127.0.0.1:{port}"):
        assert (await settled(table, {"hr-hold_met": "failed"}))["last_error"] == "554 5.7.1 Looks like spam"


@pytest.mark.parametrize("columns", [{"address": "nobody"}, {"occasion": "{}"}, {"language": "fi"}])
async def test_mail_that_cannot_be_written(
    columns: dict[str, object], postgres: str, smtp: Mail, table: asyncpg.Connection
) -> None:
    """A row no mail can be made of is a dead letter that says why, and the next one goes out."""
    await enqueue(table, "bad", due=NOW - timedelta(minutes=1), **columns)
    await enqueue(table, "hr")
    async with delivering(postgres, smtp.url):
        row = await settled(table, {"bad-hold_met": "failed", "hr-hold_met": "sent"})
    assert "Error: " in row["last_error"]


async def test_server_that_hangs_up_after_data(
    postgres: str, postmaster: Postmaster, table: asyncpg.Connection
) -> None:
    """When the server takes the mail but never says so, it is sent again under the same Message-ID."""
    hr = await enqueue(table, "hr")
    postmaster.to_data[hr] = [HANG_UP]
    async with listening(postmaster) as port, delivering(postgres, f"smtp://127.0.0.1:{port}"):
        row = await settled(table, {"hr-hold_met": "sent"})
    assert postmaster.ids(hr) == [row["message_id"], row["message_id"]]


async def test_server_that_never_answers(postgres: str, postmaster: Postmaster, table: asyncpg.Connection) -> None:
    """A server that takes the mail and says nothing is given up after the time-out, and the mail tried again."""
    hr = await enqueue(table, "hr")
    postmaster.to_data[hr] = [SILENCE]
    async with listening(postmaster) as port, delivering(postgres, f"smtp://127.0.0.1:{port}"):
        row = await settled(table, {"hr-hold_met": "sent"})
    assert (row["attempts"], len(postmaster.ids(hr))) == (2, 1)


async def test_refusal_of_the_sender_is_no_fault_of_the_mail(
    postgres: str, postmaster: Postmaster, table: asyncpg.Connection
) -> None:
    """While the server refuses us as a sender, even for good, the mails wait and health says why."""
    await enqueue(table, "hr")
    postmaster.to_mail = ["550 5.7.1 Sender not allowed"] * 3
    async with listening(postmaster) as port, delivering(postgres, f"smtp://127.0.0.1:{port}") as post:
        await until(lambda: problem(post, "smtp") == "550 5.7.1 Sender not allowed", "health to say why")
        assert (await settled(table, {"hr-hold_met": "sent"}))["attempts"] == 4


async def test_two_processes_share_the_work(postgres: str, postmaster: Postmaster, table: asyncpg.Connection) -> None:
    """Two deliverers at once send every mail once."""
    names = [f"person-{number}" for number in range(60)]
    for name in names:
        await enqueue(table, name)
    async with listening(postmaster) as port:
        smtp = f"smtp://127.0.0.1:{port}"
        async with delivering(postgres, smtp), delivering(postgres, smtp):
            await settled(table, {f"{name}-hold_met": "sent" for name in names})
    assert sorted(to for to, _ in postmaster.received) == sorted(f"{name}@kommun.example" for name in names)


async def test_woken_delivery_does_not_wait_for_its_turn(postgres: str, smtp: Mail, table: asyncpg.Connection) -> None:
    """A mail written beside a wake-up goes out although the next look would be an hour away."""
    wake = asyncio.Event()
    async with delivering(postgres, smtp.url, wake, timedelta(hours=1)) as post:
        await until(lambda: post.health.ready, "delivery to rest")
        await enqueue(table, "hr")
        wake.set()
        await settled(table, {"hr-hold_met": "sent"})


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


def problem(post: Post, part: str) -> str | None:
    """What health says of a part."""
    return next(p.problem for p in post.health.report() if p.name == part)


def free_port() -> int:
    """A port nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_nobody_gets_more_mails_than_an_hour_bears(
    postgres: str, postmaster: Postmaster, table: asyncpg.Connection
) -> None:
    """Of many mails at once a recipient gets some, and one that tells of all the rest; another gets theirs."""
    for number in range(40):
        await enqueue(table, "hr", id=f"hr-{number:02}", episode=f"episode-{number}")
    await enqueue(table, "head")
    few = msgspec.structs.replace(BRISK, hourly=5, gather=timedelta(0))
    async with listening(postmaster) as port, contextlib.AsyncExitStack() as stack:
        for _ in range(2):  # two processes send no more than one
            post = await stack.enter_async_context(office(postgres, f"smtp://127.0.0.1:{port}", few))
            task = asyncio.create_task(run(post, asyncio.Event(), POLL))
            stack.push_async_callback(asyncio.wait, [task])
            stack.callback(task.cancel)
        sent = "select count(*) = 7 from alerts.outbox where state = 'sent'"

        async def all_sent() -> bool:
            return bool(await table.fetchval(sent))

        await until(all_sent, "five mails, the summary, and that of the other recipient")
        await enqueue(table, "hr", id="hr-late", episode="episode-late")
        await settled(table, {"hr-late": "held"})
    kinds = "select address, state, reason = 'summary', count(*) from alerts.outbox group by 1, 2, 3"
    found = await table.fetch(kinds)
    assert {tuple(row) for row in found} == {
        ("hr@kommun.example", "sent", False, 5),
        ("hr@kommun.example", "sent", True, 1),
        ("hr@kommun.example", "summarised", False, 35),
        ("hr@kommun.example", "held", False, 1),
        ("head@kommun.example", "sent", False, 1),
    }


async def test_a_mail_that_failed_is_sent_again_when_someone_says_so(
    postgres: str, smtp: Mail, table: asyncpg.Connection
) -> None:
    """Once the address is mended at the server, the mail goes out."""
    await enqueue(table, "hr", state="failed", attempts=3, last_error="550 no such user")
    await table.execute("set search_path to alerts")
    assert [row.id for row in await mails.load(table, "failed", 10)] == ["hr-hold_met"]
    assert await mails.retry(table, NOW, ["another"]) == 0
    assert await mails.retry(table, NOW, None) == 1
    async with delivering(postgres, smtp.url):
        await settled(table, {"hr-hold_met": "sent"})


async def test_a_fault_is_no_outage(postgres: str, smtp: Mail) -> None:
    """A value that PostgreSQL cannot be given will never be taken: delivery ends and says so, and does not wait."""
    async with office(postgres, smtp.url, msgspec.structs.replace(BRISK, hourly="many")) as post:
        with pytest.raises(asyncpg.DataError, match="invalid input"):
            await asyncio.wait_for(run(post, asyncio.Event(), POLL), 30)
