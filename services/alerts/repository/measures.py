"""What was told of the measures of plans: kept as it came, one row an event."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

import asyncpg
import msgspec
import structlog

from services.alerts.domain.plan.progress import Update

log = structlog.get_logger()

_SAVE = """
insert into measure_updates (source, id, plan, measure, body)
select source, id, plan, measure, body::jsonb
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) as given (source, id, plan, measure, body)
on conflict do nothing
"""
_LOAD = """
select body::text from measure_updates
join unnest($1::text[], $2::text[]) as named (plan, measure) using (plan, measure)
"""


async def save(connection: asyncpg.Connection, updates: Sequence[Update]) -> None:
    """Keep each once, however often it is read."""
    rows = [(*one.key, one.plan, one.measure, msgspec.json.encode(one).decode()) for one in updates]
    if rows:
        await connection.execute(_SAVE, *(list(column) for column in zip(*rows, strict=True)))


async def load(
    connection: asyncpg.Connection, named: Collection[tuple[str, str]]
) -> Mapping[tuple[str, str], list[Update]]:
    """Everything told of these measures, by plan and measure; what this release cannot read is left out."""
    found: defaultdict[tuple[str, str], list[Update]] = defaultdict(list)
    if named:
        for row in await connection.fetch(_LOAD, *map(list, zip(*sorted(named), strict=True))):
            if one := _read(row[0]):
                found[one.plan, one.measure].append(one)
    return found


def _read(stored: str) -> Update | None:
    try:
        return msgspec.json.decode(stored, type=Update)
    except msgspec.DecodeError as error:
        log.warning("what was told of a measure cannot be read", reason=str(error))
        return None
