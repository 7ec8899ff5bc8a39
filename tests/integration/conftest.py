"""Fixtures of the integration tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from shared.kit import database
from tests.conftest import Mail
from tests.fakes.postmaster import Postmaster
from tests.integration.alerting import Watcher, watching


@pytest.fixture
async def watcher(kafka_with_topics: str, postgres: str, smtp: Mail, tmp_path: Path) -> AsyncIterator[Watcher]:
    """The service on the shared broker, with a database and a mailbox of its own; not started."""
    async with watching(
        tmp_path, KAFKA_BOOTSTRAP_SERVERS=kafka_with_topics, DATABASE_URL=postgres, SMTP_URL=smtp.url
    ) as watcher:
        yield watcher


@pytest.fixture
async def table(postgres: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection that writes and reads the outbox, as the evaluator does."""
    connection = await asyncpg.connect(postgres)
    yield connection
    await connection.close()


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test holds open while something happens stays open, however long that takes on a busy machine."""
    for limit in ("idle_in_transaction_session_timeout", "lock_timeout"):
        monkeypatch.setitem(database.LEAVES_BEHIND, limit, "0")


@pytest.fixture
async def postmaster() -> Postmaster:
    """A mail server that is not listening yet."""
    return Postmaster()
