"""A bound on mails: what a recipient would get beyond so many an hour is held back, and told of in one mail."""

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256

import asyncpg
import msgspec

from services.alerts.domain.letter.delivery import Policy
from services.alerts.domain.letter.summary import summary
from services.alerts.repository import held, turns
from services.alerts.repository.held import HeldRecipient

SUMMARY = "summary"


async def summarise(pool: asyncpg.Pool, now: datetime, policy: Policy) -> int:
    """Write a summary for each recipient of held mails whom none has told of others within the hour; how many."""
    async with pool.acquire() as connection, connection.transaction():
        if not await held.waiting(connection):
            return 0
        await turns.begin_summaries(connection)
        recipients = await held.recipients(connection, now, policy)
        for who in recipients:
            await _summarise(connection, who, now, policy)
    return len(recipients)


async def _summarise(connection: asyncpg.Connection, who: HeldRecipient, now: datetime, policy: Policy) -> None:
    mails = await held.load(connection, who.address)
    name = _name(mails)
    told = msgspec.json.encode(summary(name, list(mails.values()), policy.hourly, now)).decode()
    await held.summarise(connection, mails, name, who, told, now)


def _name(mails: Collection[str]) -> str:
    """The same mails are told of under the same name, by whichever process."""
    return f"summary_{sha256('|'.join(mails).encode()).hexdigest()[:20]}"
