"""Which units a list of what plans judge is to be made anew for: all on a new day or for new plans, else what moved."""

from collections.abc import Collection
from datetime import date

from services.alerts.domain.plan.places import Places
from services.alerts.repository import groups
from services.alerts.rounds.rounds import Round


class MovedUnits:
    """The units as they lie. A look at which nothing changed costs one statement, however many there are."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self.places = Places()
        self._made_of: tuple[date, list[tuple[str, int]]] | None = None
        self._round = -1

    async def learn(self, now: Round, today: date) -> Collection[str]:
        """Take in what has changed since; the units to list anew. Raises what the database says."""
        told = await groups.units(now.connection, self._round)
        moved = {name for unit in told for name in self.places.learn(unit)}
        made_of = today, [(name, one.version) for name, one in now.versions.items()]
        units = moved if made_of == self._made_of else self.places.units.keys()
        self._made_of, self._round = made_of, now.number
        return units
