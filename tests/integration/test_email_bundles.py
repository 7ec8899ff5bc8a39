"""Mails of one recipient leave as one, over real SMTP: whole, under one Message-ID, also after a crash."""

import asyncio
import signal
from datetime import timedelta
from email import message_from_bytes, policy

import asyncpg
import msgspec
import pytest

from services.alerts.notifiers.email.mailer import run
from services.alerts.repository import mails
from tests.conftest import Mail
from tests.fakes.postmaster import Postmaster, listening
from tests.integration.deliverer import BRISK, POLL, office
from tests.integration.delivering import NOW, count, delivering, enqueue, settled, states
from tests.integration.test_email_outages import kill, started
from tests.polling import until
from tests.unit.alerts.occasions import occasion

SOME = 12
TO = "hr@kommun.example"


async def enqueue_some(table: asyncpg.Connection, name: str = "hr", some: int = SOME, **columns: object) -> list[str]:
    """Mails to one recipient about as many units, all of them settled; their ids."""
    for number in range(some):
        unit = f"unit-{number:02}"
        said = occasion(unit=unit, unit_name=unit, episode=f"episode-{number}")
        row = {"id": f"{name}-{number:02}", "episode": f"episode-{number}", "state": "settling", **columns}
        await enqueue(table, name, **{"occasion": msgspec.json.encode(said).decode(), **row})
    return [f"{name}-{number:02}" for number in range(some)]


async def identities(table: asyncpg.Connection) -> set[str | None]:
    """The Message-IDs that rows left under."""
    return {row["message_id"] for row in await table.fetch("select message_id from alerts.outbox")}


async def test_what_settles_together_leaves_as_one(postgres: str, smtp: Mail, table: asyncpg.Connection) -> None:
    """One mail for each recipient; every row is sent, and counted; a later mail of a thread answers it."""
    ours, theirs = await enqueue_some(table), await enqueue_some(table, "head", 2)
    async with delivering(postgres, smtp.url) as post:
        await settled(table, dict.fromkeys([*ours, *theirs], "sent"))
        assert len(smtp.messages()) == 2
        await until(lambda: count(post, "sent") == SOME + 2, "every row is counted")
        await enqueue(table, "hr", "resolved", episode="episode-3", created=NOW + timedelta(minutes=1))
        await settled(table, {"hr-resolved": "sent"})
    told = [message_from_bytes(raw, policy=policy.default) for raw in smtp.messages()]
    first = next(mail for mail in told if mail["To"] == TO)
    assert first["Subject"].startswith(f"{SOME} nya larm: unit-00, unit-01 och 10 enheter till")
    assert told[-1]["In-Reply-To"] == first["Message-ID"]
    assert await identities(table) == {mail["Message-ID"] for mail in told}


async def test_ends_that_leave_as_one_answer_what_they_end(
    postgres: str, smtp: Mail, table: asyncpg.Connection
) -> None:
    """One alert was told of alone and others in one mail: the mail of all the ends refers to both."""
    alone = await enqueue(table, "hr", id="alone", episode="episode-0", created=NOW - timedelta(minutes=2))
    async with delivering(postgres, smtp.url):
        await settled(table, {"alone": "sent"})
        for n in (1, 2):
            await enqueue(table, "hr", id=f"hr-{n}", episode=f"episode-{n}", state="settling")
        await settled(table, {"hr-1": "sent", "hr-2": "sent"})
        async with table.transaction():
            for n in range(3):
                row = {"id": f"end-{n}", "episode": f"episode-{n}", "created": NOW + timedelta(minutes=1)}
                await enqueue(table, "hr", "resolved", state="settling", **row)
        await settled(table, {f"end-{n}": "sent" for n in range(3)})
    assert alone == TO
    first, second, ends = (message_from_bytes(raw, policy=policy.default) for raw in smtp.messages())
    assert sorted(ends["References"].split()) == sorted([first["Message-ID"], second["Message-ID"]])


async def test_one_alone_is_what_it_always_was(postgres: str, smtp: Mail, table: asyncpg.Connection) -> None:
    """Its own subject, its own Message-ID, no bundle."""
    await enqueue(table, "hr", state="settling")
    async with delivering(postgres, smtp.url):
        row = await settled(table, {"hr-hold_met": "sent"})
    assert row["bundle"] is None
    assert await table.fetchval("select count(*) from alerts.bundles") == 0


async def test_a_bundle_survives_kill_9(postgres: str, postmaster: Postmaster, table: asyncpg.Connection) -> None:
    """Killed when the server has the mail and nobody knows: the repeat has the same Message-ID and the same bytes."""
    rows = await enqueue_some(table)
    async with listening(postmaster) as port:
        process = await started(postgres, port)
        postmaster.before_answer = lambda _: kill(process, now=True)
        assert await process.wait() == -signal.SIGKILL
        postmaster.before_answer = lambda _: None
        await enqueue(table, "hr", id="hr-late", episode="episode-late", state="settling")
        process = await started(postgres, port)
        row = await settled(table, {**dict.fromkeys(rows, "sent"), "hr-late": "sent"})
        process.terminate()
        await process.wait()
    first, *repeats = [one for one in postmaster.ids(TO) if one == row["message_id"]]
    assert repeats == [first]
    assert len(set(postmaster.bodies)) == 2, "the bundle, which is the same each time, and the late mail"
    assert len(set(postmaster.ids(TO))) == 2


