"""Real Kafka, PostgreSQL and SMTP; KAFKA_BOOTSTRAP_SERVERS and DATABASE_URL name others to use for the shared ones."""

import os
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck, settings

from cli.local.stack import SERVICES, Stack, mailbox, migrations, topics
from cli.local.stack.external import VARIABLES
from services.metrics.domain.facts.rules import RULES

os.environ.setdefault("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
"""Brokers of tests live for seconds: they start with half the processor time when Java optimises little."""

settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")
"""How long an example takes says nothing on a machine that is busy with something else."""


class Mail(NamedTuple):
    """A running mailbox: its URL, and the folder of what it got."""

    url: str
    folder: Path

    def messages(self) -> list[bytes]:
        """What arrived so far, in order."""
        return [path.read_bytes() for path in sorted(self.folder.glob("*.eml"))]


def here(**settings: str) -> Mapping[str, str]:
    """An environment in which every part runs here, and none on a port that the stack of another test prefers too."""
    given = {name: value for name, value in os.environ.items() if name not in VARIABLES.values()}
    ports = {f"STADGA_{service.upper()}_PORT": "0" for service in SERVICES}
    return given | ports | {"STADGA_HEALTH_SETTLE_SECONDS": "5"} | settings


@pytest.fixture(scope="session")
async def shared_stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """The stack behind ``kafka`` and ``postgres``; each starts its part when a test first asks."""
    stack = Stack(tmp_path_factory.mktemp("shared"), leashed=True)
    yield stack
    await stack.stop()


@pytest.fixture
async def stack(tmp_path: Path) -> AsyncIterator[Stack]:
    """A stack of the test's own, nothing started, to stop and kill parts of."""
    stack = Stack(tmp_path / "stadga", here(), leashed=True)
    yield stack
    await stack.stop()


@pytest.fixture(scope="session")
async def kafka(shared_stack: Stack) -> str:
    """Bootstrap servers of a broker all tests share: use topics and groups of your own."""
    await shared_stack.start(["kafka"])
    return shared_stack.kafka_bootstrap_servers


@pytest.fixture(scope="module")
async def kafka_with_topics(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """Bootstrap servers of a broker of the module's own, with the topics of the contract, empty at first."""
    stack = Stack(tmp_path_factory.mktemp("kafka"), here(), leashed=True)
    await stack.start(["kafka"])
    await topics.create(stack.kafka_bootstrap_servers)
    yield stack.kafka_bootstrap_servers
    await stack.stop()


@pytest.fixture(scope="session")
async def server(shared_stack: Stack) -> str:
    """URL of the database server all tests share."""
    await shared_stack.start(["postgres"])
    return shared_stack.database_url


@pytest.fixture(scope="session")
async def migrated(server: str) -> AsyncIterator[str]:
    """Name of a database with every migration, to copy; its ledger is of our rules, as after a first start."""
    name = f"migrated_{uuid4().hex}"
    await execute(server, f"create database {name}")
    await migrations.migrate(beside(server, name))
    await execute(beside(server, name), f"update metrics.rules set rules = {RULES}")  # noqa: S608  (a number of ours)
    yield name
    await execute(server, f"drop database {name} with (force)")


@pytest.fixture
async def postgres(server: str, migrated: str) -> AsyncIterator[str]:
    """URL of a fresh database with every migration."""
    name = f"test_{uuid4().hex}"
    await execute(server, f"create database {name} template {migrated}")
    yield beside(server, name)
    await execute(server, f"drop database {name} with (force)")


@pytest.fixture
async def smtp(tmp_path: Path) -> AsyncIterator[Mail]:
    """A running, empty mailbox."""
    folder = tmp_path / "mail"
    folder.mkdir()
    async with mailbox.receiving(folder) as port:
        yield Mail(f"smtp://127.0.0.1:{port}", folder)


def beside(url: str, database: str) -> str:
    """The URL of another database on the same server."""
    return f"{url.rsplit('/', 1)[0]}/{database}"


async def execute(url: str, statement: str) -> None:
    """Run one statement outside a transaction."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
