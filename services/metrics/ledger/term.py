"""The time for which one replica leads a shard, and the numbers of what it publishes.

Whoever begins to lead begins a term in PostgreSQL. Publications are numbered there, by the leader of the present term
alone: a leader that has lost its lock and does not know it yet gets no number, and what it still has under way bears a
smaller number than anything its successor publishes.
"""

from collections.abc import Collection
from typing import NamedTuple

import asyncpg

from services.metrics.domain.sums.shard import WHOLE, Shard
from services.metrics.ledger import telling_statements as sql
from shared.kit.trouble import PassingError


class DeposedError(PassingError):
    """Another replica has begun to lead."""


class Term(NamedTuple):
    """A term, by its number, of the leader of a shard."""

    pool: asyncpg.Pool
    number: int
    shard: Shard = WHOLE

    async def publication(self) -> int:
        """The number of the next publication, above all earlier ones; raises DeposedError in a later leader's term."""
        number: int | None = await self.pool.fetchval(sql.NEXT_PUBLICATION, self.shard.number, self.number)
        if number is None:
            raise DeposedError(f"term {self.number} is over")
        return number

    async def published(self, revision: int, held: Collection[str] = (), telling: int | None = None) -> None:
        """All values are published as of this place in the order of commits, but those of the units ``held`` back.

        What is told by month is as of a telling, by its number; None is the last one.
        """
        await self.pool.execute(sql.PUBLISHED, self.shard.number, self.number, revision, sorted(held), telling)

    async def is_everywhere(self, revision: int) -> bool:
        """Whether the leaders of all shards have published as of this place, or a later one, and what was told last."""
        return self.shard.is_whole or bool(await self.pool.fetchval(sql.EVERYWHERE, revision))


async def begin(pool: asyncpg.Pool, shard: Shard = WHOLE) -> Term:
    """Begin a term, which ends all earlier ones; raises DeposedError if units are dealt to other shards by now."""
    number: int | None = await pool.fetchval(sql.NEW_TERM, *shard)
    if number is None:
        raise DeposedError(f"there are no {shard.of} shards any more")
    return Term(pool, number, shard)


async def shards(connection: asyncpg.Connection) -> int | None:
    """How many shards the units are dealt to; None before they ever were."""
    number: int | None = await connection.fetchval(sql.DEALT)
    return number


async def deal(connection: asyncpg.Connection, shards: int) -> None:
    """Deal the units to so many shards, which ends all terms; nobody may lead meanwhile."""
    async with connection.transaction():
        before = await connection.fetchrow(sql.DEAL)
        await connection.execute(sql.DEALT_TO, shards, *before)
