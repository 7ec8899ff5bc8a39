"""Putting a decision into the words others read: the event, the mail's occasion, the present view."""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal

import msgspec

from services.alerts.domain.alert import occasion
from services.alerts.domain.alert.episode import Story
from services.alerts.domain.alert.evaluate import confirmed
from services.alerts.domain.alert.life import nearest
from services.alerts.domain.alert.observation import UNKNOWN, Glimpse, number
from services.alerts.domain.alert.occasion import Occasion
from services.alerts.domain.alert.standing import Alert, Episode, Transition
from services.alerts.domain.handling.handled import Handled
from services.alerts.domain.plan.plan import Plan, Side, Target
from services.alerts.domain.plan.progress import Progress
from services.alerts.domain.trend.finding import Ruled, unheard
from shared.contracts.alerts import AlertChanged, State
from shared.contracts.metrics import ALL, MetricValue
from shared.language.language import Language

NOTHING = MetricValue(status="not_applicable", definition="")
EVERYWHERE: dict[Language, str] = {"sv": "Hela kommunen", "en": "The whole municipality"}
"""What the unit that all others lie in is called."""
ViewState = State | Literal["not_judged"]
"""``not_judged``: no number has come that it could be judged on, so that nothing is known to be well."""


class Subject(msgspec.Struct, frozen=True):
    """What an alert is about: the plan and version that judge it, the target as it holds there, the unit's name.

    ``progress`` is where measures stand, by plan and measure.
    """

    alert: Alert
    plan: Plan
    version: int
    target: Target
    unit_name: str
    window_days: int
    progress: Mapping[tuple[str, str], Progress] = MappingProxyType({})

    @property
    def place(self) -> str:
        """What its unit is called to whoever reads the plan in its own language."""
        return EVERYWHERE[self.plan.language] if self.unit_name in ("", ALL) else self.unit_name


class Expected(msgspec.Struct, frozen=True):
    """A breach that is already known of: the day it is known for, and the value then."""

    on: date
    horizon: int
    value: float | None


class View(msgspec.Struct, frozen=True, kw_only=True):
    """Where an alert stands, as the API shows it; ``not_judged`` while no number has come.

    ``status`` is that of the latest word, ``value`` the latest number.

    ``as_of`` is the day of the latest word; ``value_on`` the day of ``value``: earlier when the latest word is none.
    ``until`` is the last day of the twelve whole months that ``value`` tells of, where it is told by month.
    ``since_at_least``: nothing is known of the day before ``since``. ``known_from`` and ``complete_from`` say why an
    ``incomplete`` status has no number: what it is made of is known from the one day on, a value from the other.
    ``fresh_until`` says that the latest word is stale: a source that it depends on is late, and told of the days until
    then. As long as that is so, the alert does not end.
    """

    plan: str
    plan_version: int
    target: str
    unit: str
    unit_name: str
    metric: str
    occupation: str
    severity: str
    state: ViewState
    since: date | None
    episode: str | None
    as_of: date | None
    status: str | None
    value: float | None
    value_on: date | None
    numerator: float | None
    denominator: float | None
    low: float | None
    high: float | None
    side: Side
    threshold: float | None
    clear: float | None
    confirmed: bool | None
    expected: Expected | None
    until: date | None = None
    since_at_least: bool = False
    known_from: date | None = None
    complete_from: date | None = None
    fresh_until: date | None = None
    handling: Handled | None = None
    """What people have done about it; it is put in when the view is shown."""
    gender: str = ALL
    age: str = ALL
    """Whom of the group it is about, in the words of ``GET /v1/metrics``; ``*``: everyone."""
    ruled: Ruled | None = None
    """What the control chart tells, of a target with a rule: then ``value`` is of the month that ends on its day."""


def view(subject: Subject, story: Story, episode: str | None) -> View:
    """The present view of an alert; ``episode`` is the open one's id."""
    target, seen, heard = subject.target, story.seen, story.heard
    measured = seen.measured if seen else NOTHING
    return View(
        plan=subject.alert.plan,
        plan_version=subject.version,
        target=subject.alert.target,
        unit=subject.alert.unit,
        unit_name=subject.place,
        metric=target.metric,
        occupation=subject.plan.occupation_of(target),
        gender=target.gender,
        age=target.age,
        severity=target.severity,
        state=story.run.state if story.run.state != "ok" or _judged(target, seen) else "not_judged",
        since=story.run.since,
        episode=episode,
        as_of=heard.on if heard else None,
        status=heard.measured.status if heard else None,
        value=measured.value,
        value_on=seen.on if seen else None,
        numerator=measured.numerator,
        denominator=measured.denominator,
        low=measured.low,
        high=measured.high,
        side=target.side,
        threshold=target.threshold,
        clear=target.clear.value if target.clear else None,
        confirmed=confirmed(target.breach, measured),
        expected=expected(target, story),
        until=measured.until,
        since_at_least=story.run.since_at_least,
        known_from=heard.measured.known_from if heard else None,
        complete_from=heard.measured.complete_from if heard else None,
        fresh_until=heard.measured.fresh_until if heard else None,
        ruled=_ruled(target, seen or heard),
    )


def _ruled(target: Target, said: Glimpse | None) -> Ruled | None:
    if target.rule is None:
        return None
    return said.ruled if said and said.ruled else unheard(target.rule)


def _judged(target: Target, seen: Glimpse | None) -> bool:
    """Whether any number has come that says how things are."""
    return seen is not None and (target.rule is None or (seen.ruled is not None and seen.ruled.told != "unknown"))


