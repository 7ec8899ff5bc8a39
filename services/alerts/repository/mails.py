"""The mails as operators see them: which failed, and why; and to send them again."""

from collections.abc import Collection
from datetime import datetime
from typing import Literal

import asyncpg
import msgspec

from services.alerts.domain.alert.judgement import thread
from services.alerts.domain.alert.standing import Alert

State = Literal["settling", "pending", "sent", "failed", "held", "summarised", "bounced", "told"]
_LOAD = """
select id, state, reason, episode, recipient, occasion ->> 'plan' as plan, occasion ->> 'unit' as unit, attempts,
    last_error, created
from outbox where state = $1 order by created desc, id limit $2
"""
_OF_ALERT = """
select id, state, reason, episode, recipient, created, sent, message_id from outbox
where episode in (select id from episodes where (plan, target, unit) = ($1, $2, $3)) or episode = $5 or id in (
    select id from outbox where reason = 'opening' and exists (
        select from jsonb_array_elements(occasion -> 'notices') notice
        where (notice ->> 'plan', notice ->> 'target', notice ->> 'unit') = ($1, $2, $3)))
order by created desc, id limit $4
"""
_RETRY = """
update outbox set state = 'pending', due = $1, attempts = 0, answered = null
where (state = 'failed' and ($2::text[] is null or id = any($2)
    or bundle in (select bundle from outbox chosen where chosen.id = any($2))))
    or (state = 'sent' and channel = 'webhook' and id = any($2))
"""


class MailRow(msgspec.Struct, frozen=True):
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


class MailOfAlert(msgspec.Struct, frozen=True):
    """Who was, or is to be, told of an alert, why, and how far that mail has come."""

    id: str
    state: State
    reason: str
    episode: str
    recipient: str
    created: datetime
    sent: datetime | None
    message_id: str | None


async def of_alert(connection: asyncpg.Connection, alert: Alert, most: int) -> list[MailOfAlert]:
    """The latest mails about an alert, alone, in a mail of several, or in an opening summary."""
    asked = (alert.plan, alert.target, alert.unit, most, thread(alert))
    return [MailOfAlert(*row) for row in await connection.fetch(_OF_ALERT, *asked)]


async def load(connection: asyncpg.Connection, state: State, most: int) -> list[MailRow]:
    """The latest mails in a state."""
    return [MailRow(*row) for row in await connection.fetch(_LOAD, state, most)]


async def retry(connection: asyncpg.Connection, now: datetime, ids: Collection[str] | None) -> int:
    """Send failed mails again, these, with those that left together with them, or all of them; how many they are.

    A notice that a webhook took is sent again where it is among these.
    """
    done: str = await connection.execute(_RETRY, now, None if ids is None else list(ids))
    return int(done.rsplit(maxsplit=1)[-1])
