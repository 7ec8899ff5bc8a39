"""An alert that goes on is told of again because a day has come: the rows that say so, and the mails about them."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

import msgspec

from services.alerts.domain.alert import telling
from services.alerts.domain.alert.episode import Story
from services.alerts.domain.alert.judged import Addressee, Mail
from services.alerts.domain.alert.occasion import FollowUp, MailReason, Occasion
from services.alerts.domain.alert.restated import Mailed
from services.alerts.domain.alert.standing import Episode, Transition
from services.alerts.domain.alert.telling import Subject
from services.alerts.domain.handling.following import Going, Today, follow, free_since
from services.alerts.domain.handling.handled import handled, last
from services.alerts.domain.handling.handling import Handling
from shared.calendar.working_days import working_days_between
from shared.contracts.alerts import HandlingKind

REASONS: Mapping[HandlingKind, MailReason] = {
    "escalated": "escalated",
    "reminded": "reminded",
    "snooze_ended": "snooze_ended",
}


class Pursued(NamedTuple):
    """What there is to tell with: who was told of the episode, since which day, what was done and mailed since."""

    episode: Episode | None
    told: date | None
    readers: Sequence[Addressee]
    rows: Sequence[Handling]
    mailed: Sequence[Mailed]


def pursue(
    subject: Subject, story: Story, of: Pursued, day: date, decided: datetime
) -> tuple[tuple[Handling, ...], tuple[Mail, ...]]:
    """What is done about an alert on a day of the service's calendar, and the mails it leads to, without links."""
    going = Going(of.episode.id, of.told, tuple(who.recipient for who in of.readers)) if of.episode else None
    done = tuple(follow(subject.target, going, of.rows, Today(day, decided)))
    if of.episode is None:
        return done, ()
    return done, tuple(_mail(subject, story, of, one, who, of.episode) for one in done for who in _to(subject, of, one))


def _to(subject: Subject, of: Pursued, one: Handling) -> Sequence[Addressee]:
    """The people a row names: those of an escalation by the plan, others as they were told."""
    if one.kind != "escalated":
        return [who for who in of.readers if who.recipient in one.to]
    people = (subject.plan.recipients[name] for name in one.to)
    return [Addressee(who.id, who.address, who.language) for who in people]


def _mail(subject: Subject, story: Story, of: Pursued, one: Handling, who: Addressee, episode: Episode) -> Mail:
    digest = hashlib.sha256(one.key.encode()).hexdigest()[:12]
    said = _said(subject, story, of, one, who, episode)
    name = f"{episode.id}-{digest}-{who.recipient}"
    return Mail(name, episode.id, *who, said, one.at, subject.target.settle)


def _said(subject: Subject, story: Story, of: Pursued, one: Handling, who: Addressee, episode: Episode) -> Occasion:
    spell = episode.spell
    step = Transition(episode, "firing", "firing", "hold_met", one.day, spell.since, REASONS[one.kind])
    said = telling.mail(subject, story, step, episode, one.at, "")
    before = [mail for mail in of.mailed if (mail.episode, mail.recipient) == (episode.id, who.recipient)]
    told = before[-1].occasion.measured if before else None
    return msgspec.structs.replace(said, follow=msgspec.structs.replace(_follow_up(subject, of, one), before=told))


def _follow_up(subject: Subject, of: Pursued, one: Handling) -> FollowUp:
    """Of a snooze who set it, until when and why; else who has taken the alert on, if anybody."""
    now = handled(of.rows, one.episode, one.day)
    by = last(of.rows, "snoozed") if one.kind == "snooze_ended" else now.acknowledged
    told = of.told or one.day
    free = free_since(of.rows, one.episode or "", told, one.day)
    return FollowUp(
        key=one.key,
        told=told,
        told_to=tuple(_name(subject, reader.recipient) for reader in of.readers),
        unattended=working_days_between(free, one.day) if free else 0,
        by=by.by if by else None,
        until=by.until if by else None,
        note=by.note if by else None,
        assigned=_name(subject, now.assigned) if now.assigned else None,
    )


def _name(subject: Subject, who: str) -> str:
    """What a plan calls one of its recipients; anybody else as they were written."""
    known = subject.plan.recipients.get(who)
    return known.name if known else who
