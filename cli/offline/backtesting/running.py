"""Plans over the days of a log: every alert of each, as if the plan had been adopted on the first day."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

from cli.offline.backtesting.ground import Ground
from cli.offline.backtesting.history import AlertHistory
from cli.offline.backtesting.monthly import walked
from cli.offline.backtesting.replaying import Codes, Replay, Seen
from cli.offline.backtesting.values import Table, Told, table
from services.alerts.domain.alert.observation import SeriesKey
from services.alerts.domain.alert.promises import Promise, every
from services.alerts.domain.alert.standing import Alert
from services.alerts.domain.plan.places import Places
from services.alerts.domain.plan.plan import Plan, Unit, Version
from services.metrics.domain.facts.measures import NORM
from services.metrics.domain.sums.groups import Group
from shared.contracts.catalogue import BY_NAME


class Asked(NamedTuple):
    """What a plan asks of an alert from a day on, by number; None: nothing."""

    day: int
    promise: Promise | None


class Tested(NamedTuple):
    """A plan, and what became of each of its alerts; ``units`` are those told of by the last day."""

    plan: Plan
    alerts: Sequence[AlertHistory]
    units: Mapping[str, Unit]


def backtested(plans: Sequence[Plan], ground: Ground, norm: float = NORM) -> list[Tested]:
    """Each plan by itself; ``norm`` is how many case points are a normal load at full time."""
    asked = [_asked(plan, ground) for plan in plans]
    found: list[dict[Alert, AlertHistory]] = [{} for _ in plans]
    for name, groups in _series(asked).items():
        values = _Values(ground, name, groups, norm)
        for number, alerts in enumerate(asked):
            for alert, told in alerts.items():
                if (key := _key(told)) and key.metric == name:
                    found[number][alert] = values.replayed(alert, told)
    units = {unit.id: unit for day in sorted(ground.moved) for unit in ground.moved[day]}
    return [Tested(plan, [some[one] for one in sorted(some)], units) for plan, some in zip(plans, found, strict=True)]


def _asked(plan: Plan, ground: Ground) -> Mapping[Alert, list[Asked]]:
    """By alert what the plan asks of it, whenever that changes."""
    begun = datetime.combine(date.fromordinal(ground.first), datetime.min.time(), UTC)
    versions = {plan.id: Version(plan, 1, plan.id, plan.id, begun, begun)}
    places, found = Places(), dict[Alert, list[Asked]]()
    for day in sorted(ground.moved):
        for unit in ground.moved[day]:
            places.learn(unit)
        now = {alert: one for alert, one in every(versions, places).items() if one.target.rule is None}
        for alert in found.keys() | now.keys():
            told = found.setdefault(alert, [])
            if (promise := now.get(alert)) != (told[-1].promise if told else None):
                told.append(Asked(day, promise))
    return {alert: told for alert, told in found.items() if told}


def _series(asked: Sequence[Mapping[Alert, Sequence[Asked]]]) -> Mapping[str, list[Group]]:
    """By metric the groups that anything is asked of."""
    found: dict[str, dict[Group, None]] = {}
    for alerts in asked:
        for told in alerts.values():
            if key := _key(told):
                found.setdefault(key.metric, {})[Group(key.unit, key.occupation)] = None
    return {name: list(groups) for name, groups in found.items()}


def _key(told: Sequence[Asked]) -> SeriesKey | None:
    """The series of an alert; what a target measures is the same for every unit."""
    return next((one.promise.series for one in told if one.promise), None)


class _Values:
    """The values of one metric, and what alerts make of them."""

    def __init__(self, ground: Ground, name: str, groups: Sequence[Group], norm: float) -> None:
        metric = BY_NAME[name]
        self._ground, self._norm = ground, norm
        self._groups = [group for group in groups if group in ground.groups]
        numbers = [ground.groups[group] for group in self._groups]
        told: Told | None = walked(ground, self._groups, [metric.by_month]) if metric.by_month else None
        self._table: Table = table(ground, metric, numbers, told, norm)

    def replayed(self, alert: Alert, told: Sequence[Asked]) -> AlertHistory:
        """One alert over all days."""
        key, first = _key(told), self._ground.first
        group = Group(key.unit, key.occupation) if key else Group("")
        if group not in self._groups:
            return AlertHistory(alert)
        row, since = self._groups.index(group), self._ground.since[self._ground.groups[group]]
        replay = Replay(alert, Seen(self._table, row, first, since))
        for promise, days in _spans(told, since, self._ground.last):
            if promise is None:
                replay.withdraw(days[0])
            elif days:
                replay.go(promise, Codes(self._table, row, first, promise), days)
        return replay.history


def _spans(told: Sequence[Asked], since: int, last: int) -> Iterator[tuple[Promise | None, range]]:
    """What is asked over which days, from the first on which there are any values."""
    ends = [one.day for one in told[1:]]
    for one, end in zip(told, [*ends, last + 1], strict=True):
        if days := range(max(one.day, since), end):
            yield one.promise, days
