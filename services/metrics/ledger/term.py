"""The time for which one replica leads, and the numbers of what it publishes.

Whoever begins to lead begins a term in PostgreSQL. Publications are numbered there, by the leader of the present term
alone: a leader that has lost its lock and does not know it yet gets no number, and what it still has under way bears a
smaller number than anything its successor publishes.
"""

from collections.abc import Collection
from typing import NamedTuple

import asyncpg

from services.metrics.ledger import telling_statements as sql
from shared.kit.trouble import PassingError


class DeposedError(PassingError):
    """Another replica has begun to lead."""


class Term(NamedTuple):
    """A term, by its number."""

    pool: asyncpg.Pool
    number: int

    async def publication(self) -> int:
        """The number of the next publication, above all earlier ones; raises DeposedError in a later leader's term."""
        number: int | None = await self.pool.fetchval(sql.NEXT_PUBLICATION, self.number)
        if number is None:
            raise DeposedError(f"term {self.number} is over")
        return number

    async def published(self, revision: int, held: Collection[str] = ()) -> None:
        """All values are published as of this place in the order of commits, but those of the units ``held`` back."""
        await self.pool.execute(sql.PUBLISHED, self.number, revision, sorted(held))


async def begin(pool: asyncpg.Pool) -> Term:
    """Begin a term, which ends all earlier ones."""
    return Term(pool, await pool.fetchval(sql.NEW_TERM))
