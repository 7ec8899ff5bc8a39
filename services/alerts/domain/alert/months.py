"""The months that rules judge: which are wanted of which series, and what is judged of them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from services.alerts.domain.alert.observation import Observation, SeriesKey, number
from services.alerts.domain.alert.promises import every
from services.alerts.domain.alert.standing import Alert
from services.alerts.domain.plan.places import Places
from services.alerts.domain.plan.plan import Rule, Version
from services.alerts.domain.trend.finding import Ruled, findings, start
from shared.contracts.metrics import MetricValue

BEFORE = 36
"""Months before a rule's start that limits are drawn from, as on the board's charts."""
AGAIN = 6
"""Months that ended last, which are asked for once a day; once a month has ended, all are."""


class Month(NamedTuple):
    """A month by its last day, and the value of that month alone."""

    last: date
    measured: MetricValue


class Wanted(NamedTuple):
    """Months to ask for: those from the one that begins on ``first``, for these alerts."""

    first: date
    alerts: tuple[Alert, ...]


class Asked(NamedTuple):
    """What was asked for last: months from ``first`` to ``last``, on the day ``on``."""

    first: date
    last: date
    on: date


def wanted(
    versions: Mapping[str, Version], places: Places, units: Iterable[str] | None = None
) -> dict[SeriesKey, Wanted]:
    """The series that rules of running plans judge, and from which month on; of these units, or of all."""
    ruled = {
        name: version
        for name, version in versions.items()
        if any(target.rule for target in version.plan.targets.values())
    }
    found: dict[SeriesKey, Wanted] = {}
    for alert, promise in every(ruled, places, units).items() if ruled else ():
        if promise.target.rule:
            first = months_before(promise.target.rule.since, BEFORE)
            held = found.get(promise.series, Wanted(first, ()))
            found[promise.series] = Wanted(min(first, held.first), (*held.alerts, alert))
    return found


def ask_from(want: Wanted, asked: Asked | None, today: date) -> date | None:
    """The first day of the months to ask for on a day; None where it was done that day."""
    last = last_whole(today)
    if asked is None or asked.first > want.first or asked.last < last:
        return want.first
    if asked.on >= today:
        return None
    return max(want.first, months_before(last, AGAIN - 1))


def observations(rule: Rule, kept: Iterable[Month], known_from: date | None) -> list[Observation]:
    """A day's worth of judging for each month since the rule's start, from months without holes.

    A month that reaches back before what the plan says is known has no number. One of which a source that is late has
    still to tell is waited for: it is no month yet.
    """
    first = months_before(rule.since, BEFORE)
    told = (month for month in kept if month.last >= first and not month.measured.fresh_until)
    months = sorted(told, key=lambda month: month.last)
    if not months:
        return []
    values = [_number(month, known_from) for month in months]
    since = start([month.last for month in months], rule.since)
    found = findings(rule, [month.last for month in months], values)
    judged = zip(months[since:], values[since:], found, strict=True)
    return [_observation(month, value, ruled) for month, value, ruled in judged]


def _observation(month: Month, value: float | None, ruled: Ruled) -> Observation:
    """A number that does not count is not told either."""
    measured = month.measured
    if value is None and number(measured) is not None:
        measured = MetricValue(status="incomplete", definition=measured.definition)
    return Observation(month.last, 0, measured, ruled)


def _number(month: Month, known_from: date | None) -> float | None:
    early = known_from is not None and month.last.replace(day=1) < known_from
    return None if early else number(month.measured)


def last_whole(day: date) -> date:
    """The last day of the last month that is over before a day."""
    return day.replace(day=1) - timedelta(1)


def months_before(day: date, count: int) -> date:
    """The first day of the month so many months before that of a day."""
    place = day.year * 12 + day.month - 1 - count
    return date(place // 12, place % 12 + 1, 1)


def whole(months: Sequence[Month], first: date, last: date) -> bool:
    """Whether an answer has every month that was asked for."""
    return bool(months) and months[0].last.replace(day=1) == first and months[-1].last == last
