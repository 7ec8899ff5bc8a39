"""A bound on mails: what a recipient would get beyond so many an hour is held back, and told of in one mail."""

from datetime import datetime
from hashlib import sha256

import asyncpg
import msgspec

from services.alerts.domain.letter.delivery import Policy
from services.alerts.domain.letter.summary import HeldNotice, summary
from services.alerts.repository.outbox import HOUR

SUMMARY = "summary"
_HOLD = """
with sent as (
    select address, count(*) as mails from alerts.outbox
    where state = 'sent' and sent > $1 and reason <> 'summary' group by address),
waiting as (
    select id, row_number() over (partition by address order by due <= $2, created, id)
        + coalesce(mails, 0) as place
    from alerts.outbox left join sent using (address) where state = 'pending' and reason <> 'summary')
update alerts.outbox mail set state = 'held', held = $2 from waiting
where mail.id = waiting.id and mail.state = 'pending' and place > $3
returning mail.reason
"""
_DUE = """
select address, min(recipient) as recipient, min(language) as language from alerts.outbox held
where state = 'held' and not exists (
    select from alerts.outbox told where told.address = held.address and told.reason = 'summary'
        and (told.state = 'pending' or (told.state = 'sent' and told.sent > $2)))
group by address having min(held.held) <= $1
"""
_HELD = """
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


async def hold(pool: asyncpg.Pool, now: datetime, policy: Policy) -> list[str]:
    """Hold back what is beyond a recipient's mails of this hour, mails under way counted; the reasons of those held.

    Those under way come first. Whichever process does it counts the same mails: two of them send no more than one.
    """
    return [row[0] for row in await pool.fetch(_HOLD, now - HOUR, now, policy.hourly)]


async def summarise(pool: asyncpg.Pool, now: datetime, policy: Policy) -> int:
    """Write a summary for each recipient of held mails whom none has told of others within the hour; how many."""
    written = 0
    async with pool.acquire() as connection, connection.transaction():
        if not await connection.fetchval("select exists (select from alerts.outbox where state = 'held')"):
            return 0
        await connection.execute("select pg_advisory_xact_lock(hashtext('stadga.alerts.summaries'))")
        for address, recipient, language in await connection.fetch(_DUE, now - policy.gather, now - HOUR):
            held = await connection.fetch(_HELD, address)
            ids = [row[0] for row in held]
            name = f"summary_{sha256('|'.join(ids).encode()).hexdigest()[:20]}"
            said = summary(name, [HeldNotice(*row[1:]) for row in map(tuple, held)], policy.hourly, now)
            told = msgspec.json.encode(said).decode()
            await connection.execute(_SUMMARISE, name, recipient, address, language, told, now)
            await connection.execute(_SUMMARISED, ids, name)
            written += 1
    return written
