"""What ``workforce.alerts`` carries: one transition of one alert, or one thing that was done about it."""

from datetime import date, datetime
from typing import Literal, get_args

import msgspec

State = Literal["ok", "pending", "recovering", "firing", "expected"]
"""``expected`` is the early warning: a breach that is already known of lies ahead. The rest is the life of a breach."""

Reason = Literal[
    "first_breach",
    "breach_ended",
    "hold_met",
    "clear_started",
    "clear_ended",
    "breach_again",
    "resolved",
    "reopened",
    "expected_breach",
    "no_longer_expected",
    "expected_came",
    "data_corrected",
    "plan_changed",
    "plan_resumed",
]
"""Why a transition was made.

``first_breach``: the value passed the threshold and the hold began. ``breach_ended``: it came back before the hold was
met. ``hold_met``: the breach held long enough, the alert fires. ``clear_started``, ``clear_ended``, ``breach_again``:
a firing alert's value reached the clear threshold, left it, or passed the threshold anew before the clear hold was met.
``resolved``: it stayed clear long enough. ``reopened``: restated values show that a resolved breach never cleared.
``expected_breach``, ``no_longer_expected``, ``expected_came``: what is known of the future breaches, no longer does, or
did come true. ``data_corrected``: restated values take the reason away. ``plan_changed``: the plan no longer asks.
``plan_resumed``: it asks again, as it did before.
"""

STATES: tuple[State, ...] = get_args(State)
REASONS: tuple[Reason, ...] = get_args(Reason)
CHANGED, HANDLED = "workforce.alert.changed.v1", "workforce.alert.handled.v1"

HandlingKind = Literal[
    "acknowledged",
    "unacknowledged",
    "assigned",
    "commented",
    "snoozed",
    "awakened",
    "escalated",
    "reminded",
    "snooze_ended",
]
"""What was done about an alert.

By people: ``acknowledged``, somebody has taken it on, and ``unacknowledged``, has not any more; ``assigned`` to
somebody; ``commented``; ``snoozed``, nobody is mailed of it until a day, and ``awakened`` before that day. By the
service: ``escalated``, others were told because nobody had taken it on; ``reminded``, whoever was told is told that it
still fires; ``snooze_ended``, the day has come.
"""


class AlertChanged(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A step of an alert's life. ``on`` is event time (the as-of day), ``decided`` is when it was noticed.

    ``episode`` is the alert's life from firing to its end; a breach whose hold is not met yet has none. ``since`` is
    the first day of the state ``new``, of the breach itself where ``new`` is firing or recovering. ``since_at_least``:
    nothing is known of the day before ``since``, so that the breach may have begun earlier. ``expected_on`` is
    the day an expected breach is known for. ``until`` is the last day of the twelve whole months that ``value`` tells
    of, where it is of health or of a pulse. ``threshold`` is null of a target that a rule of the control chart judges:
    then ``value`` is of the month that ends on ``on``. ``gender`` and ``age`` say whom of the unit it is about, in the
    words of ``GET /v1/metrics``; they are left out where it is about everyone.
    """

    plan: str
    plan_version: int
    target: str
    unit: str
    unit_name: str
    episode: str | None
    old: State
    new: State
    reason: Reason
    on: date
    since: date
    decided: datetime
    metric: str
    value: float | None
    threshold: float | None
    confirmed: bool | None
    severity: str
    expected_on: date | None = None
    until: date | None = None
    since_at_least: bool = False
    gender: str | None = None
    age: str | None = None


class AlertHandled(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that was done about an alert: ``by`` is a name, ``stadga`` where the service did it by itself.

    ``at`` is when, ``day`` the calendar day of then. ``episode`` is the one that went on. ``until`` is the day on which
    an acknowledgement or a snooze ends; ``note`` a comment or a reason; ``to`` who it is assigned to, or who was told.
    """

    plan: str
    target: str
    unit: str
    episode: str | None
    kind: HandlingKind
    by: str
    at: datetime
    day: date
    until: date | None = None
    note: str | None = None
    to: tuple[str, ...] = ()
