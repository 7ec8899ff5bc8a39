"""When watching begins: what breaches by then is told of in one summary, and nobody is alarmed of it one by one."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import msgspec

from services.alerts.domain.alert.episode import Spell, Story
from services.alerts.domain.alert.observation import Glimpse
from services.alerts.domain.alert.occasion import MailReason
from services.alerts.domain.alert.telling import Subject, warned
from services.alerts.domain.plan.plan import Recipient, Side
from services.alerts.domain.trend.finding import Ruled
from shared.contracts.alerts import State
from shared.contracts.metrics import ALL, MetricValue
from shared.language.language import Language

NEWS: frozenset[MailReason] = frozenset({"hold_met", "expected_breach"})
"""Mails that alarm; those that end an alert, or take it back, do not."""

LONGEST = timedelta(minutes=30)
"""How long after the first decision a value that goes on moving is waited for."""


class OpeningNotice(msgspec.Struct, frozen=True, kw_only=True):
    """What one alert adds to the opening summaries of those it is told ``to``; it travels as JSON.

    ``state`` says how far it has come; an ``expected`` breach lies ahead, and ``on`` is the day it is known for. Else
    ``on`` is the day of the value, and ``since`` the first day of the breach, of the day before which nothing is known
    where ``since_at_least`` is set.
    """

    watch_from: date
    plan: str
    plan_title: dict[str, str]
    target: str
    severity: str
    metric: str
    unit: str
    unit_name: str
    occupation: str
    breach: Side
    threshold: float | None
    state: State
    measured: MetricValue
    on: date
    since: date
    since_at_least: bool
    time_zone: str
    language: Language
    link: str
    to: tuple[Recipient, ...]
    known: date | None = None
    """The day on which an ``expected`` breach was known of; None of one that is there."""
    ruled: Ruled | None = None
    """What its control chart tells, of a target with a rule."""
    gender: str = ALL
    age: str = ALL


class Opened(NamedTuple):
    """A notice on record: first decided when, to wait for a still value until when, and told when, if it was."""

    notice: OpeningNotice
    created: datetime
    due: datetime
    told: datetime | None


class OpeningStep(NamedTuple):
    """What becomes of the notice of an alert: it is this one from now on; None: there is nothing to tell."""

    opened: Opened | None


def opening(subject: Subject, story: Story, day: date, link: str) -> OpeningNotice | None:
    """What to tell of an alert on the day watching begins, or later; None of one that does not breach since then."""
    target, watch = subject.target, subject.target.watch_from
    found = _standing(subject, story, watch) if watch and watch <= day else None
    if watch is None or found is None:
        return None
    state, since, at_least, glimpse, known = found
    return OpeningNotice(
        watch_from=watch,
        plan=subject.plan.id,
        plan_title=subject.plan.title,
        target=target.id,
        severity=target.severity,
        metric=target.metric,
        unit=subject.alert.unit,
        unit_name=subject.unit_name,
        occupation=subject.plan.occupation_of(target),
        gender=target.gender,
        age=target.age,
        breach=target.side,
        threshold=target.threshold,
        state=state,
        measured=glimpse.measured,
        on=glimpse.on,
        since=since,
        since_at_least=at_least,
        time_zone=subject.plan.time_zone,
        language=subject.plan.language,
        link=link,
        to=tuple(subject.plan.recipients[name] for name in target.notify),
        known=known,
        ruled=glimpse.ruled,
    )


def summary_name(plan: str, who: Recipient, told: datetime) -> str:
    """What the summary of a plan that a recipient was told at an instant is called, whoever asks."""
    about = "|".join((plan, who.id, who.address, told.astimezone(UTC).isoformat()))
    return f"opening_{hashlib.sha256(about.encode()).hexdigest()[:20]}"


class _Breach(NamedTuple):
    """A breach that began by the day of watching and goes on; ``known`` as of a notice."""

    state: State
    since: date
    at_least: bool
    value: Glimpse
    known: date | None = None


def _standing(subject: Subject, story: Story, watch: date) -> _Breach | None:
    run, seen = story.run, story.seen
    if run.since and seen:
        return _Breach(run.state, run.since, run.since_at_least, seen) if run.since <= watch else None
    ahead, began = warned(subject.target, story), story.watch.began
    if ahead is None or began is None or began > watch:
        return None
    return _Breach("expected", began, False, ahead[1], ahead[1].on - timedelta(ahead[0]))


def step(held: Opened | None, notice: OpeningNotice | None, settle: int, now: datetime) -> OpeningStep | None:
    """What follows for the notice on record; None: it stays as it is. What was told once is not told again."""
    if notice is None:
        return OpeningStep(None) if held and not held.told else None
    same = held if held and held.notice.watch_from == notice.watch_from else None
    if same and (same.told or same.notice == notice):
        return None
    if same and same.notice.measured == notice.measured:
        return OpeningStep(same._replace(notice=notice))
    created, still = (same.created if same else now), timedelta(seconds=settle)
    return OpeningStep(Opened(notice, created, min(now + still, created + max(still, LONGEST)), None))


def hushed(reason: MailReason, spell: Spell, was: State, watch: date | None, held: Opened | None) -> bool:
    """Whether an alarm is not sent because the opening summary tells of it; ``was`` is the state before it.

    Once told of, only a breach that waited for its hold then fires unheard; one that comes back alarms as usual.
    """
    if watch is None or reason not in NEWS or spell.since > watch:
        return False
    told = held if held and held.told and held.notice.watch_from == watch else None
    return told is None or (told.notice.state == was == "pending")


def readers(held: Opened | None, spell: Spell) -> Sequence[Recipient]:
    """Who was told of an episode by the opening summary."""
    if held is None or not held.told or held.notice.state == "expected" or spell.kind != "breach":
        return ()
    return held.notice.to if spell.since <= held.notice.watch_from else ()
