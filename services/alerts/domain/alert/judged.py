"""What a judgement leads to: the standing, the episodes, what is announced, and the mails to write."""

from datetime import datetime
from typing import NamedTuple

from services.alerts.domain.alert.occasion import Occasion
from services.alerts.domain.alert.opening import OpeningStep
from services.alerts.domain.alert.settling import Settled
from services.alerts.domain.alert.standing import Alert, Episode, Standing
from services.alerts.domain.alert.telling import View
from services.alerts.domain.handling.handling import Handling
from shared.contracts.alerts import AlertChanged


class Announcement(NamedTuple):
    """A transition as a row; ``id`` is what consumers drop repeats by."""

    id: str
    body: AlertChanged
    decided: datetime


class Mail(NamedTuple):
    """A row of the outbox."""

    id: str
    episode: str
    recipient: str
    address: str
    language: str
    occasion: Occasion
    created: datetime
    settle: int
    """Seconds that its value has to be still before it is sent."""


class Addressee(NamedTuple):
    """Someone who got, or waits for, the mail that an alert fires."""

    recipient: str
    address: str
    language: str


class Judgement(NamedTuple):
    """What came of judging one alert; ``watched`` is false once the plan no longer judges it.

    ``settled`` is what became of mails of earlier judgements that nobody has got yet.
    """

    alert: Alert
    version: int
    standing: Standing
    view: View
    watched: bool
    episodes: tuple[Episode, ...]
    transitions: tuple[Announcement, ...]
    mails: tuple[Mail, ...]
    settled: Settled = Settled()
    opening: OpeningStep | None = None
    """What becomes of its notice in the opening summary, if anything."""
    handlings: tuple[Handling, ...] = ()
    """What the service does about an alert that goes on: each is a row, and a step that others are told of."""
