"""What may be told of groups within a unit as they were known earlier: nothing of before somebody there was erased.

The totals of a unit are the same before and after. How its groups were described is not: a group of one of then is the
person who is erased now.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

import asyncpg

from services.metrics.domain.facts.cell import Cell
from services.metrics.ledger.forgotten import ForgottenError
from shared.contracts.metrics import ALL

_NOTE = "insert into redescribed (batch, unit) select $1, unit from unnest($2::text[]) unit"
_SINCE = "select max(at) from redescribed join batches on id = batch where unit = any($1)"


class DescribedError(ForgottenError):
    """How groups within units were described at a time is told no more, since somebody was erased later."""

    sentence = (
        "{asked}: sedan personer har raderats visas inte hur grupper inom enheten var beskrivna före {at}, fråga om"
        " hela enheter eller om en senare tid / since persons were erased, how groups within the unit were described"
        " before {at} is not told, ask for whole units or for a later time"
    )


async def note(connection: asyncpg.Connection, batch: int, units: Collection[str]) -> None:
    """From a batch on groups within units are described otherwise; ``*`` stands for all units."""
    await connection.execute(_NOTE, batch, sorted(units))


async def since(connection: asyncpg.Connection, cells: Iterable[Cell]) -> datetime | None:
    """From when on groups of cells are described as they are now; None if they always were."""
    found: datetime | None = await connection.fetchval(_SINCE, [ALL, *sorted({cell.unit for cell in cells})])
    return found


async def check(connection: asyncpg.Connection, known_at: datetime, asked: str, cells: Iterable[Cell]) -> None:
    """Raise DescribedError if groups of cells were described otherwise at a time; ``asked`` is what said it."""
    described = await since(connection, cells)
    if described and known_at < described:
        raise DescribedError(described, asked)
