"""A service, run as ``python -m tests.fakes.faulty``, whose one task fails as FAULT says, once the server answers."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from zoneinfo import ZoneInfo

from litestar import Litestar
from prometheus_client import CollectorRegistry

from shared.kit.clock import Clock
from shared.kit.health import Health
from shared.kit.process import run
from shared.kit.server import application, process_metrics
from shared.kit.settings import Settings
from shared.kit.supervisor import Supervisor, Task


async def work() -> None:
    """Go on for a moment, then do as told."""
    await asyncio.sleep(0.5)
    if os.environ["FAULT"] == "error":
        raise KeyError("unit")


def build(settings: Settings) -> Litestar:
    """The application."""
    registry = CollectorRegistry()
    health = Health(Clock(ZoneInfo("UTC")), "reader")
    supervisor = Supervisor(health, registry)

    @contextlib.asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        async with supervisor.running(Task("reader", work, "reader")):
            yield

    return application("Faulty", [], health, registry, process_metrics(registry), [lifespan])


if __name__ == "__main__":
    run("faulty", Settings, build, lambda _: int(os.environ["PORT"]))
