"""Every statement of the services is one that the migrated schema takes: its tables, columns and types are there."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import asyncpg
import pytest

from tests import sql

BEGINNINGS = {"select", "insert", "update", "delete", "truncate", "with"}


def statements(service: str) -> Iterator[tuple[str, str]]:
    """Name and text of every constant of a service that is SQL, and of every statement within its functions."""
    package = importlib.import_module(f"services.{service}")
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not module.name.endswith("__main__"):
            yield from stated(importlib.import_module(module.name))


def stated(module: ModuleType) -> Iterator[tuple[str, str]]:
    """What one module has."""
    for name, value in vars(module).items():
        if isinstance(value, str) and value.split() and value.split()[0].lower() in BEGINNINGS:
            yield f"{module.__name__}.{name}", value
    for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for text in sql.statements(node):
                yield f"{module.__name__}.{node.name}: {text.strip()}", text


@pytest.mark.parametrize("service", ["alerts", "metrics"])
async def test_the_schema_takes_every_statement(postgres: str, service: str):
    """PostgreSQL prepares each, which needs everything that it names."""
    found = {name: text for name, text in statements(service) if "{" not in text}
    assert len(found) > 40
    connection = await asyncpg.connect(postgres, server_settings={"search_path": service})
    try:
        refused = {}
        for name, text in found.items():
            try:
                await connection.prepare(text)
            except asyncpg.PostgresError as error:
                refused[name] = str(error)
    finally:
        await connection.close()
    assert refused == {}
