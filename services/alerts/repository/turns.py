"""Turns: what two processes at once would do twice, one of them does at a time. A turn ends with its transaction."""

import asyncpg

ONE_ROUND, ONE_RELAY = 0x57AD6A, 0x57AD6B
"""Advisory locks: of two rounds, or two relays, at once each would tell of the same change."""

_BY_KEY = """set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
    set_config('enable_mergejoin', 'off', true)"""
_ROUND = f"select pg_advisory_xact_lock($1), {_BY_KEY}, nextval('rounds') as number"
"""A plan made while a table was small reads all of it once it is large. Queries of a round name their rows by key.

The columns are worked out in their order: the number is drawn once the lock is held.
"""

_RELAY = "select pg_try_advisory_xact_lock($1)"
_POST = "select pg_advisory_xact_lock(hashtext('stadga.alerts.post'))"
_SUMMARIES = "select pg_advisory_xact_lock(hashtext('stadga.alerts.summaries'))"


async def by_key(connection: asyncpg.Connection) -> None:
    """Until the transaction ends, rows are found by an index, also in a table that was full a moment ago."""
    await connection.execute(f"select {_BY_KEY}")


async def begin_round(connection: asyncpg.Connection) -> int:
    """Wait until no other round goes on; the number of this one."""
    number: int = (await connection.fetchrow(_ROUND, ONE_ROUND))["number"]
    return number


async def begin_relay(connection: asyncpg.Connection) -> bool:
    """Whether this process relays now; False, at once, while another does."""
    return bool(await connection.fetchval(_RELAY, ONE_RELAY))


async def begin_post(connection: asyncpg.Connection) -> None:
    """Wait until no other process takes mails to send: of two at once each would take a part of a bundle."""
    await connection.execute(_POST)


async def begin_summaries(connection: asyncpg.Connection) -> None:
    """Wait until no other process writes summaries."""
    await connection.execute(_SUMMARIES)
