"""docs/scaling.md: every table and topic is accounted for, and the distribution columns that it names are possible."""

import re
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from services.metrics.ledger import (
    delivery_statements,
    merging_statements,
    rules_statements,
    statements,
    telling_statements,
)
from services.metrics.ledger.statements import Query
from shared.contracts.topics import ALL

TEXT = (Path(__file__).parents[2] / "docs" / "scaling.md").read_text()
TABLES = """
select relnamespace::regnamespace || '.' || relname as name from pg_class
where relnamespace::regnamespace::text in ('metrics', 'alerts') and relkind in ('r', 'p') and not relispartition
"""
UNIQUE = """
select relname, array_agg(attname::text) as columns from pg_index
join pg_class on pg_class.oid = indrelid join pg_attribute on attrelid = indrelid and attnum = any(indkey)
where indisunique and relnamespace = 'metrics'::regnamespace group by relname, indexrelid
"""
COLUMNS = """
select table_name, column_name from information_schema.columns where table_schema = 'metrics' and is_nullable = 'NO'
"""
MODULES = (delivery_statements, merging_statements, rules_statements, statements, telling_statements)


def _section(title: str) -> str:
    return re.split(r"^## ", TEXT.partition(f"## {title}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


def _listed(section: str) -> Iterator[tuple[str, str]]:
    """What the first column of a table names, with the second."""
    for names, second in re.findall(r"^\| (`.+?) \| (.*?) \|", _section(section), re.MULTILINE):
        yield from ((name, second) for name in re.findall(r"`([a-z_.]+)`", names))


DISTRIBUTED = {name: column.strip("`") for name, column in _listed("More than one PostgreSQL")}


def said() -> Iterator[tuple[str, str]]:
    """Every statement about the ledger, by where it is."""
    for module in MODULES:
        for name, value in vars(module).items():
            for text in value if isinstance(value, Query) else (value,) if isinstance(value, str) else ():
                if re.search(r"\b(select|insert|update|delete)\b", text):
                    yield f"{module.__name__}.{name}", text


async def test_all_that_grows_is_listed(postgres: str) -> None:
    """Each table of the schemas and each topic once, with what prunes it or why it grows; and nothing else."""
    connection = await asyncpg.connect(postgres)
    try:
        tables = {row["name"] for row in await connection.fetch(TABLES)}
    finally:
        await connection.close()
    listed = [name for name, _ in _listed("What grows")]
    assert sorted(listed) == sorted(tables | {topic.name for topic in ALL})


def test_each_has_a_reason() -> None:
    """No cell of the last column is empty."""
    rows = re.findall(r"^\| `.+ \| (.*) \|$", _section("What grows"), re.MULTILINE)
    assert len(rows) > 30
    assert all(len(reason) > 3 for reason in rows)


async def test_distribution_columns_are_in_every_key(postgres: str) -> None:
    """A unique key that lacks it could not be checked on one node; a row without it lies on none."""
    connection = await asyncpg.connect(postgres)
    try:
        keys = await connection.fetch(UNIQUE)
        columns = {tuple(row) for row in await connection.fetch(COLUMNS)}
    finally:
        await connection.close()
    assert DISTRIBUTED
    assert set(DISTRIBUTED.items()) <= columns
    assert [key for key in keys if DISTRIBUTED.get(key["relname"], key["columns"][0]) not in key["columns"]] == []


@pytest.mark.parametrize(("where", "text"), [pytest.param(*one, id=one[0]) for one in said()])
def test_statements_keep_to_distribution_columns(where: str, text: str) -> None:
    """Each upsert of a distributed table names its column; two that are joined or united share theirs."""
    among = {table for table in DISTRIBUTED if re.search(rf"\b(?:from|join|into|update) {table}\b", text)}
    for table, conflict in re.findall(r"insert into (\w+).*?on conflict \((.*?)\)", text, re.DOTALL):
        if table in DISTRIBUTED:
            assert DISTRIBUTED[table] in re.split(r"[, ]+", conflict), where
    columns = {DISTRIBUTED[table] for table in among}
    assert len(columns) < 2, (where, among)
    together = len(among) > 1 or any(re.search(rf"\bjoin {table}\b", text) for table in among)
    assert not together or re.search(rf"\b{columns.pop()}\b", text), where
