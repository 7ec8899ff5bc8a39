"""How many of the alerts of a backtest chance alone explains: those that would come were nothing to change."""

from collections.abc import Iterable

from services.alerts.domain.backtest.asked import Watched
from services.alerts.domain.chance.false_alarms import false_alarms

SEED, YEAR = 1, 365


def by_chance(watched: Iterable[Watched]) -> float | None:
    """The alerts to be expected of these groups over the days on which they were judged, by simulation.

    Groups that are usually past the limit, and those too little is known of, add none; None if all are such.
    """
    told = [(false_alarms(one.target, one.history, SEED).a_year, one.days) for one in watched]
    known = [a_year * days / YEAR for a_year, days in told if a_year is not None]
    return sum(known) if known else None
