"""By which rules the ledger is counted: who may add to it, and who may read it."""

from typing import NamedTuple

import asyncpg

from services.metrics.domain.facts.rules import RULES
from services.metrics.ledger import rules_statements as sql
from shared.kit.trouble import PassingError


class RulesError(PassingError):
    """The ledger is counted by other rules than this release counts by."""

    def __init__(self, held: int) -> None:
        """``held`` are those of the ledger."""
        super().__init__(f"the ledger is counted by rules {held}, this release counts by rules {RULES}")
        self.held = held


class RemakingError(PassingError):
    """The ledger is being remade; what arrives meanwhile waits in Kafka."""

    def __init__(self) -> None:
        """Nothing is known of how far it is."""
        super().__init__("the ledger is being remade by the rules of a new release")


class RulesInForce(NamedTuple):
    """The rules that hold; those by which the ledger is being remade, and how many of how many subjects are."""

    rules: int
    remaking: int | None
    done: int
    total: int

    @property
    def share(self) -> float | None:
        """How much is remade, 0–1; None while nothing is being remade."""
        return None if self.remaking is None else self.done / self.total if self.total else 0.0


async def standing(connection: asyncpg.Connection | asyncpg.Pool) -> RulesInForce:
    """As this transaction sees it."""
    return RulesInForce(*await connection.fetchrow(sql.STANDING))


async def check(connection: asyncpg.Connection | asyncpg.Pool) -> None:
    """Raise RulesError unless the ledger is counted by the rules of this release."""
    if (held := (await standing(connection)).rules) != RULES:
        raise RulesError(held)


async def claim(connection: asyncpg.Connection) -> None:
    """Keep the ledger from being remade until the transaction ends; raises RemakingError and RulesError.

    A remake that nobody is at work on is given up: what is added here it would not know.
    """
    if not await connection.fetchval(sql.SHARE_LEDGER):
        raise RemakingError
    found = await standing(connection)
    if found.rules != RULES:
        raise RulesError(found.rules)
    if found.remaking is not None:
        await connection.execute(sql.GIVE_UP)
