"""Which database and which brokers are meant: those of the environment, else those of the stack that runs here."""

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import NamedTuple

import asyncpg

from cli.connect.running import RunningFile
from cli.connect.service import HOME
from cli.local.stack import external
from shared.contracts.tenants import Tenant
from shared.contracts.topics import HR_EVENTS, HR_KEYS, HR_REJECTED, WORKFORCE_ALERTS
from shared.kit.settings import Settings, load

KEPT = (HR_EVENTS, HR_KEYS, HR_REJECTED, WORKFORCE_ALERTS)
"""The topics of a backup. What is in hr.raw names persons as their systems do and is let go of within days; the values
in workforce.metrics are made again.
"""
SECONDS = 20


class Neighbours(NamedTuple):
    """Where the data of a tenant are, and on how many brokers each topic is to be."""

    database: str
    kafka: str
    tenant: Tenant
    replicas: int

    @asynccontextmanager
    async def session(self) -> AsyncIterator[asyncpg.Connection]:
        """A session of the database; raises one of ``database.TRANSIENT``."""
        connection = await asyncpg.connect(self.database, timeout=SECONDS)
        try:
            yield connection
        finally:
            await connection.close(timeout=SECONDS)


def found(environment: Mapping[str, str] = os.environ) -> Neighbours:
    """Those that are meant; raises SettingsError."""
    running = RunningFile(HOME / "stack.json").read()
    here = {external.VARIABLES[part]: running[part].address for part in ("kafka", "postgres") if part in running}
    settings = load(Settings, {**here, **environment})
    return Neighbours(
        settings.database_url, settings.kafka_bootstrap_servers, settings.tenant, settings.stadga_replication
    )
