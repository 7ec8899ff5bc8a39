"""Notices leave the outbox for webhooks: none lost, each webhook's in order, signed, whatever the receiver does."""

import asyncio
import base64
import contextlib
import shutil
import subprocess
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import asyncpg
import msgspec
import pytest
from prometheus_client import CollectorRegistry

from services.alerts.domain.letter.delivery import Policy
from services.alerts.notifiers.webhook.endpoints import PART, Endpoints
from services.alerts.notifiers.webhook.poster import Desk, run
from services.alerts.repository import held, mails, outbox
from services.alerts.telemetry import Telemetry
from shared.contracts.webhooks import WebhookNotice
from shared.kit import database
from shared.kit.clock import Clock
from shared.kit.health import Health
from tests.fakes.receiver import HANG, Receiver, Request, receiving
from tests.integration.deliverer import BRISK, POLL, office
from tests.integration.delivering import NOW, enqueue, settled, states
from tests.polling import until

SECRET = f"whsec_{base64.b64encode(bytes(range(32))).decode()}"
NAMES = [f"desk-{number}" for number in range(5)]


@contextlib.asynccontextmanager
async def posting(postgres: str, folder: Path, policy: Policy = BRISK, /, **ports: int) -> AsyncIterator[Desk]:
    """Delivery at work to webhooks of these names, at these ports of this machine."""
    (folder / "secret").write_text(SECRET + "\n")
    lines = [f"  {name}: {{url: 'http://127.0.0.1:{port}/in', secret_file: secret}}" for name, port in ports.items()]
    (folder / "webhooks.yaml").write_text("\n".join(["webhooks:", *lines]))
    clock = Clock(ZoneInfo("Europe/Stockholm"))
    async with database.pool(postgres, "alerts") as pool:
        counted = Telemetry(CollectorRegistry()).deliveries
        desk = Desk(
            pool, Endpoints(str(folder / "webhooks.yaml")), policy, clock, Health(clock, lesser=(PART,)), counted
        )
        task = asyncio.create_task(run(desk, POLL))
        try:
            yield desk
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def enqueue_all(table: asyncpg.Connection, webhook: str = "desk") -> None:
    """Five notices of five alerts to a webhook, the first the earliest."""
    for number, name in enumerate(NAMES):
        created = NOW + timedelta(seconds=number)
        await enqueue(table, name, address=f"webhook:{webhook}", episode=name, created=created)


def ids(requests: list[Request]) -> list[str]:
    """Which notices they are."""
    return [msgspec.json.decode(one.body, type=WebhookNotice).id for one in requests]


WANTED = [f"{name}-hold_met" for name in NAMES]
SENT = dict.fromkeys(WANTED, "sent")


@pytest.mark.parametrize(
    "script",
    [(), (500, 503, 429), (HANG, HANG), (408, HANG, 500), (302, 500)],
    ids=["well", "5xx", "slow", "mixed", "3xx"],
)
async def test_nothing_is_lost_and_order_is_kept(
    postgres: str, tmp_path: Path, table: asyncpg.Connection, script: tuple[int, ...]
):
    """What is put off comes again under the same id, and nothing overtakes it; a redirection is followed nowhere."""
    await enqueue_all(table)
    receiver = Receiver(*script)
    refused = 302 in script
    async with receiving(receiver) as port, posting(postgres, tmp_path, desk=port):
        await settled(table, SENT | ({WANTED[0]: "failed"} if refused else {}))
    assert ids(receiver.taken) == WANTED[refused:]
    assert {one.headers["webhook-id"] for one in receiver.came} == set(WANTED)


async def test_a_receiver_that_is_killed(postgres: str, tmp_path: Path, table: asyncpg.Connection):
    """Between two notices, and while it has one in hand: after it is back all have come, in their order."""
    await enqueue_all(table)
    first = Receiver(204, HANG)
    async with receiving(first) as port, posting(postgres, tmp_path, desk=port):

        async def is_in_hand() -> bool:
            return len(first.came) == 2

        await until(is_in_hand, "the second notice to be in hand")
    second = Receiver()
    async with posting(postgres, tmp_path, desk=port):

        async def is_put_off() -> bool:
            return bool(await table.fetchval("select count(*) from alerts.outbox where last_error is not null"))

        await until(is_put_off, "it to be seen that nobody is there")
        async with receiving(second, port):
            await settled(table, SENT)
    assert ids(first.taken) + ids(second.taken) == WANTED


async def test_one_webhook_waits_for_no_other(postgres: str, tmp_path: Path, table: asyncpg.Connection):
    """One hangs; the other's notices go through, and a mail beside them is none of theirs."""
    await enqueue_all(table, "slow")
    await enqueue(table, "hr", address="webhook:quick", episode="other")
    await enqueue(table, "mail", episode="third")
    slow, quick = Receiver(*[HANG] * 100), Receiver()
    async with receiving(slow) as at, receiving(quick) as other, posting(postgres, tmp_path, slow=at, quick=other):
        await settled(table, {"hr-hold_met": "sent"})
    assert ids(quick.taken) == ["hr-hold_met"]
    assert (await states(table))["mail-hold_met"] == "pending"


