"""Whether chance may be behind values without an interval, by the control charts of their units."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from services.alerts.board.charted import begun, of_years
from services.alerts.board.control import chance_of_months
from services.alerts.board.promise import PromiseLine, is_everyone
from services.alerts.board.starts import Measured, starts
from services.alerts.board.writing import Writing
from services.alerts.domain.alert.telling import View
from services.alerts.domain.plan.plan import Unit, Version
from services.alerts.domain.plan.progress import Update
from services.alerts.metrics_service import MetricsAwayError, MetricsService
from shared.contracts.catalogue import BY_NAME


def charted_of(view: View, unit: Unit) -> Measured | None:
    """What the chart beside a promise is of; None of a part of a group, which has no chart."""
    return Measured(view.metric, unit, view.occupation) if is_everyone(view) else None


class ByMonths(NamedTuple):
    """What charts are made of, and the language to tell them in."""

    metrics: MetricsService
    plans: Mapping[str, Version]
    updates: Mapping[tuple[str, str], Sequence[Update]]
    today: date
    to: Writing

    async def each(self, promised: Iterable[tuple[PromiseLine, Measured | None]]) -> list[PromiseLine]:
        """The promises of these values, asked all at once; the lines of others are as they were."""
        return await asyncio.gather(*(self.judged(line, of) for line, of in promised))

    async def judged(self, line: PromiseLine, of: Measured | None) -> PromiseLine:
        """The promise of a value; as it was while metrics is away, and where something else tells of chance."""
        if of is None or line.chance != self.to.words.chance_months:
            return line
        return line._replace(chance=await self._chance(of) or line.chance)

    async def _chance(self, of: Measured) -> str:
        metric = BY_NAME[of.metric]
        try:
            series = await of_years(self.metrics, of.unit.id, of.occupation, metric, self.today)
        except MetricsAwayError:
            return ""
        plans = [one.plan for one in self.plans.values()]
        shown = begun(series, metric.name, starts(plans, self.updates, of, self.today, self.to)) if series else None
        return chance_of_months(shown, metric, self.to) if shown else ""
