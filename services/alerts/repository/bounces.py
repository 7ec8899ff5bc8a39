"""What became of mails that a server took: those that bounced, and the addresses that nothing is sent to any more."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

import asyncpg
import msgspec

from services.alerts.domain.bounce.notice import STOPPED, StoppedNotice
from services.alerts.domain.plan.plan import Recipient

_ABOUT = """
select id, address, recipient, language, occasion ->> 'plan' as plan, occasion ->> 'time_zone' as time_zone, reason
from outbox where message_id = any($1::text[]) and channel = 'mail' and state in ('sent', 'bounced', 'told')
order by array_position($1::text[], message_id), id for update
"""
_BOUNCED = "update outbox set state = 'bounced', last_error = $2 where id = any($1::text[])"
_TELL = """
update alerts.outbox mail set state = now.state from (
    select id, case when exists (
        select from alerts.outbox notice
        where notice.reason = 'address_stopped' and notice.state = 'sent'
            and notice.occasion ->> 'address' = gone.address and notice.created >= gone.sent)
        then 'told' else 'bounced' end as state
    from alerts.outbox gone where state in ('bounced', 'told')) now
where mail.id = now.id and mail.state <> now.state
"""
_DELAYED = "update outbox set last_error = $2 where id = any($1::text[]) and state = 'sent'"
_STOP = """
insert into stopped_addresses (address, recipient, plan, since, why) values ($1, $2, $3, $4, $5)
on conflict (address) do nothing returning address
"""
_HOLD_BACK = """
update alerts.outbox mail set state = 'failed', last_error = 'nothing is sent to this address any more: ' || why
from alerts.stopped_addresses stopped
where mail.address = stopped.address and mail.state in ('pending', 'held') and channel = 'mail'
returning mail.reason
"""
_ADDRESSES = "select address from stopped_addresses"
_LISTED = "select recipient, plan, since, why from stopped_addresses order by since, address"
_RESUME = "delete from stopped_addresses where recipient = $1 returning address"


_MAIL = """
insert into outbox (id, episode, reason, recipient, address, language, occasion, created, due, state)
values ($1, $1, $2, $3, $4, $5, $6::jsonb, $7, $7, 'pending') on conflict (id) do nothing
"""


class BouncedMail(NamedTuple):
    """A mail that a bounce is about."""

    id: str
    address: str
    recipient: str
    language: str
    plan: str | None
    time_zone: str | None
    reason: str


class StoppedAddress(msgspec.Struct, frozen=True):
    """A recipient that nothing is sent to, by the name of the plan, and what the mail server said."""

    recipient: str
    plan: str | None
    since: datetime
    why: str


async def about(connection: asyncpg.Connection, mails: Collection[str]) -> list[BouncedMail]:
    """The mails of these Message-IDs that were sent; the first is what a bounce that names them is about."""
    return [BouncedMail(*row) for row in await connection.fetch(_ABOUT, list(mails))]


async def bounced(connection: asyncpg.Connection, mails: Collection[BouncedMail], why: str) -> None:
    """They were never delivered. Of those of its address somebody may have been told; whom they told, was not."""
    await connection.execute(_BOUNCED, [one.id for one in mails], why)
    await tell(connection)


async def tell(connection: asyncpg.Connection) -> None:
    """Bring up which mails that bounced somebody was told of: by a mail about their address, made after them."""
    await connection.execute(_TELL)


async def delayed(connection: asyncpg.Connection, mails: Collection[BouncedMail], why: str) -> None:
    """They are not delivered yet."""
    await connection.execute(_DELAYED, [one.id for one in mails], why)


async def stop(connection: asyncpg.Connection, mail: BouncedMail, why: str, now: datetime) -> bool:
    """Send nothing to its address any more; whether something was until now."""
    return bool(await connection.fetchval(_STOP, mail.address, mail.recipient, mail.plan, now, why))


async def mail(connection: asyncpg.Connection, said: StoppedNotice, who: Recipient) -> None:
    """Tell a recipient of a plan of another that mails do not reach."""
    body = msgspec.json.encode(said).decode()
    await connection.execute(_MAIL, said.id, STOPPED, who.id, who.address, who.language, body, said.decided)


async def hold_back(connection: asyncpg.Connection) -> list[str]:
    """Let mails to stopped addresses fail; their reasons."""
    return [row[0] for row in await connection.fetch(_HOLD_BACK)]


async def addresses(connection: asyncpg.Connection) -> set[str]:
    """Those that nothing is sent to."""
    return {row[0] for row in await connection.fetch(_ADDRESSES)}


async def stopped(connection: asyncpg.Connection) -> list[StoppedAddress]:
    """The recipients that nothing is sent to, the longest first."""
    return [StoppedAddress(*row) for row in await connection.fetch(_LISTED)]


async def resume(connection: asyncpg.Connection, recipient: str) -> int:
    """Send to a recipient again; how many addresses that opens."""
    return len(await connection.fetch(_RESUME, recipient))