def warned(target: Target, story: Story) -> tuple[int, Glimpse] | None:
    """The nearest breach that is warned of, with its horizon."""
    return nearest(target, story.watch.ahead) if story.watch.began else None


def expected(target: Target, story: Story) -> Expected | None:
    """The nearest breach that is warned of, as the API shows it."""
    found = warned(target, story)
    return Expected(found[1].on, found[0], number(found[1].measured)) if found else None


def changed(subject: Subject, story: Story, step: Transition, decided: datetime) -> AlertChanged:
    """The event other systems get."""
    said = glimpse(subject.target, story, step)
    ahead = warned(subject.target, story)
    return AlertChanged(
        plan=subject.alert.plan,
        plan_version=step.episode.version if step.episode else subject.version,
        target=subject.alert.target,
        unit=subject.alert.unit,
        unit_name=subject.place,
        episode=step.episode.id if step.episode else None,
        old=step.old,
        new=step.new,
        reason=step.reason,
        on=step.on,
        since=step.since,
        decided=decided,
        metric=subject.target.metric,
        value=said.measured.value if said else None,
        threshold=subject.target.threshold,
        confirmed=confirmed(subject.target.breach, said.measured if said else None),
        severity=subject.target.severity,
        expected_on=ahead[1].on if ahead and step.new == "expected" else None,
        until=said.measured.until if said else None,
        since_at_least=step.since_at_least,
        gender=_told(subject.target.gender),
        age=_told(subject.target.age),
    )


def glimpse(target: Target, story: Story, step: Transition) -> Glimpse | None:
    """The value a step is about: the one ahead for an expected breach, else the latest one."""
    ahead = warned(target, story) if step.new == "expected" else None
    return ahead[1] if ahead else story.seen or story.heard


def mail(
    subject: Subject,
    story: Story,
    step: Transition,
    episode: Episode,
    decided: datetime,
    link: str,
    moved: occasion.MovedLimit | None = None,
) -> Occasion:
    """What a mail about a step may say. ``step.mail`` must be set; ``moved`` where it is the limit that has moved."""
    plan, target = subject.plan, subject.target
    said = glimpse(target, story, step) or Glimpse(step.on, NOTHING)
    return Occasion(
        reason=step.mail or "hold_met",
        episode=episode.id,
        decided=decided,
        plan=plan.id,
        plan_title=plan.title,
        plan_version=episode.version,
        target=target.id,
        severity=target.severity,
        metric=target.metric,
        unit=subject.alert.unit,
        unit_name=subject.unit_name,
        occupation=plan.occupation_of(target),
        gender=target.gender,
        age=target.age,
        breach=target.side,
        threshold=target.threshold,
        clear=target.clear.value if target.clear else None,
        hold_days=target.hold,
        clear_hold_days=target.clear_hold,
        confirmed=confirmed(target.breach, said.measured),
        measured=said.measured,
        window_days=said.on.day if target.rule else subject.window_days,
        since=episode.spell.since,
        began=episode.spell.began,
        ended=episode.spell.ended,
        on=said.on,
        today=decided_day(story, step),
        time_zone=plan.time_zone,
        language=plan.language,
        link=link,
        measures=tuple(action_notice(plan, name, subject.progress.get((plan.id, name))) for name in target.measures),
        raised_with=episode.raised_with,
        present=story.heard.measured if story.heard and step.mail == "expected_breach" else None,
        since_at_least=episode.spell.since_at_least,
        day_before=story.run.day_before if story.run.since == episode.spell.since else "unheard",
        moved=moved,
        unknown=unknown(story),
        ruled=said.ruled,
    )


def unknown(story: Story) -> MetricValue | None:
    """The latest word, where it says that the value is not known yet, or not reported at all."""
    return story.heard.measured if story.heard and story.heard.measured.status in UNKNOWN else None


def decided_day(story: Story, step: Transition) -> date:
    """The latest day known of when the step was taken."""
    return story.heard.on if story.heard else step.on


def action_notice(plan: Plan, name: str, progress: Progress | None = None) -> occasion.ActionNotice:
    """A measure of a plan, with its owner as a mail speaks of them, and where it stands."""
    planned = plan.measures[name]
    owner = plan.recipients.get(planned.owner)
    return occasion.ActionNotice(
        title=planned.title,
        owner=owner.name if owner else planned.owner,
        due=planned.due,
        cost=planned.cost,
        decision=planned.decision,
        trial=planned.trial,
        progress=progress,
    )


def withdrawn(last: View, step: Transition, decided: datetime) -> AlertChanged:
    """The event of a step of an alert that is judged no more, as it was last seen."""
    return AlertChanged(
        plan=last.plan,
        plan_version=step.episode.version if step.episode else last.plan_version,
        target=last.target,
        unit=last.unit,
        unit_name=last.unit_name,
        episode=step.episode.id if step.episode else None,
        old=step.old,
        new=step.new,
        reason=step.reason,
        on=step.on,
        since=step.since,
        decided=decided,
        metric=last.metric,
        value=last.value,
        threshold=last.threshold,
        confirmed=last.confirmed,
        severity=last.severity,
        until=last.until,
        since_at_least=step.since_at_least,
        gender=_told(last.gender),
        age=_told(last.age),
    )


def _told(word: str) -> str | None:
    """What an event says of whom it is about: nothing of everyone."""
    return None if word == ALL else word
