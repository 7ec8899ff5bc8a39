"""What was told by month, as of health, as PostgreSQL remembers it: for whoever leads next, and for every answer."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import asyncpg

from services.metrics.domain.disclosure.remembered import Kept, Remembered, Telling
from services.metrics.domain.sums.groups import Group
from services.metrics.domain.sums.periods import Month, month_of
from services.metrics.domain.sums.tree import Trees
from services.metrics.ledger import reading as ledger
from services.metrics.ledger import telling_statements as sql
from services.metrics.ledger.reading import NOTHING, Mark
from services.metrics.ledger.term import DeposedError, Term
from shared.contracts.catalogue.disclosure import ByMonth


class Watermark(NamedTuple):
    """How far was told: the ledger as it was then, by number the latest, and what others committed since."""

    mark: Mark
    number: int
    later: list[int]


class OutdatedError(Exception):
    """More has been told since this was read: it has to be read again."""


async def watermark(connection: asyncpg.Connection) -> Watermark:
    """How far was told; needs a transaction that sees one state throughout."""
    row = await connection.fetchrow(sql.TOLD)
    mark, number = (Mark(row["snapshot"]), row["number"]) if row else (NOTHING, 0)
    return Watermark(mark, number, (await ledger.since(connection, mark)).batches)


async def number(connection: asyncpg.Connection) -> int:
    """How often anything was told."""
    return await connection.fetchval(sql.TELLINGS) or 0


async def until(connection: asyncpg.Connection) -> int:
    """The last day that was told of; 0 before anything was."""
    last: date | None = await connection.fetchval(sql.LAST_TOLD)
    return last.toordinal() if last else 0


async def remembered(connection: asyncpg.Connection, months: Iterable[Month] | None = None) -> Remembered:
    """Up to which day was told, and the groups whose months stay as they were, of all months or of some."""
    last = await until(connection)
    wanted = None if months is None else [date.fromordinal(month.first) for month in months]
    kept: dict[ByMonth, dict[Month, dict[Group, Kept]]] = {kind: defaultdict(dict) for kind in ByMonth}
    for kind, month, *group, sums in await connection.fetch(sql.KEPT, wanted):
        of = kept[ByMonth[kind.upper()]][month_of(month.toordinal())]
        of[Group(*group)] = None if sums is None else tuple(map(int, sums))
    return Remembered(last, kept)


async def trees(connection: asyncpg.Connection) -> Trees:
    """The unit trees; of a month that was told of before, with all units heard of then where they were known to be."""
    now = await ledger.definitions(connection)
    changed = [row for row in await connection.fetch(sql.TOLD_UNTIL) if row["changed"]]
    then = [await ledger.definitions_told(connection, Mark(row["snapshot"])) for row in changed]
    told = [(row["until"].toordinal(), Trees({**now, **known})) for row, known in zip(changed, then, strict=True)]
    snapshot = await connection.fetchval(sql.TOLD_IN_ANOTHER_TREE)
    last = Trees(await ledger.definitions_told(connection, Mark(snapshot))) if snapshot else None
    return Trees(now, told, last)


async def remember(connection: asyncpg.Connection, term: Term, mark: Mark, telling: Telling) -> None:
    """Remember what is told from now on; raises DeposedError in a later leader's term."""
    async with connection.transaction():
        if await connection.fetchval(sql.TELL, mark.snapshot, term.number) is None:
            raise DeposedError(f"term {term.number} is over")
        await connection.execute(sql.TELL_UNTIL, date.fromordinal(telling.until), mark.snapshot)
        rows = [
            (one.kind.name.lower(), date.fromordinal(one.month.first), *one.group, one.kept) for one in telling.keeping
        ]
        await connection.executemany(sql.KEEP, rows)
