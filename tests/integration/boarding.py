"""The board over a real database: an application to ask, and a metrics service that answers, is away or hangs."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

import httpx
import msgspec
from litestar import Litestar

from services.alerts.board import routes
from services.alerts.board.board import Board
from services.alerts.metrics_service import MetricsService
from shared.contracts.history import GroupSeries, Point, Series
from shared.contracts.metrics import MetricValue
from shared.kit.access.guard import Guard
from shared.kit.answers import ShallowRequest
from shared.kit.clock import Clock
from tests.integration.alerting import TODAY
from tests.integration.alerts_workshop import Workshop, write
from tests.unit.alerts.board.pages import Page

KEY = bytes(32)
"""What links in mails are signed with."""
Answering = Callable[[httpx.Request], httpx.Response]


def away(request: httpx.Request) -> httpx.Response:
    """Nobody listens."""
    raise httpx.ConnectError("refused", request=request)


def counting(request: httpx.Request) -> httpx.Response:
    """A year of months, or the day asked for, at 12 % each."""
    asked = request.url.params
    if request.url.path != "/v1/series":
        return httpx.Response(404, json={})
    first, last = date.fromisoformat(asked["from"]), date.fromisoformat(asked["to"])
    span = [first + timedelta(n) for n in range((last - first).days + 1)]
    days = span if asked["step"] == "day" else [day for day in span if (day + timedelta(1)).day == 1]
    value = MetricValue(status="final", definition="d", value=0.12, numerator=12, denominator=100)
    metrics = {name: [value for _ in days] for name in asked["metrics"].split(",")}
    group = GroupSeries(unit=asked["unit"], unit_name="", occupation=asked["occupation"], metrics=metrics)
    points = [Point(day, 365) for day in days]
    told = Series(step=asked["step"], today=TODAY, revision=1, points=points, groups=[group])
    return httpx.Response(200, content=msgspec.json.encode(told))


class Asked(MetricsService):
    """The metrics service as a test says it is."""

    def __init__(self, answering: Answering) -> None:
        """It answers so."""
        super().__init__("http://metrics")
        self._http = httpx.AsyncClient(base_url="http://metrics", transport=httpx.MockTransport(answering))


class Hanging(MetricsService):
    """It takes connections, and never answers."""

    @classmethod
    @contextlib.asynccontextmanager
    async def opened(cls) -> AsyncIterator["Hanging"]:
        """Listening on a port of its own."""
        server = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0)
        async with server:
            host, port = server.sockets[0].getsockname()
            service = cls(f"http://{host}:{port}")
            async with service.asked():
                yield service


class Visitor:
    """Somebody who reads the board."""

    def __init__(self, shop: Workshop, metrics: MetricsService) -> None:
        """The board over the shop's database."""
        board = Board(lambda: shop.pool, metrics, shop.clock, "fel@kommun.example", lambda: KEY)
        app = Litestar([routes.router(board)], guards=[Guard().look], request_class=ShallowRequest, logging_config=None)
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost")

    async def read(self, path: str, status: int = 200) -> Page:
        """A page, taken apart."""
        answer = await self.http.get(path)
        assert answer.status_code == status, answer.text
        return Page(answer.text)


async def running(shop: Workshop, folder: Path, text: str) -> None:
    """This plan runs, and what it asks for is judged."""
    write(folder, "plan.yaml", text)
    await shop.look(shop.watch(folder))


class Days:
    """A clock that a test sets."""

    def __init__(self, today: date) -> None:
        """It is this day."""
        self.today = today
        self.clock = Clock(ZoneInfo("Europe/Stockholm"), None, lambda: datetime.combine(self.today, time(5), UTC))


class Watch(Protocol):
    """Something that asks the metrics service."""

    async def look(self) -> None:
        """Ask what is due."""


async def looked(shop: Workshop, watch: Watch, times: int = 1) -> dict[str, str]:
    """The states of the alerts after it has looked, and what it marked was judged."""
    for _ in range(times):
        await watch.look()
    await shop.judge()
    return await shop.states()
