"""The mails that are held back: too many for their recipient in an hour, and told of in one."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

import asyncpg

from services.alerts.domain.letter.delivery import HOUR, Policy
from services.alerts.domain.letter.summary import HeldNotice

_HOLD = """
with sent as (
    select address, count(distinct coalesce(bundle, id)) as letters from alerts.outbox
    where state = 'sent' and sent > $1 and reason not in ('summary', 'opening', 'digest') group by address),
letters as (
    select coalesce(bundle, id) as letter, address, min(due) as due, min(created) as created
    from alerts.outbox where state = 'pending' and channel = 'mail' and reason not in ('summary', 'opening', 'digest')
        and reason not in ('neglected', 'address_stopped') and reason not like 'source%' group by 1, 2),
waiting as (
    select letter, row_number() over (partition by address order by due <= $2, created, letter)
        + coalesce(sent.letters, 0) as place
    from letters left join sent using (address))
update alerts.outbox mail set state = 'held', held = $2 from waiting
where coalesce(mail.bundle, mail.id) = waiting.letter and mail.state = 'pending' and place > $3
returning mail.reason
"""
_ANY = "select exists (select from alerts.outbox where state = 'held')"
_RECIPIENTS = """
select address, min(recipient) as recipient, min(language) as language from alerts.outbox held
where state = 'held' and not exists (
    select from alerts.outbox told where told.address = held.address and told.reason = 'summary'
        and (told.state = 'pending' or (told.state = 'sent' and told.sent > $2)))
group by address having min(held.held) <= $1
"""
_LOAD = """
select id, reason, occasion ->> 'unit_name', occasion ->> 'link', occasion ->> 'time_zone' from alerts.outbox
where state = 'held' and address = $1 order by created, id for update
"""
_SUMMARISE = """
insert into alerts.outbox (id, episode, reason, recipient, address, language, occasion, created, due)
values ($1, $1, 'summary', $2, $3, $4, $5::jsonb, $6, $6)
"""
_SUMMARISED = """
update alerts.outbox set state = 'summarised', message_id = $2, last_error = null where id = any($1::text[])
"""


class HeldRecipient(NamedTuple):
    """Who is to be told of held mails in one; ``name`` is that of the plan."""

    address: str
    name: str
    language: str


async def hold(connection: asyncpg.Connection, now: datetime, policy: Policy) -> list[str]:
    """Hold back what is beyond a recipient's letters of this hour, those under way counted; the reasons of those held.

    Those under way come first. Whichever process does it counts the same letters: two of them send no more than one.
    """
    return [row[0] for row in await connection.fetch(_HOLD, now - HOUR, now, policy.hourly)]


async def waiting(connection: asyncpg.Connection) -> bool:
    """Whether any mail is held back."""
    return bool(await connection.fetchval(_ANY))


async def recipients(connection: asyncpg.Connection, now: datetime, policy: Policy) -> list[HeldRecipient]:
    """Those whose held mails have gathered, and whom no summary has told of others within the hour."""
    return [HeldRecipient(*row) for row in await connection.fetch(_RECIPIENTS, now - policy.gather, now - HOUR)]


async def load(connection: asyncpg.Connection, address: str) -> dict[str, HeldNotice]:
    """What is held back from an address, by the id of its mail; it is locked until the transaction ends."""
    return {mail: HeldNotice(*about) for mail, *about in await connection.fetch(_LOAD, address)}


async def summarise(
    connection: asyncpg.Connection, mails: Collection[str], name: str, who: HeldRecipient, told: str, now: datetime
) -> None:
    """Let the summary of that name, whose JSON is ``told``, go in place of these mails."""
    await connection.execute(_SUMMARISE, name, who.name, who.address, who.language, told, now)
    await connection.execute(_SUMMARISED, list(mails), name)
