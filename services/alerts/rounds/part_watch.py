"""Asks the metrics service for the parts of groups that targets judge: every day anew, and when their values move."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import date

import structlog

from services.alerts.domain.alert.observation import SeriesKey
from services.alerts.domain.alert.parts import (
    Asking,
    LastAsked,
    Request,
    Told,
    due,
    read,
    requests,
)
from services.alerts.domain.alert.standing import Alert
from services.alerts.metrics_service import ITSELF, MetricsAwayError, MetricsService
from services.alerts.repository import due as marks
from services.alerts.repository import parts
from services.alerts.rounds.part_list import PartList
from services.alerts.rounds.rounds import Rounds
from shared.kit.clock import Clock

log = structlog.get_logger()

PORTION = 40
"""Requests of one look, one after another."""
PAUSE = 6
"""Looks from one that asked again for what had moved to the next: a minute."""
PATIENCE = 360
"""Looks until a question is asked again that metrics refused: an hour."""


class PartWatch:
    """Looks whether anything is to be asked for, asks outside any transaction, and marks the alerts it changes."""

    def __init__(self, rounds: Rounds, clock: Clock, metrics: MetricsService) -> None:
        """Nothing is asked yet."""
        self._rounds, self._clock, self._metrics = rounds, clock, metrics
        self._looks = self._paused = 0
        self._later: dict[Asking, int] = {}
        self._list = PartList()

    async def look(self) -> None:
        """Ask what is due next, if anything; raises what the database says."""
        self._looks += 1
        today = self._clock.today()
        async with self._rounds.round() as now:
            await self._list.catch_up(now, today)
            asked = await parts.asked(now.connection)
            await parts.forget_asked(now.connection, asked.keys() - self._list.questions)
            some = list(self._next(due(asked, self._list.questions, today), asked, today, len(now.places.units)))
            await parts.expect(now.connection, [one for request in some for one in request.askings])
        if some:
            want = self._list.want
            await self._keep(want, [one async for one in self._ask(want, some)], asked, today)

    def stand_by(self) -> None:
        """Another process looks: what it asks for is not known here."""
        self._list = PartList()

    def _next(
        self, every: Sequence[Asking], asked: Mapping[Asking, LastAsked], today: date, units: int
    ) -> Sequence[Request]:
        """The requests of this look: what was not asked today; once in a while also what has moved since."""
        ripe = [one for one in every if self._later.get(one, 0) <= self._looks]
        new = [one for one in ripe if (last := asked.get(one)) is None or last.on != today]
        if not new and ripe and self._looks < self._paused:
            return ()
        if len(new) < len(ripe):
            self._paused = self._looks + PAUSE
        return requests(ripe, units)[:PORTION]

    async def _ask(
        self, want: Mapping[SeriesKey, Sequence[Alert]], some: Sequence[Request]
    ) -> AsyncIterator[tuple[Request, Told]]:
        """What metrics tells, until it is away, or takes in more than it tells of."""
        metrics = self._metrics.patiently().of(ITSELF)
        for request in some:
            try:
                values = await metrics.groups(*request.question)
            except MetricsAwayError:
                return
            if values is None:
                log.warning("metrics does not tell the parts of a target", **request._asdict())
                self._later |= dict.fromkeys(request.askings, self._looks + PATIENCE)
            elif values.provisional:
                return
            else:
                yield request, read(want, request, values)

    async def _keep(
        self,
        want: Mapping[SeriesKey, Sequence[Alert]],
        told: Sequence[tuple[Request, Told]],
        asked: Mapping[Asking, LastAsked],
        today: date,
    ) -> None:
        if not told:
            return
        never = LastAsked()
        answered = {one: asked.get(one, never) for request, _ in told for one in request.askings}
        async with self._rounds.round() as now:
            changed = await parts.save(now.connection, _merged(found for _, found in told), answered, today)
            touched = {alert for key in changed for alert in want[key]}
            await marks.mark(now.connection, touched, self._clock.now())
        if touched:
            self._rounds.due.set()


def _merged(some: Iterable[Told]) -> Told:
    return {key: value for told in some for key, value in told.items()}
