"""Once a day each measure whose months are over is evaluated, and what is said for the first time is kept."""

from datetime import date

import asyncpg

from services.alerts import evaluations
from services.alerts.domain.evaluation.asking import EvaluationError
from services.alerts.domain.evaluation.given import differs
from services.alerts.domain.neglect.finding import evaluable
from services.alerts.domain.plan.plan import Version
from services.alerts.metrics_service import ITSELF, MetricsAwayError, MetricsService
from services.alerts.repository import answers
from services.alerts.rounds.rounds import Rounds
from shared.access.rights import EVERYWHERE, Sight
from shared.contracts.evaluations import Evaluation
from shared.kit.clock import Clock


class Answering:
    """Asks metrics, outside any round; while it is away, once more at the next look."""

    def __init__(self, pool: asyncpg.Pool, rounds: Rounds, clock: Clock, metrics: MetricsService) -> None:
        """Nothing is asked yet."""
        self._pool, self._rounds, self._clock, self._metrics = pool, rounds, clock, metrics
        self._day: date | None = None

    async def look(self) -> None:
        """Evaluate all if the day is another; raises what the database says."""
        today = self._clock.today()
        if self._day == today:
            return
        try:
            for version in (await self._rounds.running()).values():
                for one in version.plan.measures.values():
                    if evaluable(one, today):
                        await self._keep(version, await self._answers(version, one.id), today)
        except MetricsAwayError:
            return
        self._day = today

    async def _answers(self, version: Version, measure: str) -> list[Evaluation]:
        """None of units that are not known."""
        async with self._pool.acquire() as connection:
            try:
                prepared = await evaluations.prepared(connection, version, measure, Sight(EVERYWHERE))
            except EvaluationError:
                return []
        return await evaluations.answers(prepared, self._metrics.patiently().of(ITSELF))

    async def _keep(self, version: Version, found: list[Evaluation], today: date) -> None:
        async with self._pool.acquire() as connection:
            given = await answers.load(connection, version.plan.id)
            for one in found:
                before = given.get((one.measure, one.metric))
                if not before or differs(one, before[-1].answer):
                    await answers.save(connection, one, version.hash, today, self._clock.now())
