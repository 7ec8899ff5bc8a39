"""Deliveries that were given up before they were whole, as the metrics service last said, and the mails that say so."""

from collections.abc import Collection

import asyncpg
import msgspec

from services.alerts.domain.alert.occasion import UnfinishedDelivery
from shared.contracts.deliveries import DeliveriesReported
from shared.contracts.metrics import ALL

_FORGET = "delete from alerts.unfinished_deliveries"
_KEEP = """
insert into alerts.unfinished_deliveries (place, said, units)
select place, said::jsonb, units from (
    select place, said, array(select jsonb_array_elements_text(units::jsonb)) as units
    from unnest($1::int[], $2::text[], $3::text[]) as given (place, said, units)) told
"""
_SAY = """
update alerts.outbox mail
set occasion = jsonb_set(mail.occasion, '{unfinished}', found.said) from (
    select waiting.id, jsonb_agg(one.said order by one.place) as said
    from alerts.outbox waiting join alerts.unfinished_deliveries one
        on waiting.occasion ->> 'unit' = $2 or $2 = any(one.units) or exists (
            select from alerts.units below
            where below.unit = any(one.units) and waiting.occasion ->> 'unit' = any(below.path))
    where waiting.id = any($1::text[]) and waiting.occasion ? 'measured' group by waiting.id) found
where mail.id = found.id
"""
"""A unit's value rests on a delivery that moved it, or one below it; that of the municipality rests on all."""


async def keep(connection: asyncpg.Connection, reports: Collection[DeliveriesReported]) -> None:
    """Keep the last of what was said of them."""
    if not reports:
        return
    told = [*reports][-1].deliveries
    said = [UnfinishedDelivery(source=one.source, arrived=one.arrived, of=one.of, since=one.since) for one in told]
    await connection.execute(_FORGET)
    await connection.execute(
        _KEEP,
        list(range(len(told))),
        [msgspec.json.encode(one).decode() for one in said],
        [msgspec.json.encode(one.units).decode() for one in told],
    )


async def say(connection: asyncpg.Connection, mails: Collection[str]) -> None:
    """Let mails that are about to leave say which deliveries their values rest on a part of."""
    if mails:
        await connection.execute(_SAY, list(mails), ALL)
