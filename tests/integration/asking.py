"""The API of the metrics service in this process, over a ledger that tests write themselves."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

import asyncpg
import httpx
from litestar import Litestar
from prometheus_client import CollectorRegistry

from services.metrics.answers import api
from services.metrics.answers.api import desk
from services.metrics.answers.api.desk import Desk
from services.metrics.answers.register import Register
from shared.kit.access.guard import Guard
from shared.kit.clock import Clock
from shared.kit.database import pool
from shared.kit.health import Health
from shared.kit.server import application, process_metrics
from tests import builders as make
from tests.integration.evaluating import Ledger
from tests.polling import PATIENCE

TODAY = date(2024, 6, 30)


class Asking(NamedTuple):
    """The application, a client of it, its ledger, and what it answers from."""

    app: Litestar
    client: httpx.AsyncClient
    ledger: Ledger
    register: Register
    pool: asyncpg.Pool

    async def ask(self, path: str, **question: str) -> httpx.Response:
        """One GET."""
        return await self.client.get(path, params=question)


@asynccontextmanager
async def asking(
    database: str,
    log: Iterable[make.Event] = (),
    *,
    known_since_ever: bool = True,
    guard: Guard | None = None,
    today: date = TODAY,
) -> AsyncIterator[Asking]:
    """The API over the events of a log."""
    clock, register = Clock(ZoneInfo("Europe/Stockholm"), fixed=today), Register()
    async with pool(database, "metrics", desk.CONNECTIONS) as opened:
        ledger = Ledger(opened, known_since_ever=known_since_ever)
        await ledger.take(*log)
        await ledger.tell(today)
        handlers = api.routes(Desk(lambda: opened, clock, 365, 150.0, register, 600))
        registry = CollectorRegistry()
        app = application("Questions", handlers, Health(clock), registry, process_metrics(registry), guard=guard)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", timeout=PATIENCE) as client:
            yield Asking(app, client, ledger, register, opened)
