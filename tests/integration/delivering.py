"""Mails in the outbox, and delivery at work on them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import asyncpg
import msgspec

from services.alerts.domain.alert.occasion import MailReason
from services.alerts.notifiers.email.mailer import Post, run
from services.alerts.notifiers.email.signature import Sign, unsigned
from tests.integration.deliverer import POLL, office
from tests.polling import until
from tests.unit.alerts.occasions import occasion

NOW = datetime.now(UTC)


@contextlib.asynccontextmanager
async def delivering(
    postgres: str, smtp: str, wake: asyncio.Event | None = None, poll: timedelta = POLL, sign: Sign = unsigned
) -> AsyncIterator[Post]:
    """Delivery at work in the background."""
    async with office(postgres, smtp) as post:
        task = asyncio.create_task(run(post._replace(sign=sign), wake or asyncio.Event(), poll))
        yield post
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def enqueue(table: asyncpg.Connection, name: str, reason: MailReason = "hold_met", **columns: object) -> str:
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


def count(post: Post, outcome: str, reason: MailReason = "hold_met") -> float:
    """The deliveries counted so far."""
    samples = [sample for family in post.deliveries.collect() for sample in family.samples]
    labels = {"outcome": outcome, "reason": reason}
    return next(s.value for s in samples if s.labels == labels and s.name.endswith("_total"))


def problem(post: Post, part: str) -> str | None:
    """What health says of a part."""
    return next(p.problem for p in post.health.report() if p.name == part)
