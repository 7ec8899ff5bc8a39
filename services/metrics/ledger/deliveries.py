"""Deliveries as one state of the database has them: which are open, which are over, and ending those.

Every batch notes what it brings in a row of its own, so writers never wait for each other; the replica that leads adds
the rows up. Of a delivery that is whole one short row remains, so that whatever comes of it again begins nothing.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

import asyncpg

from services.metrics.domain.record.arrivals import Delivery
from services.metrics.ledger import delivery_statements as sql
from shared.contracts.deliveries import OpenDelivery
from shared.contracts.metrics import ALL

MOST_LISTED = 1_000
PORTIONS = 1_000
"""Rows of one delivery that are added up at every look; of more, one is made."""


class Begun(NamedTuple):
    """A delivery that is not whole: events so far, of how many if that was said, since when, and whether given up.

    Events that came in several batches are counted in each until there are as many as there should be. ``units`` are
    those whose numbers it changed so far; ``*`` stands for all there are.
    """

    key: int
    delivery: Delivery
    arrived: int
    size: int | None
    since: datetime
    given_up: bool
    units: frozenset[str] = frozenset()


class Deliveries(NamedTuple):
    """Those that are waited for, those to be given up, those that are whole, those whose rows are to be merged, and
    those that were given up before and are still not whole.
    """

    open: list[Begun]
    overdue: list[Begun]
    whole: list[int]
    scattered: list[int]
    given_up: list[Begun]


NONE = Deliveries([], [], [], [], [])


async def begun(connection: asyncpg.Connection, patience: float) -> Deliveries:
    """What is known of deliveries; one is waited for at most ``patience`` seconds. Needs a transaction."""
    found = Deliveries([], [], [], [], [])
    for row in await connection.fetch(sql.BEGUN):
        is_whole, is_scattered = await _standing(connection, row)
        if is_scattered:
            found.scattered.append(row["key"])
        if is_whole:
            found.whole.append(row["key"])
        elif row["whole"] is None:
            (found.overdue if row["seconds"] >= patience else found.open).append(_begun(row))
        else:
            found.given_up.append(_begun(row))
    keys = [one.key for one in (*found.open, *found.overdue)]
    touched = {key: frozenset(units) for key, units in await connection.fetch(sql.TOUCHED, keys)} if keys else {}
    for some in (found.open, found.overdue):
        some[:] = [one._replace(units=touched.get(one.key, frozenset())) for one in some]
    return found


async def _standing(connection: asyncpg.Connection, row: asyncpg.Record) -> tuple[bool, bool]:
    """Whether a delivery is whole, and whether its rows are to be merged: counting them is dear where events repeat."""
    many = row["portions"] > PORTIONS
    if row["whole"] or row["count"] is None or row["arrived"] < row["count"]:
        return bool(row["whole"]), many
    is_whole = row["portions"] == 1 or await connection.fetchval(sql.ARRIVED, row["key"]) >= row["count"]
    return is_whole, many or not is_whole


def _begun(row: asyncpg.Record) -> Begun:
    delivery = Delivery(row["source"], row["id"])
    return Begun(row["key"], delivery, row["arrived"], row["count"], row["since"], row["whole"] is not None)


async def end(connection: asyncpg.Connection, found: Deliveries) -> None:
    """Remember which deliveries are over, and forget what need not be known of them any more."""
    if not (found.overdue or found.whole or found.scattered):
        return
    async with connection.transaction():
        await connection.executemany(sql.END, [(one.key, False) for one in found.overdue])
        await connection.executemany(sql.END, [(key, True) for key in found.whole])
        await connection.executemany(sql.FORGET_ARRIVALS, [(key,) for key in found.whole])
        merged = {*found.scattered, *(one.key for one in found.overdue)}.difference(found.whole)
        await connection.executemany(sql.MERGE, [(key,) for key in sorted(merged)])
        await connection.execute(sql.FORGET_ENDED)


async def listed(connection: asyncpg.Connection) -> list[Begun]:
    """Those that are not whole, exactly counted, the longest open first."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        rows = [row for row in await connection.fetch(sql.BEGUN) if not row["whole"]][:MOST_LISTED]
        found = await connection.fetch(sql.TOUCHED, [row["key"] for row in rows])
        touched = {key: frozenset(units) for key, units in found}
        return [
            _begun(row)._replace(
                arrived=await connection.fetchval(sql.ARRIVED, row["key"]), units=touched.get(row["key"], frozenset())
            )
            for row in rows
        ]


def described(one: Begun, patience: timedelta) -> OpenDelivery:
    """A delivery as others are told of it, which is waited for so long."""
    until, units = one.since + patience, (ALL,) if ALL in one.units else tuple(sorted(one.units))
    return OpenDelivery(*one.delivery, one.arrived, one.size, one.since, until, one.given_up, units)
