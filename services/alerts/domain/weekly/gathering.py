"""What a recipient is told in a weekly summary, gathered from what is on record about a plan. Pure."""

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

import msgspec

from services.alerts.domain.alert.standing import Alert
from services.alerts.domain.alert.telling import View, action_notice
from services.alerts.domain.handling.handled import Handled, handled
from services.alerts.domain.handling.handling import Handling
from services.alerts.domain.neglect.finding import overdue_days
from services.alerts.domain.plan.plan import Plan, Recipient, Target
from services.alerts.domain.plan.progress import Progress
from services.alerts.domain.weekly.slot import Step
from services.alerts.domain.weekly.weekly import Kind, Weekly, WeeklyAction, WeeklyAlert, WeeklySource
from shared.contracts.alerts import AlertChanged
from shared.contracts.sources import SourceReported

LISTED = 40
"""Alerts of one kind, and actions, that are told one by one; the others are counted."""
GOES_ON = frozenset({"firing", "recovering"})
BEGINS = frozenset({"hold_met", "reopened"})
WORST_FIRST = ("critical", "warning", "info")
Path = tuple[str, ...]
"""A unit and those above it, the nearest first."""


class Watched(NamedTuple):
    """A promise that is watched for a unit, and whether it has a number to be judged on."""

    target: str
    unit: str
    path: Path
    judged: bool


class Stands(NamedTuple):
    """How an alert stands; of one that no plan asks for any more (not ``watched``) as it was last seen."""

    view: View
    path: Path
    watched: bool = True


class Record(NamedTuple):
    """What is on record about a plan: what it watches, what goes on or lies ahead, the steps of the time that is told.

    ``steps`` are the beginnings and ends of breaches, the earliest first, each with when it was decided and how its
    alert stands now. ``progress`` is by plan and measure.
    """

    watched: Sequence[Watched]
    open: Sequence[Stands]
    steps: Sequence[tuple[datetime, AlertChanged, Stands]]
    handlings: Mapping[Alert, Sequence[Handling]]
    progress: Mapping[tuple[str, str], Progress]
    sources: Sequence[SourceReported]
    names: Mapping[str, str]
    """Of units that have measures of their own."""


class Telling(NamedTuple):
    """To whom and when: the plan's recipient, the step of their summaries, the day, and where links lead."""

    to: Recipient
    step: Step
    today: date
    link: Callable[[Alert, str], str]
    """The address of an alert and its episode, for that recipient."""
    page: str
    leave: str

    @property
    def since(self) -> datetime:
        """What was decided after this is told."""
        return self.step.since or self.step.kept.told


def weekly(plan: Plan, record: Record, telling: Telling) -> Weekly | None:
    """The summary; None before the day on which watching begins: nobody is written to before that."""
    if not any(_begun(target, telling.today) for target in _held(plan)):
        return None
    mine = _mine(plan, telling)
    watched = [one for one in record.watched if mine(one.target, one.path)]
    alerts = _in_order(_alerts(record, telling, mine))
    actions = sorted(_overdue(plan, record, telling.today), key=lambda one: one.due)
    counts = Counter(one.kind for one in alerts)
    return Weekly(
        id=name(plan.id, telling.to, telling.step.kept.slot),
        plan=plan.id,
        plan_title=plan.title,
        language=plan.language,
        time_zone=plan.time_zone,
        decided=telling.step.kept.told,
        today=telling.today,
        since=telling.since,
        link=telling.page,
        leave=telling.leave,
        watched=len(watched),
        units=len({one.unit for one in watched}),
        unjudged=sum(not one.judged for one in watched),
        counts=counts,
        unacknowledged=sum(one.kind in {"new", "going"} and not one.handling.acknowledged for one in alerts),
        alerts=tuple(_first_of_each(alerts)),
        overdue=len(actions),
        actions=tuple(actions[:LISTED]),
        sources=tuple(_late(record.sources)),
    )


def name(plan: str, to: Recipient, slot: datetime) -> str:
    """What the summary of an hour is called, whoever asks."""
    about = "|".join((plan, to.id, to.address, slot.astimezone(UTC).isoformat()))
    return f"digest_{hashlib.sha256(about.encode()).hexdigest()[:20]}"


def _mine(plan: Plan, telling: Telling) -> Callable[[str, Path], bool]:
    """Whether a target is the recipient's in a unit: it tells them, or turns to them; where none does, all are."""
    named = any(_names(target, telling.to.id) for target in _held(plan))

    def mine(target: str, path: Path) -> bool:
        if target not in plan.targets:
            return False
        held = plan.target(target, path)
        return _begun(held, telling.today) and (_names(held, telling.to.id) or not named)

    return mine


