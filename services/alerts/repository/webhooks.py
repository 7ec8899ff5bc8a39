"""Notices for webhooks: of each the first that waits is claimed, so that they leave in the order they were decided."""

from datetime import datetime

import asyncpg
import msgspec

_ADDRESSES = "select distinct address from alerts.outbox where state = 'pending' and channel = 'webhook'"
_CLAIM = """
with first as (
    select id, due from alerts.outbox mail where state = 'pending' and channel = 'webhook' and address = $1
        and not exists (
            select from alerts.outbox earlier
            where (earlier.episode, earlier.recipient) = (mail.episode, mail.recipient)
                and earlier.state = 'settling' and (earlier.created, earlier.id) < (mail.created, mail.id))
    order by created, id limit 1)
update alerts.outbox mail set due = $3 from first where mail.id = first.id and first.due <= $2
returning mail.id, mail.reason, mail.recipient, mail.language, mail.occasion::text as occasion, mail.attempts,
    mail.answered
"""
_SENT = """
update alerts.outbox set state = 'sent', attempts = attempts + 1, message_id = id, sent = $2, last_error = null
where id = $1
"""
_DEFERRED = "update alerts.outbox set due = $2, attempts = attempts + 1, last_error = $3, answered = $4 where id = $1"
_FAILED = "update alerts.outbox set state = 'failed', attempts = attempts + 1, last_error = $2 where id = $1"


class WaitingNotice(msgspec.Struct, frozen=True):
    """A notice that was claimed; ``occasion`` is JSON, ``answered`` when it was first put off."""

    id: str
    reason: str
    recipient: str
    language: str
    occasion: str
    attempts: int
    answered: datetime | None


async def addresses(pool: asyncpg.Pool) -> set[str]:
    """The webhooks that notices wait for."""
    return {row[0] for row in await pool.fetch(_ADDRESSES)}


async def claim(connection: asyncpg.Connection, address: str, now: datetime, until: datetime) -> WaitingNotice | None:
    """The first notice of a webhook, leased ``until`` then; None while it is put off, or leased by another process."""
    row = await connection.fetchrow(_CLAIM, address, now, until)
    return WaitingNotice(**row) if row else None


async def sent(pool: asyncpg.Pool, notice: WaitingNotice, now: datetime) -> None:
    """It was taken."""
    await pool.execute(_SENT, notice.id, now)


async def deferred(
    pool: asyncpg.Pool, notice: WaitingNotice, due: datetime, error: str, answered: datetime | None
) -> None:
    """Try again at ``due``; what comes after it waits."""
    await pool.execute(_DEFERRED, notice.id, due, error, answered)


async def failed(pool: asyncpg.Pool, notice: WaitingNotice, error: str) -> None:
    """Keep it as a dead letter; what comes after it goes on."""
    await pool.execute(_FAILED, notice.id, error)
