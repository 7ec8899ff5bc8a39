"""The tables of a database, copied as PostgreSQL writes them (COPY), in one state and in an order that can be filled.

No program is needed, and rows may be put back onto an older server than they came from.
"""

from collections.abc import AsyncIterator, Iterable
from graphlib import TopologicalSorter
from pathlib import Path

import asyncpg
from msgspec.structs import replace

from cli.local.backup.blocks import BLOCK, Writer, blocks
from cli.local.backup.manifest import Table

SCHEMAS = ["metrics", "alerts"]
VERSIONS = "public.alembic_version"
FILLED = frozenset(
    {"metrics.rules", "metrics.tenant", "metrics.periods", "metrics.supports", "alerts.tenant", "alerts.supports"}
)
"""What migrations leave in an empty database."""

_TABLES = """
select n.nspname::text as schema, c.relname::text as name, p.relname::text as parent,
    pg_get_expr(c.relpartbound, c.oid) as bound,
    array(select attname::text from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped
        and attgenerated = '' order by attnum) as columns
from pg_class c join pg_namespace n on n.oid = c.relnamespace
left join pg_inherits i on i.inhrelid = c.oid left join pg_class p on p.oid = i.inhparent
where c.relkind = 'r' and c.relpersistence = 'p' and n.nspname = any($1)
order by schema, name
"""
"""Those that are not unlogged: what is in such a one can be made again."""
_LEAD = """
select distinct conrelid::regclass::text as one, confrelid::regclass::text as other
from pg_constraint where contype = 'f' and conrelid <> confrelid
"""
_SEQUENCES = """
select format('%I.%I', schemaname, sequencename) as name, last_value
from pg_sequences where schemaname = any($1) and last_value is not null
"""


async def held(connection: asyncpg.Connection) -> list[Table]:
    """The tables there are: each after those that its rows refer to."""
    tables = {table.called: table for table in map(_table, await connection.fetch(_TABLES, SCHEMAS))}
    order: TopologicalSorter[str] = TopologicalSorter({name: set() for name in tables})
    for lead in await connection.fetch(_LEAD):
        order.add(lead["one"], lead["other"])
    return [tables[name] for name in order.static_order() if name in tables]


async def hold(connection: asyncpg.Connection, tables: Iterable[Table]) -> None:
    """Let nobody drop or empty one until this transaction ends, which a snapshot alone does not keep from."""
    for table in tables:
        await connection.execute(f"lock table {table.called} in access share mode")


async def sequences(connection: asyncpg.Connection) -> dict[str, int]:
    """The last number that each sequence gave out; of those that gave out any."""
    return dict(await connection.fetch(_SEQUENCES, SCHEMAS))


async def migrations(connection: asyncpg.Connection) -> list[str]:
    """The numbers of the schema; none where there is no schema."""
    if not await connection.fetchval("select to_regclass($1)", VERSIONS):
        return []
    return [row[0] for row in await connection.fetch(f"select version_num from {VERSIONS} order by 1")]  # noqa: S608


async def rows_of_others(connection: asyncpg.Connection) -> list[str]:
    """The tables that hold what no migration left there."""
    return [
        table.called
        for table in await held(connection)
        if table.called not in FILLED and await connection.fetchval(f"select exists(select from {table.called})")  # noqa: S608
    ]


async def dump(connection: asyncpg.Connection, table: Table, folder: Path) -> Table:
    """Write a table; what is told of it then."""
    writer, waiting = Writer(folder, f"tables/{table.called}.zst"), bytearray()

    async def take(data: bytes) -> None:
        waiting.extend(data)
        if len(waiting) >= BLOCK:
            writer.block(bytes(waiting))
            waiting.clear()

    query = f"select {', '.join(map(_quoted, table.columns))} from {table.called}"  # noqa: S608  (of the catalogue)
    said = await connection.copy_from_query(query, output=take, format="text")
    if waiting:
        writer.block(bytes(waiting))
    return replace(table, rows=int(said.split()[-1]), file=writer.close())


async def clear(connection: asyncpg.Connection) -> None:
    """Take away the schema of a database that holds nothing."""
    async with connection.transaction():
        for schema in SCHEMAS:
            await connection.execute(f"drop schema if exists {schema} cascade")
        await connection.execute(f"drop table if exists {VERSIONS}")


async def fill(connection: asyncpg.Connection, tables: Iterable[Table], folder: Path) -> None:
    """Put rows back into the tables that migrations have just made, and those parts of tables that were made later."""
    ours = list(tables)
    for made in reversed(await held(connection)):
        drop = f"drop table {made.called}" if made.bound else f"delete from {made.called}"  # noqa: S608
        await connection.execute(drop)
    for table in ours:
        if table.bound:
            whole = f"{table.schema}.{table.parent}"
            await connection.execute(f"create table {table.called} partition of {whole} {table.bound}")
    for table in ours:
        if table.file:
            source = _content(folder / table.file.name)
            await connection.copy_to_table(
                table.name, schema_name=table.schema, columns=table.columns, source=source, format="text"
            )


async def advance(connection: asyncpg.Connection, given: dict[str, int]) -> None:
    """Let sequences go on behind what they gave out."""
    for name, last in given.items():
        await connection.execute("select setval($1::text::regclass, $2)", name, last)


async def _content(path: Path) -> AsyncIterator[bytes]:
    for block in blocks(path):
        yield block


def _table(row: asyncpg.Record) -> Table:
    return Table(row["schema"], row["name"], tuple(row["columns"]), row["parent"], row["bound"])


def _quoted(name: str) -> str:
    return f'"{name}"'
