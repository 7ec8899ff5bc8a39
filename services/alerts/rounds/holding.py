"""One process at a time holds the plans: it watches their files and the day, shows alerts, and clears away."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg

from services.alerts.rounds.answering import Answering
from services.alerts.rounds.clearing import Clearing
from services.alerts.rounds.digests import Digests
from services.alerts.rounds.display import Display
from services.alerts.rounds.measure_watch import MeasureWatch
from services.alerts.rounds.month_watch import MonthWatch
from services.alerts.rounds.new_day import NewDay
from services.alerts.rounds.part_watch import PartWatch
from services.alerts.rounds.plan_watch import PART, PlanWatch
from services.alerts.rounds.rounds import Rounds
from shared.kit.leadership import lead
from shared.kit.supervisor import Task

LOCK = "stadga.alerts.plans"
SHOW_SECONDS = 1.0
CLEAR_SECONDS = 60.0
DAY_SECONDS = 10.0
DIGEST_SECONDS = 10.0
MONTH_SECONDS = 10.0
PARTS_SECONDS = 10.0


class Holding:
    """Takes the part of the holder whenever no other process has it. ``settled`` is set once some process has it."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        rounds: Rounds,
        watch: PlanWatch,
        display: Display,
        clearing: Clearing,
        new_day: NewDay,
        answering: Answering,
        measures: MeasureWatch,
        digests: Digests,
        months: MonthWatch,
        parts: PartWatch,
    ) -> None:
        """Nothing is held yet."""
        self._pool = pool
        self._rounds = rounds
        self._watch = watch
        self._display = display
        self._clearing = clearing
        self._new_day = new_day
        self._answering = answering
        self._measures = measures
        self._digests = digests
        self._months = months
        self._parts = parts
        self.settled = asyncio.Event()

    @property
    def task(self) -> Task:
        """Holds, or stands by, until cancelled."""
        return Task(PART, self._session, PART)

    async def _session(self) -> None:
        """Stand by, then hold, until something fails."""
        try:
            await lead(self._pool, LOCK, self._work, self._stand_by)
        finally:
            self._display.stand_by()
            self._months.stand_by()
            self._parts.stand_by()

    def _stand_by(self) -> None:
        self._watch.stand_by()
        self._display.stand_by()
        self.settled.set()

    async def _work(self) -> None:
        await self._rounds.mark_unjudged()
        await self._watch.look()
        self.settled.set()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._watch.run())
            tasks.create_task(_every(SHOW_SECONDS, self._display.refresh))
            tasks.create_task(_every(CLEAR_SECONDS, self._clearing.some))
            tasks.create_task(_every(DAY_SECONDS, self._new_day.look))
            tasks.create_task(_every(DAY_SECONDS, self._answering.look))
            tasks.create_task(_every(DAY_SECONDS, self._measures.look))
            tasks.create_task(_every(DIGEST_SECONDS, self._digests.look))
            tasks.create_task(_every(MONTH_SECONDS, self._months.look))
            tasks.create_task(_every(PARTS_SECONDS, self._parts.look))


async def _every(seconds: float, work: Callable[[], Awaitable[None]]) -> None:
    while True:
        await work()
        await asyncio.sleep(seconds)
