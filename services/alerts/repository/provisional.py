"""Whether the metrics service takes in more than it has published: as long as it does, no mail goes out."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import asyncpg

from shared.contracts.metrics import GroupComputed

LONGEST = timedelta(minutes=10)
"""A metrics service that has said so and says nothing more is not waited for without end."""

_NOTE = """
insert into provisional as held (revision, until) values ($1, $2)
on conflict (single) do update set revision = excluded.revision, until = excluded.until
where excluded.revision > held.revision or held.revision > $3
"""


async def note(connection: asyncpg.Connection, notes: Sequence[GroupComputed], latest: int, now: datetime) -> None:
    """Keep the latest of what was said; what claims to be after publication ``latest`` gives way."""
    if notes:
        last = max(notes, key=lambda one: one.revision)
        await connection.execute(_NOTE, last.revision, now + LONGEST if last.provisional else now, latest)
