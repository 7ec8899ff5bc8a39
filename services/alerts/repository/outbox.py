"""The mails that wait: claimed in short transactions, settled one by one. A claim is a lease, so a crash loses none.

A letter is what leaves at once: a mail that is alone, or all those of a bundle.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

import asyncpg
import msgspec

from services.alerts.domain.bounce.notice import STOPPED
from services.alerts.domain.letter.delivery import HOUR
from services.alerts.repository import bounces

_CLAIM = """
with sent as (
    select address, count(distinct coalesce(bundle, id)) as letters from alerts.outbox
    where state = 'sent' and sent > $4 and reason not in ('summary', 'opening', 'digest') group by address),
letters as (
    select coalesce(bundle, id) as letter, address, reason in ('summary', 'opening', 'digest') as summary,
        min(due) as due, min(created) as created
    from alerts.outbox where state = 'pending' and channel = 'mail' group by 1, 2, 3),
waiting as (
    select letter, case when summary then 0 else coalesce(sent.letters, 0) + row_number()
        over (partition by address, summary order by due <= $1, created, letter) end as place
    from letters left join sent using (address)),
due as (
    select coalesce(bundle, id) as letter from alerts.outbox mail
    where state = 'pending' and channel = 'mail' and due <= $1
        and coalesce(bundle, id) in (select letter from waiting where place <= $5)
        and not exists (
            select from alerts.outbox earlier
            where earlier.episode = mail.episode and earlier.recipient = mail.recipient
              and earlier.state in ('settling', 'pending', 'held')
              and (earlier.created, earlier.reason in ('resolved', 'data_corrected'), earlier.id)
                < (mail.created, mail.reason in ('resolved', 'data_corrected'), mail.id))
    group by 1 order by min(due), 1 limit $3),
claimed as (
    update alerts.outbox mail set due = $2 from due
    where coalesce(mail.bundle, mail.id) = due.letter and mail.state = 'pending' returning mail.*)
select claimed.id, claimed.reason, claimed.recipient, claimed.address, claimed.language,
    claimed.occasion::text as occasion, claimed.created, claimed.attempts, claimed.answered, claimed.bundle,
    first.reason as first, coalesce(first.message_id, corrected.message_id) as root
from claimed cross join lateral (
    select reason, message_id from alerts.outbox first
    where first.episode = claimed.episode and first.recipient = claimed.recipient and first.state <> 'summarised'
    order by first.created, first.reason in ('resolved', 'data_corrected'), first.id limit 1) first
left join alerts.outbox corrected on corrected.id = claimed.occasion -> 'corrects' ->> 'mail'
order by claimed.created, claimed.id
"""
_RIPE = """
select exists (
    select from alerts.outbox where state = 'settling' and due <= $1 and not exists (
        select from alerts.snoozes where until > $2
            and (plan, target, unit) = (occasion ->> 'plan', occasion ->> 'target', occasion ->> 'unit')))
    or exists (select from alerts.openings where told is null)
"""
_RELEASE = """
with settled as materialized (
    select id, address, due from alerts.outbox mail where state = 'settling' and due <= $1 and not exists (
        select from alerts.due
        where (plan, target, unit) = (occasion ->> 'plan', occasion ->> 'target', occasion ->> 'unit'))
        and not exists (select from alerts.marking where plan = occasion ->> 'plan' and after < occasion ->> 'unit')
        and not exists (select from alerts.snoozes where until > $3
            and (plan, target, unit) = (occasion ->> 'plan', occasion ->> 'target', occasion ->> 'unit'))
        and not exists (select from alerts.provisional where until > $1)
    for update skip locked),
first as (select address, min(due) + $2::interval as until from settled group by address)
update alerts.outbox mail set state = 'pending' from settled join first using (address)
where mail.id = settled.id and (until <= $1 or not exists (
    select from alerts.outbox other
    where other.state = 'settling' and other.address = settled.address and other.due <= until
        and other.id not in (select id from settled)))
returning mail.id
"""
_SENT = """
update alerts.outbox set state = 'sent', attempts = attempts + 1, message_id = $2, sent = $3, last_error = null
where id = any($1::text[])"""
_DEFERRED = """
update alerts.outbox set due = $2, attempts = attempts + 1, last_error = $3, answered = $4 where id = any($1::text[])"""
_FAILED = """
update alerts.outbox set state = 'failed', attempts = attempts + 1, last_error = $2 where id = any($1::text[])"""
_PRUNE = """
delete from alerts.outbox where id in (
    select id from alerts.outbox mail
    where state in ('sent', 'failed', 'summarised', 'bounced', 'told') and created < $1
        and not exists (select from alerts.episodes where id = mail.episode and ended is null)
    order by created limit $2)
"""


GATHER = timedelta(seconds=30)
"""How long a mail that has settled waits for others of its recipient that settle soon."""


class Waiting(msgspec.Struct, frozen=True):
    """A mail that was claimed; ``occasion`` is JSON, ``answered`` when the server first put it off, ``bundle`` what it
    is in; ``first`` is the reason of the first mail of its thread, ``root`` that one's Message-ID once it is sent, or
    that of the mail that it corrects."""

    id: str
    reason: str
    recipient: str
    address: str
    language: str
    occasion: str
    created: datetime
    attempts: int
    answered: datetime | None
    bundle: str | None
    first: str
    root: str | None


async def ripe(pool: asyncpg.Pool, now: datetime, day: date) -> bool:
    """Whether anything waits that may be let go, or told of in an opening summary, as far as its own time goes."""
    return bool(await pool.fetchval(_RIPE, now, day))


async def release(connection: asyncpg.Connection, now: datetime, day: date) -> list[str]:
    """Let mails go whose values have been still, those of one recipient together; the ids of them.

    None while the metrics service takes in more than it has published, and none of an alert that is to be judged, or
    is snoozed on that ``day``. They wait for others of their recipient that settle within ``GATHER`` of the first.
    """
    return [row[0] for row in await connection.fetch(_RELEASE, now, GATHER, day)]


async def claim(
    connection: asyncpg.Connection, now: datetime, until: datetime, most: int, hourly: int
) -> list[Waiting]:
    """The mails of up to ``most`` letters that are due, leased ``until`` then, ``hourly`` a recipient within the hour.

    A mail waits for the earlier ones of its thread: nobody reads "resolved" before the alert.
    """
    return [Waiting(**row) for row in await connection.fetch(_CLAIM, now, until, most, now - HOUR, hourly)]


async def sent(pool: asyncpg.Pool, mails: Collection[Waiting], message_id: str, now: datetime) -> None:
    """The server took responsibility for the letter they are in."""
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(_SENT, _ids(mails), message_id, now)
        if any(mail.reason == STOPPED for mail in mails):
            await bounces.tell(connection)


async def deferred(
    pool: asyncpg.Pool, mails: Iterable[Waiting], due: datetime, error: str, answered: datetime | None
) -> None:
    """Try the letter again at ``due``; the server first put it off at ``answered``, if it has."""
    await pool.execute(_DEFERRED, _ids(mails), due, error, answered)


async def failed(pool: asyncpg.Pool, mails: Iterable[Waiting], error: str) -> None:
    """Keep the mails as dead letters."""
    await pool.execute(_FAILED, _ids(mails), error)


def _ids(mails: Iterable[Waiting]) -> list[str]:
    return [mail.id for mail in mails]


async def prune(pool: asyncpg.Pool, before: datetime, most: int) -> int:
    """Forget up to ``most`` mails that are over and older, but those of alerts that go on; how many they were."""
    done: str = await pool.execute(_PRUNE, before, most)
    return int(done.rsplit(maxsplit=1)[-1])