async def test_a_row_that_cannot_be_read_keeps_no_other(postgres: str, smtp: Mail, table: asyncpg.Connection) -> None:
    """It is a dead letter of its own; the mail tells of the rest."""
    rows = await enqueue_some(table)
    await table.execute("update alerts.outbox set occasion = '{}' where id = $1", rows[0])
    async with delivering(postgres, smtp.url):
        await settled(table, {rows[0]: "failed"} | dict.fromkeys(rows[1:], "sent"))
    (raw,) = smtp.messages()
    assert message_from_bytes(raw, policy=policy.default)["Subject"].startswith(f"{SOME - 1} nya larm")


async def test_what_was_refused_is_sent_again_as_one(
    postgres: str, postmaster: Postmaster, table: asyncpg.Connection
) -> None:
    """Refused, all of it has failed; to send one of them again is to send the mail again, under its Message-ID."""
    rows = await enqueue_some(table)
    postmaster.to_data[TO] = ["554 5.7.1 Looks like spam"]
    async with listening(postmaster) as port, delivering(postgres, f"smtp://127.0.0.1:{port}"):
        await settled(table, dict.fromkeys(rows, "failed"))
        async with table.transaction():
            await table.execute("set local search_path to alerts")
            assert await mails.retry(table, NOW, [rows[3]]) == SOME
        await settled(table, dict.fromkeys(rows, "sent"))
    assert set(postmaster.ids(TO)) == await identities(table)
    assert len(postmaster.received) == 1


async def test_a_server_that_puts_it_off_gets_it_whole(
    postgres: str, postmaster: Postmaster, table: asyncpg.Connection
) -> None:
    """Every row waits together, and counts its attempts."""
    rows = await enqueue_some(table)
    postmaster.to_rcpt[TO] = ["450 4.2.0 Greylisted"]
    async with listening(postmaster) as port, delivering(postgres, f"smtp://127.0.0.1:{port}"):
        await settled(table, dict.fromkeys(rows, "sent"))
    assert {row["attempts"] for row in await table.fetch("select attempts from alerts.outbox")} == {2}
    assert len(postmaster.received) == 1


async def test_two_processes_do_not_share_a_bundle(
    postgres: str, postmaster: Postmaster, table: asyncpg.Connection
) -> None:
    """Each mail is sent by one of them, whole."""
    names = [f"person-{number}" for number in range(30)]
    rows = [row for name in names for row in await enqueue_some(table, name, 4)]
    async with listening(postmaster) as port:
        smtp = f"smtp://127.0.0.1:{port}"
        async with delivering(postgres, smtp), delivering(postgres, smtp):
            await settled(table, dict.fromkeys(rows, "sent"))
    assert sorted(to for to, _ in postmaster.received) == sorted(f"{name}@kommun.example" for name in names)


async def test_an_hour_bears_so_many_letters_not_notices(
    postgres: str, postmaster: Postmaster, table: asyncpg.Connection
) -> None:
    """A mail of twelve notices is one mail."""
    rows = await enqueue_some(table)
    two = msgspec.structs.replace(BRISK, hourly=2)
    async with listening(postmaster) as port, office(postgres, f"smtp://127.0.0.1:{port}", two) as post:
        task = asyncio.create_task(run(post, asyncio.Event(), POLL))
        await settled(table, dict.fromkeys(rows, "sent"))
        await enqueue(table, "hr", id="hr-second", episode="episode-second")
        await settled(table, {"hr-second": "sent"})
        await enqueue(table, "hr", id="hr-third", episode="episode-third")
        await settled(table, {"hr-third": "held"})
        task.cancel()
        await asyncio.wait([task])
    assert len(postmaster.received) == 2


@pytest.mark.parametrize("state", ["settling", "pending"])
async def test_what_waits_for_an_earlier_mail_is_in_no_bundle(
    state: str, postgres: str, smtp: Mail, table: asyncpg.Connection
) -> None:
    """A bundle waits for nothing: the end of an alert whose beginning is not sent yet goes alone, after it."""
    rows = await enqueue_some(table)
    later = {"created": NOW + timedelta(seconds=1), "state": "settling"}
    await enqueue(table, "hr", episode="x", state=state, due=NOW + timedelta(hours=1))
    await enqueue(table, "hr", "resolved", episode="x", **later)
    async with delivering(postgres, smtp.url):
        await settled(table, dict.fromkeys(rows, "sent"))
        await settled(table, {"hr-resolved": "pending"})
        await table.execute("update alerts.outbox set due = $1 where id = 'hr-hold_met'", NOW)
        await settled(table, {"hr-hold_met": "sent", "hr-resolved": "sent"})
    assert (await states(table))["hr-resolved"] == "sent"
    assert len(smtp.messages()) == 3
