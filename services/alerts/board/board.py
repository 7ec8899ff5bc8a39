"""What every page of the board is made with: the database, the metrics service, the plans, the day."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date
from difflib import get_close_matches

import asyncpg
from litestar.exceptions import NotFoundException
from msgspec.structs import replace

from services.alerts.api.door import Pool, connected
from services.alerts.board.answer import Asked, writing
from services.alerts.board.writing import Writing
from services.alerts.domain.alert.standing import Alert
from services.alerts.domain.alert.telling import View
from services.alerts.domain.handling.handled import handled
from services.alerts.domain.handling.link import LinkAbout, holds
from services.alerts.domain.plan.plan import Unit, Version
from services.alerts.domain.plan.progress import Progress, Update, standings
from services.alerts.metrics_service import MetricsService
from services.alerts.repository import board as shown
from services.alerts.repository import groups, handlings, measures
from services.alerts.repository.plans import Running
from shared.access.needs import AUDIT, OPERATE
from shared.access.rights import Need
from shared.contracts.metrics import ALL
from shared.kit.access.guard import inside, seen, who
from shared.kit.clock import Clock

MOST_NAMES = 20_000
"""Units looked through for the nearest name."""


class Missing(NotFoundException):
    """There is no such thing: ``kind`` says which pattern of the words tells so, ``near`` what may have been meant."""

    def __init__(self, kind: str, name: str, near: tuple[str, str] | None = None) -> None:
        """``near`` is an address and what it leads to."""
        super().__init__(name)
        self.kind, self.name, self.near = kind, name, near


class Board:
    """One for the process."""

    def __init__(
        self,
        pool: Pool,
        metrics: MetricsService,
        clock: Clock,
        faults_to: str,
        link_key: Callable[[], bytes],
        address: str = "",
    ) -> None:
        """``faults_to`` is the address that faults of the pages are reported to, ``link_key`` signs links in mails.

        ``address`` is where people reach the board; empty: wherever they ask.
        """
        self._pool, self._metrics, self.clock, self.faults_to = pool, metrics, clock, faults_to
        self.address = address
        self._link_key = link_key
        self._running = Running()
        self.backtest_turn = asyncio.Semaphore(1)
        """One is made at a time: it takes as long as many other pages."""

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection for one page; answers 503 while the database is away."""
        async with connected(self._pool) as connection:
            yield connection

    def metrics(self, request: Asked) -> MetricsService:
        """The metrics service, asked on behalf of the visitor."""
        return self._metrics.of(who(request))

    @staticmethod
    def own(request: Asked) -> list[str] | None:
        """The units at the top of the visitor's own subtrees; None: all."""
        sight = seen(request)
        return None if sight.everything else sorted(sight.units)

    @staticmethod
    def inside(request: Asked, place: Unit) -> None:
        """Refuse a unit that is none of the visitor's own."""
        inside(seen(request), place.id, place.path)

    @staticmethod
    def sees(request: Asked, place: Unit) -> bool:
        """Whether a unit is one of the visitor's own."""
        return seen(request).sees(place.path)

    @staticmethod
    def may(request: Asked, need: Need, units: Iterable[Unit]) -> bool:
        """Whether the visitor has one of the rights in each of the units; in no unit named: in all there are."""
        sight, paths = who(request).sight(need), [unit.path for unit in units]
        return who(request).may(need) and (all(map(sight.sees, paths)) if paths else sight.everything)

    @staticmethod
    def whole(request: Asked) -> bool:
        """Whether the visitor may know what is counted over all units together."""
        asks = who(request)
        return seen(request).everything or asks.may(OPERATE) or asks.may(AUDIT)

    def link_holds(self, request: Asked, alert: Alert) -> bool:
        """Whether a link that a mail led here by is as it was sent and has not expired; true without one."""
        asked = request.query_params
        if "sig" not in asked:
            return True
        try:
            expires = date.fromisoformat(asked.get("expires", ""))
        except ValueError:
            return False
        about = LinkAbout(alert.plan, alert.target, alert.unit, asked.get("to", ""), expires)
        return holds(self._link_key(), about, asked["sig"], self.clock.today())

    def writing(self, request: Asked) -> Writing:
        """How the visitor is written to."""
        return writing(request, self.clock.zone)

    async def plans(self, connection: asyncpg.Connection) -> dict[str, Version]:
        """The running plans."""
        return await self._running.load(connection)

    async def today(self, connection: asyncpg.Connection) -> date:
        """The day that values are known of; the clock's before any has come."""
        return await groups.today(connection) or self.clock.today()

    async def updates(
        self, connection: asyncpg.Connection, plans: Sequence[Version]
    ) -> Mapping[tuple[str, str], list[Update]]:
        """All that was told of the measures of plans, by plan and measure."""
        named = {(one.plan.id, measure) for one in plans for measure in one.plan.measures}
        return await measures.load(connection, named)

    async def progress(
        self, connection: asyncpg.Connection, plans: Sequence[Version], today: date
    ) -> dict[tuple[str, str], Progress]:
        """Where the measures of plans stand, by plan and measure."""
        return standings(await self.updates(connection, plans), today)

    async def handled(self, connection: asyncpg.Connection, views: Sequence[View]) -> list[View]:
        """The same, with what people have done about each."""
        alerts = [Alert(one.plan, one.target, one.unit) for one in views]
        rows = await handlings.load(connection, alerts)
        day = self.clock.today()
        return [
            replace(one, handling=handled(rows.get(alert, ()), one.episode, day))
            for one, alert in zip(views, alerts, strict=True)
        ]

    async def unit(self, connection: asyncpg.Connection, name: str) -> Unit:
        """A unit that was told of; raises Missing with the nearest name."""
        if found := await shown.unit(connection, name):
            return found
        if name == ALL:
            return Unit(ALL, ALL, (ALL,))
        raise Missing("no_unit", name, await _nearest(connection, name))


async def _nearest(connection: asyncpg.Connection, name: str) -> tuple[str, str] | None:
    """The unit whose reference or name is most like the one asked for: its reference, and its name."""
    units = await shown.named(connection, "", MOST_NAMES)
    known = {one.name: one for one in units} | {one.id: one for one in units}
    near = get_close_matches(name, known, 1)
    return (known[near[0]].id, known[near[0]].name) if near else None