async def test_none_waits_for_one_that_takes_its_time(postgres: str, tmp_path: Path, table: asyncpg.Connection):
    """One is still being waited for; all that another gets has been taken meanwhile, in its order."""
    await enqueue(table, "hr", address="webhook:slow", episode="other")
    await enqueue_all(table, "quick")
    patient = msgspec.structs.replace(BRISK, timeout=timedelta(hours=1))
    slow, quick = Receiver(HANG), Receiver()
    async with (
        receiving(slow) as at,
        receiving(quick) as other,
        posting(postgres, tmp_path, patient, slow=at, quick=other),
    ):
        await settled(table, SENT)
        await until(lambda: slow.came, "the slow one to be written to")
    assert ids(quick.taken) == WANTED
    assert len(slow.came) == 1


async def test_what_no_receiver_takes_is_kept_and_sent_again_by_id(
    postgres: str, tmp_path: Path, table: asyncpg.Connection
):
    """A 4xx is a dead letter with the answer; what comes after it goes on. One that was taken can be had again, too."""
    await enqueue_all(table)
    receiver = Receiver(204, 400)
    async with receiving(receiver) as port, posting(postgres, tmp_path, desk=port) as desk:
        row = await settled(table, {WANTED[1]: "failed", **dict.fromkeys(WANTED[2:], "sent")})
        assert (row["attempts"], row["last_error"]) == (1, "answered 400")
        assert ids(receiver.taken) == [WANTED[0], *WANTED[2:]]
        async with desk.pool.acquire() as connection:
            assert await mails.retry(connection, desk.clock.now(), WANTED[:2]) == 2
        await settled(table, SENT)
    assert ids(receiver.taken)[-2:] == WANTED[:2]


async def test_it_is_signed(postgres: str, tmp_path: Path, table: asyncpg.Connection):
    """A receiver in another language verifies it, and sees a body that was changed."""
    await enqueue(table, "desk-0", address="webhook:desk")
    receiver = Receiver()
    async with receiving(receiver) as port, posting(postgres, tmp_path, desk=port):
        await settled(table, {"desk-0-hold_met": "sent"})
    [request] = receiver.taken
    assert await verified(request, tmp_path) == "genuine"
    assert await verified(request._replace(body=request.body.replace(b"0.", b"1.", 1)), tmp_path) == "forged"


async def verified(request: Request, folder: Path) -> str:
    """What a program in Java says of a request."""
    (folder / "body").write_bytes(request.body)
    said = [request.headers[name] for name in ("webhook-id", "webhook-timestamp", "webhook-signature")]
    java = [shutil.which("java") or "java", str(Path(__file__).with_name("Verify.java")), SECRET]
    found = await asyncio.to_thread(
        subprocess.run, [*java, *said, str(folder / "body")], capture_output=True, text=True, check=True
    )
    return found.stdout.strip()


async def test_the_body_alone_is_enough_for_a_ticket(postgres: str, tmp_path: Path, table: asyncpg.Connection):
    """Direction, occupation, numbers, what should be done and by whom, and where to look."""
    await enqueue(table, "desk-0", address="webhook:desk", language="en")
    receiver = Receiver()
    async with receiving(receiver) as port, posting(postgres, tmp_path, desk=port):
        await settled(table, {"desk-0-hold_met": "sent"})
    said = msgspec.json.decode(receiver.taken[0].body, type=WebhookNotice)
    assert (said.value.direction, said.value.threshold, round(said.value.value or 0, 3)) == ("above", 0.15, 0.183)
    assert said.alert.occupation
    assert said.value.numerator
    assert said.actions[0].owner
    assert said.link.startswith("http")
    assert "18.3%" in said.subject


async def test_a_webhook_that_nobody_knows(postgres: str, tmp_path: Path, table: asyncpg.Connection):
    """Its notices wait, it is said, and they leave once the file names it."""
    await enqueue(table, "desk-0", address="webhook:other")
    receiver = Receiver()
    async with receiving(receiver) as port, posting(postgres, tmp_path, desk=port) as desk:

        async def is_said() -> bool:
            return any("does not: other" in (part.problem or "") for part in desk.health.report())

        await until(is_said, "it to be said")
        text = (tmp_path / "webhooks.yaml").read_text()
        (tmp_path / "webhooks.yaml").write_text(text.replace("desk:", "other:"))
        await settled(table, {"desk-0-hold_met": "sent"})


async def test_mails_leave_webhooks_alone(postgres: str, table: asyncpg.Connection):
    """The mail server is handed none, and they count for nobody's bound."""
    await enqueue(table, "desk-0", address="webhook:desk")
    async with office(postgres, "smtp://127.0.0.1:1") as post, post.pool.acquire() as connection:
        assert await outbox.claim(connection, NOW, NOW, 10, 60) == []
        assert await held.hold(connection, NOW, BRISK) == []
