"""What the alerts service keeps of one alert from judgement to judgement, where nobody does anything about it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from services.alerts.domain.alert.judged import Addressee, Judgement
from services.alerts.domain.alert.judgement import AlertRecord, Setting, judge, withdrawal
from services.alerts.domain.alert.observation import Observation
from services.alerts.domain.alert.occasion import MailReason
from services.alerts.domain.alert.opening import Opened
from services.alerts.domain.alert.promises import Promise
from services.alerts.domain.alert.restated import Mailed
from services.alerts.domain.alert.standing import Alert, Episode, Standing
from services.alerts.domain.alert.telling import View
from services.alerts.domain.handling.following import Going, Today, follow
from services.alerts.domain.handling.handling import Handling
from shared.contracts.metrics import RESTATED_DAYS

EVENING = time(20, tzinfo=UTC)
VERSION = 1
OPENING = "opening"
ALARMS: frozenset[MailReason] = frozenset({"hold_met", "escalated"})
"""Mails whose readers are told of what follows."""


class Notice(NamedTuple):
    """Something a recipient is told on a day: for what reason, of which episode (of an opening summary none)."""

    day: date
    recipient: str
    reason: str
    episode: str | None


class Raised(NamedTuple):
    """An episode: the days on which it was decided that it is there, and that it is over; and what was said of it."""

    episode: Episode
    raised: date
    closed: date | None = None


class AlertHistory:
    """One alert, judged on some days one after another; mails are told at once."""

    def __init__(self, alert: Alert) -> None:
        """Never judged."""
        self.alert = alert
        self.standing: Standing | None = None
        self.raised: dict[str, Raised] = {}
        self.notices: list[Notice] = []
        self.had_number = False
        """Whether any value ever came that it could be judged on."""
        self._mailed: list[Mailed] = []
        self._rows: list[Handling] = []
        self._opened: Opened | None = None
        self._view: View | None = None
        self._watched = False

    @property
    def open(self) -> Episode | None:
        """The breach that goes on."""
        going = (one.episode for one in self.raised.values() if one.episode.spell.kind == "breach")
        return next((one for one in going if one.spell.ended is None), None)

    @property
    def expects(self) -> bool:
        """Whether a breach ahead is warned of."""
        spells = (one.episode.spell for one in self.raised.values())
        return any(spell.kind == "expected" and spell.ended is None for spell in spells)

    @property
    def told(self) -> date:
        """The last day on which anybody was told anything that may have to be corrected."""
        days = [one.occasion.today for one in self._mailed[-1:]]
        days += [self._opened.notice.on] if self._opened else []
        return max(days, default=date.min)

    def judge(self, promise: Promise, observations: Sequence[Observation], day: date, window: int) -> Standing:
        """Judge it in the evening of a day; where it stands then."""
        known = AlertRecord(
            self.standing,
            [one.episode for one in self.raised.values()],
            observations,
            self._addressees,
            window,
            version=VERSION if self.standing else None,
            ended=self.standing is not None and not self._watched,
            opened=self._opened,
            mailed=self._mailed,
            handlings=self._rows,
            first_told=self._first_told,
        )
        return self._keep(judge(self.alert, promise, known, _at(day)), day)

    def withdraw(self, day: date) -> None:
        """The plan asks for it no more."""
        if self.standing is None or self._view is None or not self._watched:
            return
        episodes = [one.episode for one in self.raised.values()]
        self._keep(withdrawal(self.alert, self._view, self.standing, episodes, _at(day), (), self._opened), day)

    def follows(self, promise: Promise, day: date) -> bool:
        """Whether somebody is told again on a day of a breach that goes on: never too seldom."""
        going = self.open if promise.target.escalate or promise.target.remind else None
        if going is None:
            return False
        opened = [self._opened.notice.watch_from] if self._opened else []
        told = min([day for day in (self._first_told(going.id), *opened) if day], default=None)
        readers = tuple(promise.target.notify)
        return bool(follow(promise.target, Going(going.id, told, readers), self._rows, Today(day, _at(day).decided)))

    def _keep(self, outcome: Judgement, day: date) -> Standing:
        self.standing, self._view, self._watched = outcome.standing, outcome.view, outcome.watched
        for episode in outcome.episodes:
            before = self.raised.get(episode.id)
            raised, closed = (before.raised, before.closed) if before else (day, None)
            over = closed or (None if episode.spell.ended is None else day)
            self.raised[episode.id] = Raised(episode, raised, None if episode.spell.ended is None else over)
        for mail in outcome.mails:
            self._mailed.append(Mailed(*mail[:6]))
            self.notices.append(Notice(day, mail.recipient, mail.occasion.reason, mail.episode))
        self._rows += outcome.handlings
        self._open(outcome, day)
        return outcome.standing

    def _open(self, outcome: Judgement, day: date) -> None:
        """An opening summary goes out in the evening in which it is decided."""
        if outcome.opening is None:
            return
        opened = outcome.opening.opened
        self._opened = opened and opened._replace(told=_at(day).decided)
        if opened:
            self.notices += [Notice(day, who.id, OPENING, None) for who in opened.notice.to]

    def _addressees(self, episode: str) -> Sequence[Addressee]:
        ours = [one for one in self._mailed if one.episode == episode and one.occasion.reason in ALARMS]
        return list(
            {one.recipient: Addressee(one.recipient, one.address, one.language) for one in reversed(ours)}.values()
        )

    def _first_told(self, episode: str) -> date | None:
        ours = (one for one in self._mailed if one.episode == episode and one.occasion.reason == "hold_met")
        return min((one.occasion.today for one in ours), default=None)


def corrects(history: AlertHistory, day: date) -> bool:
    """Whether something that was told lies so near that a value that is another now is to be corrected."""
    return history.told != date.min and (day - history.told).days <= RESTATED_DAYS


def _at(day: date) -> Setting:
    return Setting(day, day + timedelta(1), datetime.combine(day, EVENING), _link, day)


def _link(plan: str, target: str, unit: str, _episode: str) -> str:
    return f"/v1/alerts?plan={plan}&target={target}&unit={unit}"
