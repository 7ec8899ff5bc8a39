"""Evaluation: on one replica at a time, of what changed within a second, of everything when the day changes.

The replica that holds the lock keeps the board. It reads all facts once, then only what was committed since; a new day
adds its own sums to the board, a change of the unit tree makes a new one, and values equal to what was published are
not published again.
While a log is being loaded nothing is published: half a log would raise alerts that the other half takes back.
"""

import asyncio
import contextlib
from collections.abc import Callable
from time import perf_counter

import asyncpg
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from services.metrics import ledger
from services.metrics.domain.board import Board
from services.metrics.domain.tree import CONTRADICTIONS, tree
from services.metrics.exposition import Exposition
from services.metrics.ledger import Mark, News
from services.metrics.publisher import Publisher
from services.metrics.settings import MetricsSettings
from services.metrics.telemetry import Telemetry
from services.metrics.term import begin
from shared.kit.clock import Clock
from shared.kit.health import Health
from shared.kit.leadership import lead
from shared.kit.supervisor import Task

PART = "evaluation"
LEADS = "stadga.metrics.evaluator"

BULK_RATE = 1_000
"""Events a second above which a log is being loaded; a municipality's own day brings a few a second."""

AT_ONCE = 2_000
"""Events between two looks that are no log yet: all units of a municipality may report in the same minute."""

LOADING_SECONDS = 1.0
"""Between looks while a log is being loaded."""

REST = 2
"""After a look that took t seconds, REST·t belong to folding, a second at the most."""


BATCH = 500_000
"""Bytes of messages sent together: one holds some fifty values, and a new day brings all groups at once."""


class Evaluator:
    """The standing evaluation of one replica."""

    def __init__(
        self,
        settings: MetricsSettings,
        pool: asyncpg.Pool,
        telemetry: Telemetry,
        exposition: Exposition,
        health: Health,
        clock: Clock,
        behind: Callable[[], bool],
    ) -> None:
        """Nothing happens until its task is run; ``behind`` tells whether much waits to be folded."""
        self._settings, self._pool, self._telemetry = settings, pool, telemetry
        self._exposition, self._health, self._clock = exposition, health, clock
        self._behind = behind
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Something was committed here: look soon."""
        self._woken.set()

    @property
    def task(self) -> Task:
        """Evaluates while leading, stands by otherwise, until cancelled."""
        return Task(PART, self._session, PART)

    async def _session(self) -> None:
        """Stand by, then lead, until something fails."""
        try:
            await lead(self._pool, LEADS, self._work, self._stand_by)
        finally:
            self._telemetry.leader.set(0)

    def _stand_by(self) -> None:
        self._health.ok(PART)
        self._exposition.clear()

    async def _work(self) -> None:
        """Evaluate as long as this replica leads."""
        self._telemetry.leader.set(1)
        servers = self._settings.kafka_bootstrap_servers.split(",")
        producer = AIOKafkaProducer(
            bootstrap_servers=servers,
            enable_idempotence=True,
            compression_type="lz4",
            linger_ms=5,
            max_batch_size=BATCH,
        )
        await producer.start()
        try:
            term = await begin(self._pool)
            async with self._pool.acquire() as connection:
                publisher = Publisher(producer, self._settings.stadga_window_days, term.publication)
                await self._evaluate(connection, publisher)
        finally:
            with contextlib.suppress(KafkaError, TimeoutError):
                await asyncio.wait_for(producer.stop(), 5)

    async def _evaluate(self, connection: asyncpg.Connection, publisher: Publisher) -> None:
        board, seen = await self._make(connection)
        self._exposition.clear()
        due, looked = True, perf_counter()
        while True:
            started = perf_counter()
            day = board.today
            news, sound = await self._news(connection, board, seen)
            seen = news.mark
            if not sound:
                board, seen = await self._make(connection)
            if anew := not sound or board.today != day:
                self._exposition.clear()
            due = due or anew or bool(news.batches)
            loading = self._behind() or news.events > max(AT_ONCE, BULK_RATE * (started - looked))
            looked = started
            if due and not loading:
                await self._publish(board, publisher)
                due = False
            self._looked()
            await self._rest(perf_counter() - started, loading=loading)

    async def _make(self, connection: asyncpg.Connection) -> tuple[Board, Mark]:
        """A board of all facts, as one state of the database has them."""
        today = self._clock.today().toordinal()
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            seen = await ledger.mark(connection)
            window, norm = self._settings.stadga_window_days, self._settings.stadga_points_norm
            board = Board(tree(await ledger.definitions(connection), today), today, window, norm)
            board.know(await ledger.cells(connection))
            await ledger.everything(connection, board.reach, lambda facts: asyncio.to_thread(board.add, facts))
            await self._count_anomalies(connection)
        for kind in CONTRADICTIONS:
            self._telemetry.anomalies.labels(kind).set(board.tree.contradictions.get(kind, 0))
        return board, seen

    async def _news(self, connection: asyncpg.Connection, board: Board, seen: Mark) -> tuple[News, bool]:
        """Bring the board up to date; false when the unit tree is another one, so that a new board must be made."""
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            news = await ledger.since(connection, seen)
            if news.tree_changed:
                return news, False
            if news.batches:
                board.know(await ledger.cells(connection, seen))
                async for rows in ledger.of_batches(connection, news.batches, board.reach):
                    await asyncio.to_thread(board.add, rows)
                await self._count_anomalies(connection)
            today = self._clock.today().toordinal()
            return news, today == board.today or await self._turn(connection, board, today)

    async def _turn(self, connection: asyncpg.Connection, board: Board, today: int) -> bool:
        """Go over to a new day: only the days that were not published yet are summed; false when the tree differs."""
        if tree(await ledger.definitions(connection), today) != board.tree:
            return False
        fresh = board.ahead(today)
        await ledger.everything(connection, fresh.reach, lambda facts: asyncio.to_thread(board.prepare, fresh, facts))
        await asyncio.to_thread(board.turn, today, fresh)
        return True

    async def _count_anomalies(self, connection: asyncpg.Connection) -> None:
        for kind, count in (await ledger.anomalies(connection)).items():
            self._telemetry.anomalies.labels(kind).set(count)

    async def _publish(self, board: Board, publisher: Publisher) -> None:
        with self._telemetry.evaluation_seconds.time():
            days, revision = board.changed(), await publisher.revision()
            while changed := await asyncio.to_thread(next, days, None):
                await asyncio.to_thread(self._exposition.update, changed, board.today)
                await publisher.publish(changed, board.tree, board.today, revision, self._clock.now())
                self._telemetry.published.inc(len(changed))
            await asyncio.to_thread(self._exposition.render)

    def _looked(self) -> None:
        self._health.ok(PART)
        self._telemetry.last_evaluation.set(self._clock.now().timestamp())

    async def _rest(self, spent: float, *, loading: bool) -> None:
        self._woken.clear()
        await asyncio.sleep(LOADING_SECONDS if loading else min(REST * spent, LOADING_SECONDS))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), self._settings.stadga_evaluate_seconds)
