"""A ledger that took in each day's events in the evening of the day on which they were recorded."""

from datetime import date, datetime

import asyncpg

from cli.offline.backtesting.recorded import Recorded, RecordedDay
from services.metrics.domain.facts.tally import Fact
from services.metrics.intake import repository
from services.metrics.intake.repository import Addition, Cells
from shared.kit.clock import Clock
from tests.integration.evaluating import EVENING

TAKEN_IN = "update batches set at = $1 where id = (select max(id) from batches)"


async def take_in(pool: asyncpg.Pool, log: Recorded, clock: Clock) -> None:
    """All of a log, day by day."""
    cells = Cells(pool)
    for day, came in log.days.items():
        rows = log.facts[log.facts[:, 0] == day, 1:].tolist()
        facts = [Fact(log.cells[cell], *fact) for cell, *fact in rows]
        await _take_in(pool, cells, facts, came, datetime.combine(date.fromordinal(day), EVENING.time(), clock.zone))


async def _take_in(pool: asyncpg.Pool, cells: Cells, facts: list[Fact], came: RecordedDay, evening: datetime) -> None:
    numbers = await cells.numbers(fact.cell for fact in facts)
    async with pool.acquire() as connection, connection.transaction():
        firsts = await repository.earlier(connection, came.firsts)
        addition = Addition(1, facts, {}, (), dict(came.definitions or {}), firsts)
        await repository.append(connection, numbers, addition)
        await connection.execute(TAKEN_IN, evening)
