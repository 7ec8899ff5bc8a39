"""What a backtest says, to be written as JSON, as a table or as a picture."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

import msgspec

from services.alerts.domain.alert.episode import Kind
from services.alerts.domain.backtest.asked import Tested
from services.alerts.domain.backtest.chance import by_chance
from services.alerts.domain.backtest.history import OPENING, AlertHistory, Notice
from services.alerts.domain.plan.plan import EVERYONE
from shared.contracts.alerts import Reason

FLAP_DAYS = 90
"""An alert that is raised within so many days after the last of its target and unit was over is a flap."""


class RaisedAlert(msgspec.Struct, frozen=True):
    """An alert that somebody would have been told of, or (``expected``) a warning of one ahead.

    What was over when it became known is written down by the service, but nobody is told: it is none of these.

    ``raised`` and ``closed`` are the days on which that would have been decided; ``since`` is the first day of the
    breach, and ``days`` how long it would have been open, to the last day of the backtest if it is not over.
    """

    target: str
    unit: str
    unit_name: str
    kind: Kind
    since: date
    raised: date
    closed: date | None
    days: int
    outcome: Reason | None
    flap: bool


class TargetSum(msgspec.Struct, frozen=True):
    """What came of one target: alerts, of these open on the last day and flaps; days open over all units; warnings.

    ``chance`` is how many alerts would be expected had nothing changed in any unit; None where it cannot be told.
    """

    target: str
    alerts: int
    open: int
    flaps: int
    days: int
    warnings: int
    chance: float | None


class RecipientWeek(msgspec.Struct, frozen=True):
    """What a recipient would have been told in a week (ISO 8601): ``notices``, in so many ``mails``."""

    recipient: str
    week: str
    mails: int
    notices: int


class TestedPlan(msgspec.Struct, frozen=True):
    """One plan, by the name it was given; ``units`` is how many it judges.

    ``unjudged`` are units, by reference, of which no value came that could be judged: too few, or nobody told of them.
    ``left_out`` are targets that are not replayed by day: a rule judges them by whole months, or they are of a part.
    """

    name: str
    plan: str
    units: int
    targets: list[TargetSum]
    alerts: list[RaisedAlert]
    weeks: list[RecipientWeek]
    left_out: list[str] = []
    unjudged: list[str] = []


class Backtest(msgspec.Struct, frozen=True):
    """The plans, each by itself, from a day to a day.

    ``loaded`` is the metrics service's first day, where it was asked: what it took in by then counts as known on the
    day that it is about. So does what it took in of an occupation by ``described``, the last day on which somebody of
    one that a target is about was erased. ``present`` are the metrics whose values are those that are told now, not
    those known then.
    """

    first: date
    last: date
    plans: list[TestedPlan]
    loaded: date | None = None
    described: date | None = None
    present: list[str] = []


def backtest(first: date, last: date, tested: Mapping[str, Tested]) -> Backtest:
    """By the names of the plans, what became of their alerts."""
    return Backtest(first, last, [_plan(name, one, last) for name, one in tested.items()])


def _plan(name: str, one: Tested, last: date) -> TestedPlan:
    raised = [told for alert in one.alerts for told in _raised(alert, one, last)]
    units = {alert.alert.unit for alert in one.alerts}
    out = [target.id for target in one.plan.targets.values() if target.rule or target.part != EVERYONE]
    targets = [_sum(target, raised, one) for target in one.plan.targets if target not in out]
    weeks = list(_weeks(notice for alert in one.alerts for notice in alert.notices))
    unjudged = sorted(units - {alert.alert.unit for alert in one.alerts if alert.had_number})
    return TestedPlan(name, one.plan.id, len(units), targets, sorted(raised, key=_order), weeks, out, unjudged)


def _order(told: RaisedAlert) -> tuple[date, str, str]:
    return told.raised, told.target, told.unit


def _raised(of: AlertHistory, one: Tested, last: date) -> Iterator[RaisedAlert]:
    name = one.units[of.alert.unit].name if of.alert.unit in one.units else of.alert.unit
    over: dict[Kind, date] = {}
    heard = (told for told in of.raised.values() if told.closed != told.raised)
    for told in sorted(heard, key=lambda told: (told.raised, told.episode.id)):
        spell = told.episode.spell
        before, days = over.get(spell.kind), ((told.closed or last) - told.raised).days
        flap = spell.kind == "breach" and before is not None and (told.raised - before).days <= FLAP_DAYS
        if told.closed:
            over[spell.kind] = told.closed
        yield RaisedAlert(
            of.alert.target,
            of.alert.unit,
            name,
            spell.kind,
            spell.since,
            told.raised,
            told.closed,
            days,
            spell.outcome,
            flap,
        )


def _sum(target: str, raised: Sequence[RaisedAlert], one: Tested) -> TargetSum:
    told = [each for each in raised if each.target == target]
    watched = [seen for alert, seen in one.watched.items() if alert.target == target]
    breaches = [one for one in told if one.kind == "breach"]
    return TargetSum(
        target,
        len(breaches),
        sum(each.closed is None for each in breaches),
        sum(each.flap for each in breaches),
        sum(each.days for each in breaches),
        len(told) - len(breaches),
        by_chance(watched),
    )


def _weeks(notices: Iterable[Notice]) -> Iterator[RecipientWeek]:
    """Notices of one evening leave as one mail, an opening summary apart."""
    by: dict[tuple[str, str], list[Notice]] = {}
    for one in notices:
        by.setdefault((one.recipient, _week(one.day)), []).append(one)
    for (recipient, week), some in sorted(by.items()):
        mails = {(one.day, one.reason == OPENING) for one in some}
        yield RecipientWeek(recipient, week, len(mails), len(some))


def _week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"
