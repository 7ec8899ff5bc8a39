"""Plans over the days of a log: every alert of each, as if the plan had been adopted on the first day."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

from cli.offline.backtesting.ground import Ground
from cli.offline.backtesting.monthly import Told, walked
from cli.offline.backtesting.side_by_side import nothing_thrown_away, side_by_side, ways
from cli.offline.backtesting.values import table
from services.alerts.domain.alert.standing import Alert
from services.alerts.domain.backtest.asked import Asked, Days, Series, Tested, Watched, asked, key, replayed, watching
from services.alerts.domain.backtest.history import AlertHistory
from services.alerts.domain.plan.plan import Plan
from services.metrics.domain.facts.measures import NORM
from services.metrics.domain.sums.groups import Group
from shared.contracts.catalogue import BY_NAME
from shared.contracts.catalogue.disclosure import ByMonth

WORTH = 100_000
"""Alerts × days of which it is worth another process to judge a part."""
AskedOf = Mapping[Alert, Sequence[Asked]]
"""What a plan asks of each of its alerts."""
Wanted = Mapping[str, Sequence[Group]]
"""By metric the groups that anything is asked of."""


class Judged(NamedTuple):
    """What became of an alert, and what chance is told from; None where nothing was told of its group."""

    history: AlertHistory
    watched: Watched | None


def backtested(plans: Sequence[Plan], ground: Ground, norm: float = NORM) -> list[Tested]:
    """Each plan by itself; ``norm`` is how many case points are a normal load at full time. Raises PartLostError."""
    over = Days(ground.first, ground.last, ground.moved)
    every = [asked(plan, over) for plan in plans]
    work = sum(map(len, every)) * (ground.last - ground.first + 1)
    parts = [partial(_judged, ground, every, some, norm) for some in _parted(_groups(every), ways(work, WORTH))]
    with nothing_thrown_away():
        judged = zip(*side_by_side(parts), strict=True)
    found = [{alert: one for some in of_plan for alert, one in some.items()} for of_plan in judged]
    return [_tested(plan, some, over) for plan, some in zip(plans, found, strict=True)]


def _tested(plan: Plan, found: Mapping[Alert, Judged], over: Days) -> Tested:
    watched = {alert: one.watched for alert, one in found.items() if one.watched}
    return Tested(plan, [found[alert].history for alert in sorted(found)], over.units, watched)


def _parted(wanted: Wanted, ways: int) -> list[Wanted]:
    """In parts, if several processes are to judge: of each kind all that is told by month, of the rest each by itself.

    What is told by month as of health is the most work, and comes first.
    """
    if ways < 2:
        return [wanted]
    monthly = {kind: {name: wanted[name] for name in wanted if BY_NAME[name].by_month is kind} for kind in ByMonth}
    rest = [{name: groups} for name, groups in wanted.items() if BY_NAME[name].by_month is None]
    return [part for part in (monthly.pop(ByMonth.HEALTH), *rest, *monthly.values()) if part]


def _judged(
    ground: Ground, every: Sequence[Mapping[Alert, Sequence[Asked]]], wanted: Wanted, norm: float
) -> list[dict[Alert, Judged]]:
    """By plan the alerts of some metrics."""
    over = Days(ground.first, ground.last, ground.moved)
    found: list[dict[Alert, Judged]] = [{} for _ in every]
    monthly = _told(ground, wanted)
    for name, groups in wanted.items():
        series = _series(ground, name, groups, monthly, norm)
        for number, alerts in enumerate(every):
            for alert, told in alerts.items():
                if (one := key(told)) and one.metric == name:
                    values = series.get(Group(one.unit, one.occupation))
                    found[number][alert] = Judged(replayed(alert, told, values, over), watching(told, values, over))
    return found


def _groups(every: Sequence[AskedOf]) -> Mapping[str, list[Group]]:
    """By metric the groups that anything is asked of."""
    found: dict[str, dict[Group, None]] = {}
    for alerts in every:
        for told in alerts.values():
            if one := key(told):
                found.setdefault(one.metric, {})[Group(one.unit, one.occupation)] = None
    return {name: list(groups) for name, groups in found.items()}


def _told(ground: Ground, wanted: Wanted) -> Told:
    """What is told by month of all groups of which it is asked: gone through once, whatever is asked of them."""
    monthly = {name: kind for name in wanted if (kind := BY_NAME[name].by_month)}
    groups = dict.fromkeys(group for name in monthly for group in wanted[name] if group in ground.groups)
    return walked(ground, tuple(groups), set(monthly.values()))


def _series(ground: Ground, name: str, groups: Sequence[Group], monthly: Told, norm: float) -> Mapping[Group, Series]:
    """The values of one metric, of the groups that were ever told of."""
    known = [group for group in groups if group in ground.groups]
    every = table(ground, BY_NAME[name], known, monthly, norm)
    return {group: Series(every, row, ground.since[ground.groups[group]]) for row, group in enumerate(known)}
