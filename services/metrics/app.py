"""The metrics service put together: consumer, evaluator and API over one pool."""

import asyncio

import asyncpg
from litestar import Litestar
from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector

from services.metrics import api, consumer, evaluator
from services.metrics.api.desk import Desk
from services.metrics.consumer import Consumer
from services.metrics.evaluator import Evaluator
from services.metrics.exposition import Exposition
from services.metrics.register import Register
from services.metrics.settings import MetricsSettings
from services.metrics.telemetry import Telemetry
from shared.kit import database
from shared.kit.background import background
from shared.kit.clock import clock
from shared.kit.health import Health
from shared.kit.server import application

TITLE = "Stadga metrics"
SCHEMA, DATABASE = "metrics", "database"
STOP_SECONDS = 20
CONNECTIONS = 10
"""Two that fold, one that numbers cells, two of the evaluator; the others answer questions."""


def metrics(settings: MetricsSettings) -> Litestar:
    """The application; its lifespan runs everything that works beside HTTP. Raises SettingsError."""
    service = Service(settings)
    handlers = api.routes(
        Desk(lambda: service.pool, service.clock, settings.stadga_window_days, settings.stadga_points_norm, Register())
    )
    return application(
        TITLE, handlers, service.health, service.exposition.scraped, [lambda _: background(service.run(), STOP_SECONDS)]
    )


class Service:
    """The consumer and the evaluator over one pool, which is there once the database is."""

    def __init__(self, settings: MetricsSettings) -> None:
        """Nothing is connected yet; raises SettingsError."""
        self._settings = settings
        self.clock = clock(settings)
        self.health = Health(self.clock, DATABASE, consumer.PART, evaluator.PART)
        registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=registry)
        self._telemetry, self.exposition = Telemetry(registry), Exposition(registry)
        self.pool: asyncpg.Pool | None = None

    async def run(self) -> None:
        """Work until cancelled."""
        self.health.bad(DATABASE, "waiting for PostgreSQL")
        async with database.pool(self._settings.database_url, SCHEMA, CONNECTIONS) as opened:
            self.pool = opened
            self.health.ok(DATABASE)
            await self._work(opened)

    async def _work(self, opened: asyncpg.Pool) -> None:
        consuming = Consumer(self._settings, opened, self._telemetry, self.health, self.clock)
        evaluating = Evaluator(
            self._settings, opened, self._telemetry, self.exposition, self.health, self.clock, consuming.behind
        )
        consuming.committed = evaluating.wake
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(consuming.run())
            tasks.create_task(evaluating.run())
