"""Bounces, by SMTP and from a Maildir: the mail they are about, and what its address gets from then on."""

import asyncio
import contextlib
import smtplib
import socket
from collections.abc import AsyncIterator
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from prometheus_client import CollectorRegistry

from services.alerts.domain.plan.plan import Version
from services.alerts.domain.plan.reading import read
from services.alerts.notifiers.bounce import PART, listener, maildir
from services.alerts.notifiers.bounce.taking import Takers, take
from services.alerts.repository import bounces
from services.alerts.telemetry import Telemetry
from shared.kit import database
from shared.kit.clock import Clock
from shared.kit.health import Health
from tests.conftest import Mail
from tests.integration.delivering import delivering, enqueue, settled, states
from tests.polling import until

CLOCK = Clock(ZoneInfo("Europe/Stockholm"))

PLAN = """\
plan: p
responsible: head
recipients:
  hr: {email: hr@kommun.example, name: HR}
  head: {email: chef@kommun.example, language: en}
targets: [{id: t, metric: leaver_rate, breach: {above: 0.2}, notify: [hr]}]
"""
REPORT = """\
From: MAILER-DAEMON@mx.kommun.example
To: stadga@kommun.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.kommun.example

Final-Recipient: rfc822; {final}
{original}Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <{final}>: Recipient address rejected: User unknown

--b
Content-Type: {quoted}

{headers}
--b--
"""
HEADERS = "From: stadga@kommun.example\nMessage-ID: {mail}\nSubject: Larm\n\n"


def report(mail: str, final: str, *, original: str = "", gone: bool = True, quoted: str = "message/rfc822") -> bytes:
    """What a mail server says of a mail (RFC 3464)."""
    action, status = ("failed", "5.1.1") if gone else ("delayed", "4.4.1")
    first = f"Original-Recipient: rfc822; {original}\n" if original else ""
    fields = {"final": final, "original": first, "action": action, "status": status}
    return REPORT.format(**fields, quoted=quoted, headers=HEADERS.format(mail=mail)).encode()


@contextlib.asynccontextmanager
async def takers(postgres: str) -> AsyncIterator[Takers]:
    """What taking in needs, on a real database."""
    async with database.pool(postgres, "alerts") as pool:
        yield Takers(pool, CLOCK, Telemetry(CollectorRegistry()).bounces, running, "http://board/")


async def running(plan: str = PLAN) -> dict[str, Version]:
    """A plan that mails the one whose mails bounce, and another that has no responsible."""
    texts = {"plan": plan, "lone": PLAN.replace("responsible: head\n", "")}
    now = CLOCK.now()
    return {name: Version(read(text), 1, f"{name}.yaml", name, now, now) for name, text in texts.items()}


async def mailed(postgres: str, smtp: Mail, table: asyncpg.Connection, mail: str = "hr-hold_met") -> str:
    """The Message-ID of a mail to HR that was sent; each is of an episode of its own."""
    await enqueue(table, "hr", id=mail, episode=mail, created=CLOCK.now())
    async with delivering(postgres, smtp.url):
        row = await settled(table, {mail: "sent"})
    return str(row["message_id"])


FORMS = [
    {},
    {"quoted": "text/rfc822-headers"},
    {"final": "hr@inside.kommun.example", "original": "hr@kommun.example"},
    {"final": "HR@Kommun.Example"},
]


@pytest.mark.parametrize("form", FORMS, ids=["whole", "headers alone", "an alias", "capitals"])
async def test_a_permanent_bounce(postgres: str, smtp: Mail, table: asyncpg.Connection, form: dict[str, str]):
    """The mail did not arrive; its address gets no other before somebody says so, and everyone else does."""
    about = await mailed(postgres, smtp, table)
    async with takers(postgres) as to:
        assert await take(to, report(about, **{"final": "hr@kommun.example", **form})) == "bounced"
        assert await take(to, report(about, "hr@kommun.example")) == "bounced"  # the same again changes nothing
    [told] = await table.fetch("select id, address from alerts.outbox where reason = 'address_stopped'")
    assert told["address"] == "chef@kommun.example"
    assert await states(table) == {"hr-hold_met": "bounced", told["id"]: "pending"}
    await enqueue(table, "hr", "resolved")
    await enqueue(table, "head", episode="other")
    async with delivering(postgres, smtp.url) as post:
        row = await settled(table, {"hr-resolved": "failed", "head-hold_met": "sent", told["id"]: "sent"})
        assert (await states(table))["hr-hold_met"] == "told"
        assert any(b"Subject: Mail to HR does not arrive" in mail for mail in smtp.messages())
        assert "User unknown" in row["last_error"]
        async with post.pool.acquire() as connection:
            [stopped] = await bounces.stopped(connection)
            assert (stopped.recipient, "User unknown" in stopped.why) == ("hr", True)
            assert await bounces.resume(connection, "hr") == 1
        await enqueue(table, "hr", "expected_breach", episode="third")
        await settled(table, {"hr-expected_breach": "sent"})


