"""What the contacts of sources were told, and the mails to them."""

from collections.abc import Collection, Mapping, Sequence

import asyncpg
import msgspec

from services.alerts.domain.source.notice import SourceNotice
from services.alerts.domain.source.telling import SourceTold
from shared.contracts.sources import SourceContact, SourceReported

_LOAD = "select source, told::text from sources where source = any($1::text[]) order by source for update"
_SAVE = """
insert into sources (source, report, told)
select source, report::jsonb, told::jsonb
from unnest($1::text[], $2::text[], $3::text[]) as given (source, report, told)
on conflict (source) do update set report = excluded.report, told = excluded.told
"""
_MAIL = """
insert into outbox (id, episode, reason, recipient, address, language, occasion, created, settle, due, state)
values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, 0, $8, 'pending') on conflict (id) do nothing
"""


async def told(connection: asyncpg.Connection, sources: Collection[str]) -> Mapping[str, SourceTold]:
    """What was told of each source that was ever reported; nobody else tells of them before this transaction ends."""
    rows = await connection.fetch(_LOAD, sorted(sources))
    return {source: msgspec.json.decode(body, type=SourceTold) for source, body in rows}


async def save(connection: asyncpg.Connection, reports: Sequence[SourceReported], told: Sequence[SourceTold]) -> None:
    """Keep the last report of each source, and what has been told of it."""
    rows = sorted((r.source, _json(r), _json(t)) for r, t in zip(reports, told, strict=True))
    if rows:
        await connection.execute(_SAVE, *(list(column) for column in zip(*rows, strict=True)))


async def mail(connection: asyncpg.Connection, notice: SourceNotice, to: SourceContact) -> None:
    """Write a mail to a source's contact, once however often it is decided."""
    who = to.name, to.email, to.language
    row = notice.id, notice.thread, notice.reason, *who, _json(notice), notice.decided
    await connection.execute(_MAIL, *row)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
