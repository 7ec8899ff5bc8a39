"""Watches the measures of the running plans: their owners are told of what is neglected, once, and now and again."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import asyncpg

from services.alerts.domain.evaluation.given import Given
from services.alerts.domain.handling.link import plan_page
from services.alerts.domain.neglect.finding import (
    Neglected,
    answered,
    evaluable,
    neglected,
    otherwise,
    overdue_days,
    readers,
    to_tell,
)
from services.alerts.domain.neglect.notice import letter
from services.alerts.domain.plan.plan import Plan
from services.alerts.domain.plan.progress import Progress, standings
from services.alerts.repository import answers, measures, neglects
from services.alerts.rounds.rounds import Round, Rounds
from services.alerts.telemetry import Telemetry
from shared.kit.clock import Clock

ByMeasure = Mapping[str, Sequence[Sequence[Given]]]
"""Answers that were given to whether a measure helped, by each metric, the oldest first."""


class MeasureWatch:
    """Looks at all measures of all plans; ``page`` is where all alerts are found."""

    def __init__(self, rounds: Rounds, clock: Clock, telemetry: Telemetry, page: str) -> None:
        """Nothing is looked at yet."""
        self._rounds, self._clock, self._telemetry, self._page = rounds, clock, telemetry, page

    async def look(self) -> None:
        """Tell what is to be told today; raises what the database says."""
        today, decided = self._clock.today(), self._clock.now()
        async with self._rounds.round() as now:
            plans = {name: one.plan for name, one in now.versions.items()}
            named = {(name, measure) for name, plan in plans.items() for measure in plan.measures}
            progress = standings(await measures.load(now.connection, named), today)
            told = await neglects.told(now.connection, plans)
            for name, plan in plans.items():
                given = await _given(now.connection, plan, today)
                late = answered(neglected(plan, progress, today), given, today)
                found = to_tell(late, told[name], plan.remind, today)
                found += to_tell(otherwise(given), told[name], None, today)
                if found:
                    await self._tell(now, plan, found, (today, decided), given)
        self._show(plans, progress, today)

    async def _tell(
        self, now: Round, plan: Plan, found: Sequence[Neglected], when: tuple[date, datetime], given: ByMeasure
    ) -> None:
        """One mail to each who is to be told of any."""
        units = {unit.id: unit.name for unit in now.places.units.values()}
        to = {one: readers(plan, one) for one in found}
        for one, names in to.items():
            await neglects.save(now.connection, plan.id, one, when[0], names)
        for who in sorted({name for names in to.values() for name in names}):
            mine = [one for one, names in to.items() if who in names]
            said = letter(plan, who, mine, units, when, plan_page(self._page, plan.id), given)
            await neglects.mail(now.connection, said, plan.recipients[who])

    def _show(self, plans: Mapping[str, Plan], progress: Mapping[tuple[str, str], Progress], today: date) -> None:
        self._telemetry.overdue.clear()
        for name, plan in plans.items():
            for measure, days in overdue_days(plan, progress, today).items():
                self._telemetry.overdue.labels(name, measure).set(days)


async def _given(connection: asyncpg.Connection, plan: Plan, today: date) -> ByMeasure:
    if not any(evaluable(one, today) for one in plan.measures.values()):
        return {}
    found: dict[str, list[Sequence[Given]]] = {}
    for (measure, metric), given in (await answers.load(connection, plan.id)).items():
        asked = plan.measures[measure].evaluate if measure in plan.measures else None
        if asked and metric in asked.metrics:
            found.setdefault(measure, []).append(given)
    return found
