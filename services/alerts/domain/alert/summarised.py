"""What an opening summary told of an alert, as a mail of its own: what was told there may be wrong as well."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from services.alerts.domain.alert import telling
from services.alerts.domain.alert.episode import Kind, Spell, Story
from services.alerts.domain.alert.evaluate import confirmed
from services.alerts.domain.alert.occasion import Occasion
from services.alerts.domain.alert.opening import Opened, OpeningNotice, summary_name
from services.alerts.domain.alert.restated import Mailed
from services.alerts.domain.alert.settling import Settling
from services.alerts.domain.alert.standing import Episode, Transition
from services.alerts.domain.alert.telling import Subject
from services.alerts.domain.plan.plan import limit


class Summarised(NamedTuple):
    """The episode that a summary told of, and what each reader was told. ``thread`` is what its corrections are under.

    A breach that waits for its hold has no episode: then it is one of that name, which nobody was alarmed of.
    """

    thread: str
    episode: Episode
    told: Sequence[Mailed]

    def mails(self, sent: Iterable[Mailed]) -> list[Mailed]:
        """All that was told, the earliest first, each as of the episode."""
        return [*self.told, *(self._of(one) for one in sent)]

    def waiting(self, settling: Iterable[Settling]) -> list[Settling]:
        """Mails that nobody has got yet, each as of the episode."""
        return [one._replace(episode=self.episode.id) if one.episode == self.thread else one for one in settling]

    def _of(self, one: Mailed) -> Mailed:
        return one._replace(episode=self.episode.id) if one.episode == self.thread else one


def summarised(
    thread: str, opened: Opened | None, subject: Subject, story: Story, episodes: Iterable[Episode]
) -> Summarised | None:
    """What was told of an alert by a summary that was sent; None where none was."""
    if opened is None or opened.told is None:
        return None
    notice = opened.notice
    episode = _episode(notice, episodes) or _unheard(thread, notice, subject)
    said = _said(notice, subject, story, episode, opened.told, alarmed=episode.id != thread)
    name = notice.plan, opened.told
    told = [
        Mailed(summary_name(name[0], who, name[1]), episode.id, who.id, who.address, who.language, said)
        for who in notice.to
    ]
    return Summarised(thread, episode, told)


def _kind(notice: OpeningNotice) -> Kind:
    return "expected" if notice.state == "expected" else "breach"


def _episode(notice: OpeningNotice, episodes: Iterable[Episode]) -> Episode | None:
    """The episode that shares a day with what was told."""
    until = notice.since if notice.state == "expected" else notice.on
    shared = [
        one
        for one in episodes
        if one.spell.kind == _kind(notice)
        and one.spell.outcome != "reopened"
        and one.spell.since <= until
        and (one.spell.ended is None or one.spell.ended >= notice.since)
    ]
    return max(shared, key=lambda one: (one.spell.ended is None, one.version, one.spell.began), default=None)


def _unheard(thread: str, notice: OpeningNotice, subject: Subject) -> Episode:
    return Episode(thread, subject.version, Spell(_kind(notice), notice.since, notice.since, notice.state))


def _said(
    notice: OpeningNotice, subject: Subject, story: Story, episode: Episode, told: datetime, *, alarmed: bool
) -> Occasion:
    """What the summary told, in the terms of a mail about it alone."""
    expected = notice.state == "expected"
    step = Transition(
        episode,
        "ok",
        "expected" if expected else "firing",
        "expected_breach" if expected else "hold_met",
        notice.on,
        notice.since,
        "expected_breach" if expected else "hold_met",
    )
    return msgspec.structs.replace(
        telling.mail(subject, story, step, episode, told, notice.link),
        severity=notice.severity,
        metric=notice.metric,
        occupation=notice.occupation,
        gender=notice.gender,
        age=notice.age,
        breach=notice.breach,
        threshold=notice.threshold,
        measured=notice.measured,
        ruled=notice.ruled,
        confirmed=confirmed(limit(notice.breach, notice.threshold), notice.measured),
        since=notice.since,
        since_at_least=notice.since_at_least,
        on=notice.on,
        today=notice.known or notice.on,
        unknown=None,
        present=None,
        alarmed=alarmed,
    )
