"""Fixtures of the integration tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conftest import Mail
from tests.integration.alerting import (
    Watcher,
    watching,
)


@pytest.fixture
async def watcher(kafka_with_topics: str, postgres: str, smtp: Mail, tmp_path: Path) -> AsyncIterator[Watcher]:
    """The service on the shared broker, with a database and a mailbox of its own; not started."""
    async with watching(
        tmp_path, KAFKA_BOOTSTRAP_SERVERS=kafka_with_topics, DATABASE_URL=postgres, SMTP_URL=smtp.url
    ) as watcher:
        yield watcher
