"""The mails that wait: claimed in short transactions, settled one by one. A claim is a lease, so a crash loses none."""

from datetime import datetime

import asyncpg
import msgspec

from services.alerts.domain.letter.delivery import HOUR

_CLAIM = """
with sent as (
    select address, count(*) as mails from alerts.outbox
    where state = 'sent' and sent > $4 and reason not in ('summary', 'opening') group by address),
waiting as (
    select id, case when reason in ('summary', 'opening') then 0 else coalesce(mails, 0) + row_number()
        over (partition by address, reason in ('summary', 'opening') order by due <= $1, created, id) end as place
    from alerts.outbox left join sent using (address) where state = 'pending'),
due as (
    select id from alerts.outbox mail
    where state = 'pending' and due <= $1 and id in (select id from waiting where place <= $5) and not exists (
        select from alerts.outbox earlier
        where earlier.episode = mail.episode and earlier.recipient = mail.recipient
          and earlier.state in ('settling', 'pending', 'held')
          and (earlier.created, earlier.reason in ('resolved', 'data_corrected'), earlier.id)
            < (mail.created, mail.reason in ('resolved', 'data_corrected'), mail.id))
    order by due, id limit $3 for update skip locked)
update alerts.outbox mail set due = $2 from due where mail.id = due.id
returning mail.id, mail.reason, mail.recipient, mail.address, mail.language, mail.occasion::text as occasion,
    mail.created, mail.attempts, mail.answered, (
        select first.reason from alerts.outbox first
        where first.episode = mail.episode and first.recipient = mail.recipient and first.state <> 'summarised'
        order by first.created, first.reason in ('resolved', 'data_corrected'), first.id limit 1) as first
"""
_RELEASE = """
update alerts.outbox set state = 'pending' where id in (
    select id from alerts.outbox mail where state = 'settling' and due <= $1 and not exists (
        select from alerts.due join alerts.episodes using (plan, target, unit) where episodes.id = mail.episode)
        and not exists (select from alerts.provisional where until > $1)
    for update skip locked)
"""
_SENT = """
update alerts.outbox set state = 'sent', attempts = attempts + 1, message_id = $2, sent = $3, last_error = null
where id = $1"""
_DEFERRED = """
update alerts.outbox set due = $2, attempts = attempts + 1, last_error = $3, answered = $4 where id = $1"""
_FAILED = "update alerts.outbox set state = 'failed', attempts = attempts + 1, last_error = $2 where id = $1"
_PRUNE = """
delete from alerts.outbox where id in (
    select id from alerts.outbox mail
    where state in ('sent', 'failed', 'summarised') and created < $1
        and not exists (select from alerts.episodes where id = mail.episode and ended is null)
    order by created limit $2)
"""


class Waiting(msgspec.Struct, frozen=True):
    """A mail that was claimed; ``occasion`` is JSON, ``first`` the reason of the first mail of its thread,
    ``answered`` when the server first put it off."""

    id: str
    reason: str
    recipient: str
    address: str
    language: str
    occasion: str
    created: datetime
    attempts: int
    answered: datetime | None
    first: str


async def release(pool: asyncpg.Pool, now: datetime) -> None:
    """Let mails go whose values have been still.

    None while the metrics service takes in more than it has published, and none of an alert that is to be judged.
    """
    await pool.execute(_RELEASE, now)


async def claim(pool: asyncpg.Pool, now: datetime, until: datetime, most: int, hourly: int) -> list[Waiting]:
    """Take up to ``most`` mails that are due and lease them ``until`` then, ``hourly`` a recipient within the hour.

    A mail waits for the earlier ones of its thread: nobody reads "resolved" before the alert.
    """
    return [Waiting(**row) for row in await pool.fetch(_CLAIM, now, until, most, now - HOUR, hourly)]


async def sent(pool: asyncpg.Pool, mail: Waiting, message_id: str, now: datetime) -> None:
    """The server took responsibility for the mail."""
    await pool.execute(_SENT, mail.id, message_id, now)


async def deferred(pool: asyncpg.Pool, mail: Waiting, due: datetime, error: str, answered: datetime | None) -> None:
    """Try the mail again at ``due``; the server first put it off at ``answered``, if it has."""
    await pool.execute(_DEFERRED, mail.id, due, error, answered)


async def failed(pool: asyncpg.Pool, mail: Waiting, error: str) -> None:
    """Keep the mail as a dead letter."""
    await pool.execute(_FAILED, mail.id, error)


async def prune(pool: asyncpg.Pool, before: datetime, most: int) -> int:
    """Forget up to ``most`` mails that are over and older, but those of alerts that go on; how many they were."""
    done: str = await pool.execute(_PRUNE, before, most)
    return int(done.rsplit(maxsplit=1)[-1])
