"""The months that are to be asked for today: listed once for a day and its plans, then kept up with what changes."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

from services.alerts.domain.alert.months import ask_from, wanted
from services.alerts.domain.alert.observation import SeriesKey
from services.alerts.domain.alert.standing import Alert
from services.alerts.repository import months
from services.alerts.rounds.moved_units import MovedUnits
from services.alerts.rounds.rounds import Round


class MonthsDue(NamedTuple):
    """Months to ask for, from the one that begins on ``first``, and the alerts that they may change."""

    first: date
    alerts: tuple[Alert, ...]


class MonthList:
    """What is due. A look at which nothing changed costs one statement, however many series rules judge."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self.due: dict[SeriesKey, MonthsDue] = {}
        self._units = MovedUnits()

    async def catch_up(self, now: Round, today: date) -> None:
        """List what is due by now, and forget what no rule judges any more; raises what the database says."""
        if units := await self._units.learn(now, today):
            await self._list(now, units, today)

    def asked(self, some: Iterable[SeriesKey]) -> None:
        """These were asked for today."""
        for key in some:
            self.due.pop(key, None)

    async def _list(self, now: Round, units: Collection[str], today: date) -> None:
        want = wanted(now.versions, self._units.places, units)
        asked = await months.asked(now.connection, units)
        await months.forget(now.connection, asked.keys() - want.keys())
        self.asked([key for key in self.due if key.unit in units])
        for key, one in want.items():
            if first := ask_from(one, asked.get(key), today):
                self.due[key] = MonthsDue(first, one.alerts)
