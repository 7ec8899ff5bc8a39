"""The metrics service, asked for what alerts does not keep: years of values, days ahead, deliveries, anomalies.

Nobody waits long for it: when it is away, or hangs, a page says so and shows what alerts knows.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from copy import copy
from datetime import date
from typing import TypeVar

import httpx
import msgspec

from shared.access.rights import EVERYWHERE, Caller
from shared.contracts.anomalies import Anomalies
from shared.contracts.as_known import AsKnown, PlacedUnits
from shared.contracts.dead_letters import Letters
from shared.contracts.deliveries import OpenDeliveries
from shared.contracts.groups import Values
from shared.contracts.history import Series
from shared.contracts.tenants import ALONE, HEADER, Tenant
from shared.kit.access import behalf
from shared.kit.waiting import within

SECONDS = 2.0
"""How long an answer is waited for; a page waits for all its questions at once."""
PATIENT_SECONDS = 30.0
"""How long an answer is waited for that no reader waits for, or is told to wait for."""
REST_SECONDS = 5.0
"""So long nothing is asked after it did not answer: readers do not queue up before it."""
CONNECTIONS = 20
ITSELF = Caller("stadga", "stadga/alerts", {"reader": frozenset(EVERYWHERE)}, "board")
"""Who asks what no reader asked: the service itself, which judges every unit."""

Answer = TypeVar("Answer")


class MetricsAwayError(Exception):
    """The metrics service does not answer, or not in time."""


class _Rest:
    """Until when nothing is asked, on the loop's clock."""

    until = 0.0


class MetricsService:
    """Asks one address. Every question raises MetricsAwayError; None is the answer to what it does not know."""

    def __init__(self, url: str, token: str = "", tenant: Tenant = ALONE) -> None:
        """``url`` is its base URL, ``token`` one of the scope ``delegate``; nothing is connected yet.

        The service of another ``tenant`` does not answer.
        """
        self._url, self._token = url, token
        self._whose = {HEADER: tenant.name} if tenant.name else {}
        self._http: httpx.AsyncClient | None = None
        self._rest, self._seconds = _Rest(), SECONDS
        self._headers: Mapping[str, str] = {}

    def of(self, caller: Caller) -> "MetricsService":
        """The same, asked on behalf of somebody, who is told what is theirs to know."""
        self._client()
        asked = copy(self)
        asked._headers = {"authorization": f"Bearer {self._token}", **behalf.told(caller)} if self._token else {}
        return asked

    def patiently(self) -> "MetricsService":
        """The same, for what nobody waits for: it has longer to answer, and while it does not readers ask as usual."""
        self._client()
        asked = copy(self)
        asked._rest, asked._seconds = _Rest(), PATIENT_SECONDS
        return asked

    async def months(self, unit: str, occupation: str, metrics: list[str], first: date, last: date) -> Series | None:
        """The values at the end of each month, over the window that alerts are judged by."""
        return await self._series(unit, occupation, metrics, first, last, {"step": "month"})

    async def each_month(self, unit: str, occupation: str, metric: str, first: date, last: date) -> Series | None:
        """The values of each month on its own, as control charts need them."""
        return await self._series(unit, occupation, [metric], first, last, {"step": "month", "window": "step"})

    async def each_month_by(
        self, unit: str, occupation: str, metrics: Sequence[str], first: date, last: date, by: str
    ) -> Series | None:
        """The same of several metrics, and of every group by some dimensions."""
        how = {"step": "month", "window": "step", "by": by}
        return await self._series(unit, occupation, metrics, first, last, how)

    async def on(self, unit: str, occupation: str, metrics: list[str], day: date) -> Series | None:
        """The values of one day, past or ahead."""
        return await self._series(unit, occupation, metrics, day, day, {"step": "day"})

    async def groups(
        self, unit: str | None, occupation: str, by: str, metrics: Sequence[str], day: date
    ) -> Values | None:
        """The values of a day of every group by some dimensions: of a unit, or (None) of each unit by itself."""
        where = {} if unit is None else {"unit": unit}
        group = {"occupation": occupation, "by": by, "metrics": ",".join(metrics), "as_of": f"{day}"}
        return await self._ask("/v1/metrics", where | group, Values)

    async def placed(self, first: date, last: date) -> PlacedUnits | None:
        """Where units lay on each day."""
        return await self._ask("/v1/units", {"from": f"{first}", "to": f"{last}"}, PlacedUnits)

    async def as_known(
        self, unit: str, occupation: str, metric: str, ahead: Sequence[int], first: date, last: date
    ) -> AsKnown | None:
        """Values as they were known on each day, also those so many days ahead."""
        group = {"unit": unit, "occupation": occupation, "metric": metric}
        span = {"from": f"{first}", "to": f"{last}"}
        more = {"ahead": ",".join(map(str, ahead))} if ahead else {}
        return await self._ask("/v1/as-known", group | span | more, AsKnown)

    async def deliveries(self) -> OpenDeliveries | None:
        """What belongs together and has not all come."""
        return await self._ask("/v1/deliveries", {}, OpenDeliveries)

    async def anomalies(self, unit: str) -> Anomalies | None:
        """Events that contradict what else is known."""
        return await self._ask("/v1/anomalies", {"unit": unit, "limit": "0"}, Anomalies)

    async def put_aside(self) -> Letters | None:
        """The messages that it put aside, counted by reason; None for whom that is not to know."""
        return await self._ask("/v1/dead-letters", {"most": "1"}, Letters)

    @asynccontextmanager
    async def asked(self) -> AsyncIterator[None]:
        """It may be asked within the block; then its connections are closed."""
        try:
            yield
        finally:
            if http := self._http:
                self._http = None
                await http.aclose()

    async def _series(
        self, unit: str, occupation: str, metrics: Sequence[str], first: date, last: date, how: dict[str, str]
    ) -> Series | None:
        group = {"unit": unit, "occupation": occupation, "metrics": ",".join(metrics)}
        return await self._ask("/v1/series", group | {"from": f"{first}", "to": f"{last}"} | how, Series)

    async def _ask(self, path: str, question: Mapping[str, str], kind: type[Answer]) -> Answer | None:
        clock = asyncio.get_running_loop()
        if clock.time() < self._rest.until:
            raise MetricsAwayError
        try:
            asked = self._client().get(path, params=question, headers=self._headers, timeout=self._seconds)
            answer = await within(asked, self._seconds)
        except (httpx.HTTPError, TimeoutError, OSError):
            self._rest.until = clock.time() + REST_SECONDS
            raise MetricsAwayError from None
        if answer.is_server_error:
            raise MetricsAwayError
        return _read(answer, kind) if answer.is_success else None

    def _client(self) -> httpx.AsyncClient:
        if self._http is None:
            limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
            self._http = httpx.AsyncClient(
                base_url=self._url, headers=self._whose, timeout=SECONDS, limits=limits, trust_env=False
            )
        return self._http


def _read(answer: httpx.Response, kind: type[Answer]) -> Answer:
    try:
        return msgspec.json.decode(answer.content, type=kind)
    except msgspec.MsgspecError:  # of another release, while both are being replaced
        raise MetricsAwayError from None
