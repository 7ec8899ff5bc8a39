"""The mails as operators see them: which failed, and why; and to send them again."""

from collections.abc import Collection
from datetime import datetime
from typing import Literal, NamedTuple

import asyncpg

State = Literal["settling", "pending", "sent", "failed", "held", "summarised"]
_LOAD = """
select id, state, reason, episode, recipient, occasion ->> 'plan' as plan, occasion ->> 'unit' as unit, attempts,
    last_error, created
from outbox where state = $1 order by created desc, id limit $2
"""
_RETRY = """
update outbox set state = 'pending', due = $1, attempts = 0, answered = null
where (state = 'failed' and ($2::text[] is null or id = any($2)
    or bundle in (select bundle from outbox chosen where chosen.id = any($2))))
    or (state = 'sent' and channel = 'webhook' and id = any($2))
"""


class MailRow(NamedTuple):
    """A mail in the outbox; ``recipient`` is a name of the plan, never an address."""

    id: str
    state: State
    reason: str
    episode: str
    recipient: str
    plan: str | None
    unit: str | None
    attempts: int
    last_error: str | None
    created: datetime


async def load(connection: asyncpg.Connection, state: State, most: int) -> list[MailRow]:
    """The latest mails in a state."""
    return [MailRow(*row) for row in await connection.fetch(_LOAD, state, most)]


async def retry(connection: asyncpg.Connection, now: datetime, ids: Collection[str] | None) -> int:
    """Send failed mails again, these, with those that left together with them, or all of them; how many they are.

    A notice that a webhook took is sent again where it is among these.
    """
    done: str = await connection.execute(_RETRY, now, None if ids is None else list(ids))
    return int(done.rsplit(maxsplit=1)[-1])
