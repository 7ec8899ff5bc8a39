"""The ledger counted anew from the stored records, where a release counts by other rules than the last.

While it is under way nothing is folded: events wait in Kafka, and questions are answered by the old rules. What is
made is kept beside the ledger, a portion of subjects at a time, so that a crash costs a portion. At the end one
transaction adds to the ledger by how much it differs, as a batch of its own: what was known before, by the old rules,
remains known.
"""

import asyncio
from collections.abc import Callable, Sequence
from itertools import groupby

import asyncpg
import structlog

from services.metrics.domain.facts.rules import CAUSE, RULES
from services.metrics.domain.facts.tally import Fact, Tally
from services.metrics.domain.record.record import Stored
from services.metrics.domain.record.refold import refold
from services.metrics.intake import repository
from services.metrics.intake.batch import added
from services.metrics.intake.repository import AnomalyCounts, Cells
from services.metrics.ledger import rules
from services.metrics.ledger import rules_statements as sql
from services.metrics.ledger.rules import RulesError, RulesInForce
from services.metrics.ledger.statements import FACT_COLUMNS, PART_COLUMNS

log = structlog.get_logger()

ROWS = 20_000
"""Rows of records looked at together."""

Show = Callable[[RulesInForce], None]
Part = tuple[str, *tuple[object, ...]]
Made = tuple[list[Fact], AnomalyCounts, list[tuple[str, Stored]]]
"""Facts, anomalies and changed rows of a portion."""


async def ensure(pool: asyncpg.Pool, show: Show) -> None:
    """Have the ledger counted by the rules of this release; of several processes one does it.

    Raises RulesError if a later release has counted it.
    """
    if (await rules.standing(pool)).rules == RULES:
        return
    async with pool.acquire() as connection:
        await connection.execute(sql.HOLD_LEDGER)
        try:
            await _ensure(connection, Cells(pool), show)
        finally:
            await connection.execute(sql.LET_LEDGER_GO)


async def _ensure(connection: asyncpg.Connection, cells: Cells, show: Show) -> None:
    found = await rules.standing(connection)
    if found.rules > RULES:
        raise RulesError(found.rules)
    if found.rules == RULES:
        return
    if found.remaking != RULES:
        async with connection.transaction():
            await connection.execute(sql.BEGIN_REMAKE, RULES)
            await connection.execute(sql.FORGET_REMADE)
    log.info("remaking the ledger", held=found.rules, rules=RULES)
    while await _portion(connection, cells):
        show(await rules.standing(connection))
    await _switch(connection)
    log.info("the ledger is remade", rules=RULES)


async def _portion(connection: asyncpg.Connection, cells: Cells) -> bool:
    """Count some more subjects; false when there are none."""
    last = await connection.fetchval(sql.PORTION_ENDS, ROWS)
    rows = await connection.fetch(sql.PORTION, last)
    if not rows:
        return False
    facts, anomalies, parts = await asyncio.to_thread(_count, rows)
    numbers = await cells.numbers(fact.cell for fact in facts)
    placed = [(numbers[cell], measure, day, delta) for cell, measure, day, delta in facts]
    async with connection.transaction():
        await repository.copy(connection, "remade_facts", placed, FACT_COLUMNS[1:])
        counts = [(*of, delta) for of, delta in anomalies.items()]
        await repository.copy(connection, "remade_anomalies", counts, ("kind", "subject", "delta"))
        await repository.copy(connection, "remade_parts", [(s, *row) for s, row in parts], PART_COLUMNS)
        await connection.execute(sql.REMADE, rows[-1]["subject"], len({row["subject"] for row in rows}))
    return True


def _count(rows: Sequence[asyncpg.Record]) -> Made:
    tallies, parts = [], []
    for subject, some in groupby(rows, key=lambda row: str(row["subject"])):
        tally = Tally()
        parts += [(subject, row) for row in refold(subject, [Stored(*row[1:]) for row in map(tuple, some)], tally)]
        tallies.append((subject, tally))
    facts, anomalies = added(tallies)
    return facts, anomalies, parts


async def _switch(connection: asyncpg.Connection) -> None:
    """Add the difference to the ledger; from here on it is counted by the rules of this release."""
    async with connection.transaction():
        batch = await repository.begin(connection)
        await connection.execute(sql.ADD_REMADE_FACTS, batch)
        await connection.execute(sql.ADD_REMADE_ANOMALIES, batch)
        await connection.execute(sql.CAUSED_BY_RULES, batch, CAUSE.format(RULES))
        await connection.execute(sql.STORE_REMADE)
        await connection.execute(sql.RULES_HOLD, RULES)
        await connection.execute(sql.FORGET_REMADE)
        await repository.end(connection, batch, 0, await connection.fetchval(sql.COUNT_REMADE, batch))
