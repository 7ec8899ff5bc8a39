"""Asks the metrics service for the months that rules judge: all once a month has ended, the latest once a day."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import islice

import structlog

from services.alerts.domain.alert.months import Month, last_whole, whole
from services.alerts.domain.alert.observation import SeriesKey
from services.alerts.domain.alert.parts import hidden, named
from services.alerts.domain.plan.plan import EVERYONE, Part
from services.alerts.metrics_service import ITSELF, MetricsAwayError, MetricsService
from services.alerts.repository import due, months
from services.alerts.rounds.month_list import MonthList
from services.alerts.rounds.rounds import Rounds
from shared.contracts.history import GroupSeries, Series
from shared.kit.clock import Clock

log = structlog.get_logger()

PORTION = 100
"""Series of one look, asked for one after another."""
PATIENCE = 360
"""Looks until a series is asked for again that metrics knew nothing of: an hour."""
REST = 6
"""Looks until one is that it did not answer: a minute, in which others have their turn."""


class MonthWatch:
    """Looks whether anything is to be asked for, asks outside any transaction, and marks the alerts it changes."""

    def __init__(self, rounds: Rounds, clock: Clock, metrics: MetricsService) -> None:
        """Nothing is asked yet."""
        self._rounds, self._clock, self._metrics = rounds, clock, metrics
        self._looks = 0
        self._list = MonthList()
        self._later: dict[SeriesKey, int] = {}

    async def look(self) -> None:
        """Ask for the next series that are due, if any; raises what the database says."""
        self._looks += 1
        today = self._clock.today()
        async with self._rounds.round() as now:
            await self._list.catch_up(now, today)
        ripe = (key for key in self._list.due if self._later.get(key, 0) <= self._looks)
        from_day = {key: self._list.due[key].first for key in islice(ripe, PORTION)}
        if from_day:
            await self._keep(await self._ask(from_day, today), from_day, today)

    def stand_by(self) -> None:
        """Another process looks: what it asks for is not known here."""
        self._list = MonthList()

    async def _ask(self, first: Mapping[SeriesKey, date], today: date) -> dict[SeriesKey, Sequence[Month]]:
        """What metrics tells of each series, until it is away, or takes in more than it tells of."""
        last, found = last_whole(today), dict[SeriesKey, Sequence[Month]]()
        answers: dict[tuple[object, ...], Series | None] = {}
        metrics = self._metrics.patiently().of(ITSELF)
        for key, begins in first.items():
            question = (*key[:3], begins, last, key.part.by)  # the same for all parts by a dimension
            try:
                if question not in answers:
                    answers[question] = await _asked(metrics, key, begins, last)
            except MetricsAwayError:
                self._later[key] = self._looks + REST
                break
            series = answers[question]
            if series and (series.provisional or series.today <= last):
                break
            told = _months(series, key) if series else []
            if whole(told, begins, last):
                found[key] = told
            elif series and key.part != EVERYONE and not told:
                self._later[key] = self._looks + PATIENCE  # nobody was ever in it
            else:
                log.warning("metrics does not tell the months of a target", **key._asdict(), first=f"{begins}")
                self._later[key] = self._looks + PATIENCE
        return found

    async def _keep(
        self, told: Mapping[SeriesKey, Sequence[Month]], first: Mapping[SeriesKey, date], today: date
    ) -> None:
        async with self._rounds.round() as now:
            changed = await months.save(now.connection, told, first, today)
            touched = {alert for key in changed for alert in self._list.due[key].alerts}
            await due.mark(now.connection, touched, self._clock.now())
        self._list.asked(told)
        if touched:
            self._rounds.due.set()


async def _asked(metrics: MetricsService, key: SeriesKey, first: date, last: date) -> Series | None:
    if key.part == EVERYONE:
        return await metrics.each_month(key.unit, key.occupation, key.metric, first, last)
    return await metrics.each_month_by(key.unit, key.occupation, named([key.metric]), first, last, key.part.by)


def _months(series: Series, key: SeriesKey) -> list[Month]:
    groups = {Part(one.gender, one.age): one for one in series.groups}
    if (of := groups.get(key.part)) is None:
        return []
    values = zip(series.points, of.metrics.get(key.metric, []), strict=False)
    if key.part == EVERYONE:
        return [Month(point.as_of, value) for point, value in values]
    private = [_private(groups.get(EVERYONE), at) or _private(of, at) for at in range(len(series.points))]
    return [
        Month(point.as_of, hidden(key.metric) if private[at] else value) for at, (point, value) in enumerate(values)
    ]


def _private(group: GroupSeries | None, at: int) -> bool:
    return group is None or group.private is None or group.private[at]
