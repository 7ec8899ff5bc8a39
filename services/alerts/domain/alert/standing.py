"""What has been told of an alert so far, and what a decision adds to it."""

import hashlib
from datetime import date
from typing import Literal

import msgspec

from services.alerts.domain.alert.episode import Kind, Memory, Spell
from services.alerts.domain.alert.occasion import MailReason, MovedLimit
from shared.contracts.alerts import Reason, State
from shared.contracts.metrics import MetricValue

Cause = Literal["values", "plan"]


class Alert(msgspec.Struct, frozen=True, order=True):
    """What has a state: one target of a plan for one unit."""

    plan: str
    target: str
    unit: str


class Standing(msgspec.Struct, frozen=True):
    """Where an alert was last told to be. ``steps`` counts its transitions; ``since`` is the first day of a breach.

    ``moved`` is the limit of before, of a breach that waits for its hold because the limit has moved.
    """

    memory: Memory
    state: State = "ok"
    since: date | None = None
    steps: int = 0
    moved: MovedLimit | None = None


class Episode(msgspec.Struct, frozen=True):
    """A spell that was told of. It keeps its id, and the version that raised it, when its dates are restated."""

    id: str
    version: int
    spell: Spell
    raised_with: MetricValue | None = None


class Moment(msgspec.Struct, frozen=True):
    """When a decision is made: the latest day known of, the running version of the plan, and what caused it.

    ``resumed``: the plan asks again for an alert that it had ceased to ask for, in the version of then.
    """

    today: date
    version: int
    cause: Cause = "values"
    resumed: bool = False


class Transition(msgspec.Struct, frozen=True):
    """One step to write down: ``on`` and ``since`` are event days, ``mail`` is set where someone is to be told.

    ``since_at_least``: nothing is known of the day before ``since``.
    """

    episode: Episode | None
    old: State
    new: State
    reason: Reason
    on: date
    since: date
    mail: MailReason | None = None
    since_at_least: bool = False


class AlertDecision(msgspec.Struct, frozen=True):
    """What to save: the new standing, the episodes that changed, and the steps in order."""

    standing: Standing
    episodes: tuple[Episode, ...] = ()
    transitions: tuple[Transition, ...] = ()


def episode_id(alert: Alert, kind: Kind, began: date, taken: frozenset[str]) -> str:
    """The same for the same alert, kind and first day; numbered when an earlier one of that day was withdrawn."""
    told = msgspec.json.encode((alert, kind, began))
    name = f"ep_{hashlib.sha256(told).hexdigest()[:20]}"
    again = (f"{name}.{number}" for number in range(2, len(taken) + 3))
    return name if name not in taken else next(other for other in again if other not in taken)
