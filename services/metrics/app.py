"""The metrics service put together: consumer, evaluator and API over one pool."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import date
from zoneinfo import ZoneInfo

import asyncpg
from litestar import Litestar
from prometheus_client import CollectorRegistry

from services.metrics import api, consumer, evaluator
from services.metrics.consumer import Consumer
from services.metrics.evaluator import Evaluator
from services.metrics.exposition import Exposition
from services.metrics.settings import MetricsSettings
from services.metrics.telemetry import Telemetry
from shared.kit.clock import Clock
from shared.kit.health import Health
from shared.kit.server import application

TITLE = "Stadga metrics"


def clock(settings: MetricsSettings) -> Clock:
    """The clock of the settings' time zone, held still if they say so."""
    fixed = date.fromisoformat(settings.stadga_today) if settings.stadga_today else None
    return Clock(ZoneInfo(settings.stadga_time_zone), fixed)


def build(settings: MetricsSettings, pool: asyncpg.Pool, registry: CollectorRegistry) -> Litestar:
    """The application; its lifespan runs the consumer and the evaluator."""
    time = clock(settings)
    health = Health(time, consumer.PART, evaluator.PART)
    telemetry, exposition = Telemetry(registry), Exposition(registry)
    consuming = Consumer(settings, pool, telemetry, health, time)
    evaluating = Evaluator(settings, pool, telemetry, exposition, health, time, consuming.behind)
    consuming.committed = evaluating.wake

    @contextlib.asynccontextmanager
    async def working(_: Litestar) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(consuming.run()), asyncio.create_task(evaluating.run())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks, timeout=20)

    handlers = api.routes(pool, time, settings.stadga_window_days)
    return application(TITLE, handlers, health, exposition.render, [working])
