"""Mails leave the outbox over real SMTP: once where possible, again where not sure, never lost."""

import asyncio
import contextlib
from datetime import timedelta
from email import message_from_bytes, policy

import asyncpg
import msgspec
import pytest

from services.alerts.notifiers.email.mailer import run
from services.alerts.repository import mails
from tests.conftest import Mail
from tests.fakes.postmaster import HANG_UP, SILENCE, Postmaster, listening
from tests.integration.deliverer import BRISK, POLL, office
from tests.integration.delivering import NOW, count, delivering, enqueue, problem, settled
from tests.polling import until


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
        await until(lambda: count(post, "sent") == 1, "it is counted")


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
        await until(lambda: (count(post, "deferred"), count(post, "sent")) == (2, 1), "each is counted")


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
