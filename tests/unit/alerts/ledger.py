"""What has been told of one alert, kept as the database keeps it: a fake of the repository for tests of decisions."""

from collections.abc import Iterable
from datetime import date

from services.alerts.domain.alert.decide import WITHDRAWN, decide
from services.alerts.domain.alert.episode import Memory, Spell, tell
from services.alerts.domain.alert.observation import Observation, days
from services.alerts.domain.alert.standing import Alert, AlertDecision, Cause, Episode, Moment, Standing, Transition
from services.alerts.domain.plan.plan import Target
from tests.unit.alerts.stories import target

ALERT = Alert("plan", "leavers", "farsta")


class Ledger:
    """Hears observations in batches, and keeps the newest of each day, every episode and every transition."""

    def __init__(self, of: Target | None = None, series: str = "leaver_rate|*") -> None:
        """Nothing heard, nothing told."""
        self.of = of or target()
        self.version = 1
        self.standing = Standing(Memory(series))
        self.held: dict[tuple[date, int], tuple[int, Observation]] = {}
        self.episodes: dict[str, Episode] = {}
        self.transitions: list[Transition] = []

    def hear(self, observations: Iterable[Observation], revision: int = 0, cause: Cause = "values") -> list[Transition]:
        """The steps after these observations; of two for the same day the greater revision holds."""
        return self.hear_all([(revision, one) for one in observations], cause)

    def hear_all(self, revised: Iterable[tuple[int, Observation]], cause: Cause = "values") -> list[Transition]:
        """Observations of different revisions at once."""
        for revision, one in revised:
            held = self.held.get((one.as_of, one.horizon))
            if held is None or revision > held[0]:
                self.held[one.as_of, one.horizon] = (revision, one)
        return self.judge(self.of, cause)

    def judge(self, of: Target, cause: Cause, series: str | None = None) -> list[Transition]:
        """The steps under a target."""
        self.of = of
        heard = days(one for _, one in self.held.values())
        memory = self.standing.memory
        story = tell(memory if series in {None, memory.series} else Memory(series or ""), of, heard)
        moment = Moment(heard[-1].on, self.version, cause)
        self._save(decide(ALERT, self.standing, list(self.episodes.values()), story, moment))
        return self.transitions[len(self.transitions) - self._new :]

    def _save(self, decision: AlertDecision) -> None:
        self.standing = decision.standing
        self.episodes |= {one.id: one for one in decision.episodes}
        self.transitions += decision.transitions
        self._new = len(decision.transitions)

    def live(self) -> list[Spell]:
        """The episodes that still stand, in order."""
        spells = [one.spell for one in self.episodes.values() if one.spell.outcome not in WITHDRAWN]
        return sorted(spells, key=lambda spell: (spell.began, spell.kind))

    @property
    def reasons(self) -> list[str]:
        """The reason of every transition so far."""
        return [one.reason for one in self.transitions]
