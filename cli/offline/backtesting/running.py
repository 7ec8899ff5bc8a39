"""Plans over the days of a log: every alert of each, as if the plan had been adopted on the first day."""

from collections.abc import Mapping, Sequence

from cli.offline.backtesting.ground import Ground
from cli.offline.backtesting.monthly import Told, walked
from cli.offline.backtesting.values import table
from services.alerts.domain.alert.standing import Alert
from services.alerts.domain.backtest.asked import Asked, Days, Series, Tested, Watched, asked, key, replayed, watching
from services.alerts.domain.backtest.history import AlertHistory
from services.alerts.domain.plan.plan import Plan
from services.metrics.domain.facts.measures import NORM
from services.metrics.domain.sums.groups import Group
from shared.contracts.catalogue import BY_NAME


def backtested(plans: Sequence[Plan], ground: Ground, norm: float = NORM) -> list[Tested]:
    """Each plan by itself; ``norm`` is how many case points are a normal load at full time."""
    over = Days(ground.first, ground.last, ground.moved)
    every = [asked(plan, over) for plan in plans]
    found: list[dict[Alert, AlertHistory]] = [{} for _ in plans]
    watched: list[dict[Alert, Watched]] = [{} for _ in plans]
    wanted = _groups(every)
    monthly = _told(ground, wanted)
    for name, groups in wanted.items():
        series = _series(ground, name, groups, monthly, norm)
        for number, alerts in enumerate(every):
            for alert, told in alerts.items():
                if (one := key(told)) and one.metric == name:
                    values = series.get(Group(one.unit, one.occupation))
                    found[number][alert] = replayed(alert, told, values, over)
                    watched[number].update({alert: seen} if (seen := watching(told, values, over)) else {})
    return [
        Tested(plan, [some[one] for one in sorted(some)], over.units, seen)
        for plan, some, seen in zip(plans, found, watched, strict=True)
    ]


def _groups(every: Sequence[Mapping[Alert, Sequence[Asked]]]) -> Mapping[str, list[Group]]:
    """By metric the groups that anything is asked of."""
    found: dict[str, dict[Group, None]] = {}
    for alerts in every:
        for told in alerts.values():
            if one := key(told):
                found.setdefault(one.metric, {})[Group(one.unit, one.occupation)] = None
    return {name: list(groups) for name, groups in found.items()}


def _told(ground: Ground, wanted: Mapping[str, Sequence[Group]]) -> Told:
    """What is told by month of all groups of which it is asked: gone through once, whatever is asked of them."""
    monthly = {name: kind for name in wanted if (kind := BY_NAME[name].by_month)}
    groups = dict.fromkeys(group for name in monthly for group in wanted[name] if group in ground.groups)
    return walked(ground, tuple(groups), set(monthly.values()))


def _series(ground: Ground, name: str, groups: Sequence[Group], monthly: Told, norm: float) -> Mapping[Group, Series]:
    """The values of one metric, of the groups that were ever told of."""
    known = [group for group in groups if group in ground.groups]
    every = table(ground, BY_NAME[name], known, monthly, norm)
    return {group: Series(every, row, ground.since[ground.groups[group]]) for row, group in enumerate(known)}
