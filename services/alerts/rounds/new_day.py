"""What a new day brings without any new value: alerts to escalate, people to remind, snoozes that are over."""

from datetime import date

from services.alerts.repository import handlings
from services.alerts.rounds.rounds import Rounds
from shared.kit.clock import Clock


class NewDay:
    """Once a day, and once in each new process, marks the alerts that go on as due: judging them does the rest."""

    def __init__(self, rounds: Rounds, clock: Clock) -> None:
        """No day has come yet."""
        self._rounds = rounds
        self._clock = clock
        self._day: date | None = None

    async def look(self) -> None:
        """Mark them if the day is another; raises what the database says."""
        today = self._clock.today()
        if self._day == today:
            return
        async with self._rounds.round() as now:
            await handlings.mark(now.connection, today, self._clock.now())
        self._rounds.due.set()
        self._day = today
