"""The parts of groups that targets judge: listed once for a day and its plans, then kept up with what changes."""

from collections.abc import Collection
from datetime import date, timedelta

from services.alerts.domain.alert.observation import SeriesKey
from services.alerts.domain.alert.parts import Asking, questions, wanted
from services.alerts.domain.alert.standing import Alert
from services.alerts.repository import parts
from services.alerts.rounds.moved_units import MovedUnits
from services.alerts.rounds.rounds import Round

KEPT_DAYS = 45
"""As long as published values are kept."""


class PartList:
    """What is judged, and what is to be asked for it on the day. A look costs what has changed since the last."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self.questions: set[Asking] = set()
        self._by_unit: dict[str, dict[SeriesKey, list[Alert]]] = {}
        self._units = MovedUnits()
        self._day: date | None = None

    @property
    def want(self) -> dict[SeriesKey, list[Alert]]:
        """Every series of a part that is judged, and the alerts that are judged on it."""
        return {key: alerts for some in self._by_unit.values() for key, alerts in some.items()}

    async def catch_up(self, now: Round, today: date) -> None:
        """List what is judged by now, and forget what is old or judged no more; raises what the database says."""
        if units := await self._units.learn(now, today):
            await self._list(now, units, today)
        if today != self._day:
            await parts.forget_before(now.connection, today - timedelta(KEPT_DAYS))
            self._day = today

    async def _list(self, now: Round, units: Collection[str], today: date) -> None:
        """Where no unit is left that a question is about, it is asked until all is listed anew."""
        want = wanted(now.versions, self._units.places, units)
        await parts.forget(now.connection, await parts.kept(now.connection, units) - want.keys())
        self._by_unit |= {unit: {} for unit in units}
        for key, alerts in want.items():
            self._by_unit[key.unit][key] = alerts
        if len(units) == len(self._units.places.units):
            self.questions.clear()
        self.questions |= questions(want, today)