def _held(plan: Plan) -> Iterator[Target]:
    """Every target as it holds anywhere."""
    yield from plan.targets.values()
    for targets in plan.local.values():
        yield from targets.values()


def _begun(target: Target, today: date) -> bool:
    return target.watch_from is None or target.watch_from <= today


def _names(target: Target, who: str) -> bool:
    return who in target.notify or any(who in step.to for step in target.escalate)


def _alerts(record: Record, telling: Telling, mine: Callable[[str, Path], bool]) -> Iterator[WeeklyAlert]:
    steps = [one for one in record.steps if one[0] > telling.since]
    begun = {step.episode for _, step, _ in steps if step.reason in BEGINS}
    goes_on = set()
    for view, path, _ in record.open:
        if not mine(view.target, path):
            continue
        if view.state in GOES_ON:
            goes_on.add((view.target, view.unit))
            yield _told("new" if view.episode in begun else "going", view, record, telling)
        elif view.expected:
            yield _told("ahead", view, record, telling)
    ended = {(one[1].target, one[1].unit): one for one in steps if one[1].reason not in BEGINS}
    for key, (_, step, stands) in ended.items():
        if key not in goes_on and mine(step.target, stands.path):
            yield _ended(step, stands, record, telling)


def _told(kind: Kind, view: View, record: Record, telling: Telling) -> WeeklyAlert:
    """A number is shown only while the latest word is not that it is hidden."""
    alert = Alert(view.plan, view.target, view.unit)
    ahead = view.expected if kind == "ahead" else None
    hidden = view.status == "suppressed"
    return WeeklyAlert(
        kind=kind,
        unit=view.unit,
        unit_name=view.unit_name,
        target=view.target,
        metric=view.metric,
        occupation=view.occupation,
        gender=view.gender,
        age=view.age,
        severity=view.severity,
        side=view.side,
        threshold=view.threshold,
        ruled=view.ruled,
        link=telling.link(alert, view.episode or ""),
        value=None if hidden else ahead.value if ahead else view.value,
        hidden=hidden,
        since=view.since,
        since_at_least=view.since_at_least,
        on=ahead.on if ahead else None,
        handling=_handled(record.handlings.get(alert, ()), view.episode, telling.today),
    )


def _handled(rows: Sequence[Handling], episode: str | None, day: date) -> Handled:
    return handled(rows, episode, day) if rows else Handled()


def _ended(step: AlertChanged, stands: Stands, record: Record, telling: Telling) -> WeeklyAlert:
    """With the value of now, where it is still judged."""
    told = _told("ended", stands.view, record, telling)
    return msgspec.structs.replace(
        told,
        since=step.since,
        since_at_least=step.since_at_least,
        on=step.on,
        why=step.reason,
        value=told.value if stands.watched else None,
    )


def _in_order(alerts: Iterable[WeeklyAlert]) -> list[WeeklyAlert]:
    """By unit, the one with the worst first; of each kind on its own."""
    found = [*alerts]
    worst: dict[tuple[Kind, str], tuple[float, ...]] = {}
    for one in found:
        worst[one.kind, one.unit] = min(_weight(one), worst.get((one.kind, one.unit), (math.inf,)))
    return sorted(found, key=lambda one: (worst[one.kind, one.unit], one.unit_name, one.unit, _weight(one), one.target))


def _weight(one: WeeklyAlert) -> tuple[float, ...]:
    """Severity, then how far past its limit the value lies, as a share of the limit; last what has no number."""
    severity = WORST_FIRST.index(one.severity) if one.severity in WORST_FIRST else len(WORST_FIRST)
    if one.value is None:
        return severity, math.inf
    level = one.threshold if one.ruled is None else one.ruled.mean
    far = (one.value - (level or 0.0)) * (1 if one.side == "above" else -1)
    return severity, -(far / abs(level) if level else far)


def _first_of_each(alerts: Iterable[WeeklyAlert]) -> Iterator[WeeklyAlert]:
    listed: Counter[Kind] = Counter()
    for one in alerts:
        listed[one.kind] += 1
        if listed[one.kind] <= LISTED:
            yield one


def _overdue(plan: Plan, record: Record, today: date) -> Iterator[WeeklyAction]:
    late = overdue_days(plan, record.progress, today)
    for measure in plan.measures.values():
        if measure.due and late[measure.id]:
            notice = action_notice(plan, measure.id)
            unit = record.names.get(measure.unit, measure.unit) if measure.unit else None
            yield WeeklyAction(notice.title, notice.owner, measure.due, unit)


def _late(sources: Iterable[SourceReported]) -> Iterator[WeeklySource]:
    for source in sources:
        if late := source.late:
            due = min((kind.due for kind in late if kind.due), default=None)
            yield WeeklySource(source.source, tuple(kind.kind for kind in late), due)