async def test_a_mail_is_told_of_as_long_as_that_arrived(postgres: str, smtp: Mail, table: asyncpg.Connection):
    """One that bounces later is told of at once; none is when the mail about it bounces, nor one sent afterwards."""
    first, second = await mailed(postgres, smtp, table), await mailed(postgres, smtp, table, "second")
    async with takers(postgres) as to:
        assert await take(to, report(first, "hr@kommun.example")) == "bounced"
        [told] = await table.fetch("select id from alerts.outbox where reason = 'address_stopped'")
        async with delivering(postgres, smtp.url) as post:
            row = await settled(table, {told["id"]: "sent", "hr-hold_met": "told"})
            assert await take(to, report(second, "hr@kommun.example")) == "bounced"
            assert (await states(table))["second"] == "told"
            async with post.pool.acquire() as connection:
                assert await bounces.resume(connection, "hr") == 1
            third = await mailed(postgres, smtp, table, "third")
            lone = PLAN.replace("responsible: head\n", "")
            nobody = to._replace(plans=partial(running, lone))
            assert await take(nobody, report(third, "hr@kommun.example")) == "bounced"
            assert (await states(table))["third"] == "bounced"
            assert await take(nobody, report(row["message_id"], "chef@kommun.example")) == "bounced"
    assert await states(table) == {
        "hr-hold_met": "bounced",
        "second": "bounced",
        "third": "bounced",
        told["id"]: "bounced",
    }


async def test_what_is_no_permanent_bounce_stops_nobody(postgres: str, smtp: Mail, table: asyncpg.Connection):
    """A delay, a report about another address, about a mail of somebody else's, an answer of a person, rubbish."""
    about = await mailed(postgres, smtp, table)
    answer = EmailMessage()
    answer["From"], answer["In-Reply-To"], answer["Subject"] = "hr@kommun.example", about, "Autosvar: semester"
    answer.set_content("Jag har semester till 3 augusti. 550 dagar kvar.")
    async with takers(postgres) as to:
        assert await take(to, report(about, "hr@kommun.example", gone=False)) == "delayed"
        assert "delayed" in (await settled(table, {"hr-hold_met": "sent"}))["last_error"]
        assert await take(to, report(about, "somebody@else.example")) == "delayed"
        assert await take(to, report("<other@kommun.example>", "hr@kommun.example")) == "unknown"
        assert await take(to, report("", "hr@kommun.example")) == "unknown"
        assert await take(to, answer.as_bytes()) == "unknown"
        for rubbish in (
            b"",
            b"\0" * 1000,
            bytes(range(256)) * 5000,
            b"Content-Type: multipart/report\n\n--",
            b"a: " * 99999,
        ):
            assert await take(to, rubbish) in {"unknown", "unreadable"}
        async with to.pool.acquire() as connection:
            assert await bounces.stopped(connection) == []
    assert await states(table) == {"hr-hold_met": "sent"}


async def test_by_smtp(postgres: str, smtp: Mail, table: asyncpg.Connection):
    """A mail server relays it; what is no bounce is accepted, and forgotten."""
    about = await mailed(postgres, smtp, table)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    health = Health(CLOCK, lesser=(PART,))
    async with takers(postgres) as to:
        task = asyncio.create_task(listener.listen("127.0.0.1", port, to, health))

        async def listens() -> bool:
            return health.works(PART)

        await until(listens, "it to listen")
        await asyncio.to_thread(relay, port, [b"Subject: hello\n\nhello\n", report(about, "hr@kommun.example")])
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    assert (await states(table))["hr-hold_met"] == "bounced"


def relay(port: int, messages: list[bytes]) -> None:
    """As a mail server does."""
    with smtplib.SMTP("127.0.0.1", port) as client:
        for message in messages:
            assert client.sendmail("", ["stadga@kommun.example"], message) == {}


async def test_from_a_maildir(postgres: str, smtp: Mail, table: asyncpg.Connection, tmp_path: Path):
    """Each new message once, rubbish between them; it is marked as seen and stays."""
    about = await mailed(postgres, smtp, table)
    for part in maildir.PARTS:
        (tmp_path / part).mkdir()
    (tmp_path / "new" / "1.rubbish").write_bytes(b"\xff\xfe")
    (tmp_path / "new" / "2.report").write_bytes(report(about, "hr@kommun.example"))
    (tmp_path / "new" / "3.link").symlink_to("/etc/passwd")
    folder = maildir.at(str(tmp_path))
    assert folder
    async with takers(postgres) as to:
        task = asyncio.create_task(maildir.watch(folder, to, Health(CLOCK, lesser=(PART,))))
        await settled(table, {"hr-hold_met": "bounced"})

        async def is_seen() -> bool:
            return len([*(tmp_path / "cur").iterdir()]) == 2

        await until(is_seen, "both to be marked")
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    assert sorted(path.name for path in (tmp_path / "cur").iterdir()) == ["1.rubbish:2,S", "2.report:2,S"]
