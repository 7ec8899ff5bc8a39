"""What a mail is about: everything it may say, frozen at the moment it was decided, so that a retry says the same."""

from datetime import date, datetime
from typing import Literal

import msgspec

from services.alerts.domain.plan.plan import Decision, Trial
from services.alerts.domain.plan.progress import Progress
from services.alerts.domain.trend.finding import Ruled
from shared.contracts.metrics import ALL, MetricValue
from shared.language.language import Language

MailReason = Literal[
    "hold_met",
    "escalated",
    "snooze_ended",
    "reminded",
    "expected_breach",
    "resolved",
    "data_corrected",
    "limit_moved",
]
FOLLOWING: frozenset[MailReason] = frozenset({"escalated", "snooze_ended", "reminded"})
"""Mails about an alert that goes on, sent because a day has come and not because of its values."""
Side = Literal["above", "below"]
DayBefore = Literal["unheard", "no_data", "no_number"]
"""Why nothing is known of the day before a breach: nothing was heard of it, which is so of all that lies further back
than values are told anew; it lies before what the value is made of is known; or it had a value without a number."""


class ActionNotice(msgspec.Struct, frozen=True, kw_only=True):
    """Something the plan says shall be done, and by whom. ``title`` is by language; ``owner`` is a name or a role.

    ``cost`` is SEK.
    """

    title: dict[str, str]
    owner: str
    due: date | None = None
    cost: float | None = None
    decision: Decision = "none"
    trial: Trial | None = None
    progress: Progress | None = None


class MovedLimit(msgspec.Struct, frozen=True, kw_only=True):
    """The limit of the plan's version of before, and the value that was last judged by it.

    ``told`` is the value that the reader was told last, if any.
    """

    side: Side
    threshold: float
    value: float | None
    told: float | None = None


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """What a mail corrects: the mail that told of the same day, and the value that it told."""

    mail: str
    measured: MetricValue


class UnfinishedDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery that was given up before it was whole: its events that have come, of how many if that was said."""

    source: str
    arrived: int
    of: int | None
    since: datetime


class FollowUp(msgspec.Struct, frozen=True, kw_only=True):
    """Why somebody is told again of an alert that goes on: what was done about it, and what its reader knows.

    ``key`` names the row that says so. ``told`` is the day its readers were first told, by the names ``told_to``;
    ``unattended`` how many working days nobody has taken it on. ``by`` has taken it on, or snoozed it, until the day
    ``until``; ``assigned`` is to see to it. ``before`` is the value that the reader was told last.
    """

    key: str
    told: date
    told_to: tuple[str, ...] = ()
    unattended: int = 0
    by: str | None = None
    until: date | None = None
    note: str | None = None
    assigned: str | None = None
    before: MetricValue | None = None


class Occasion(msgspec.Struct, frozen=True, kw_only=True):
    """One alert at one turn of its life, ready to be told to anyone; it travels as JSON in the outbox.

    ``episode`` is the alert's life from breach to clear; ``decided`` the instant of the decision (it dates the mail).
    ``since`` is the first day of the breach, also in a mail that ends it (``since_at_least``: nothing is known of the
    day before it); ``began`` the day it was raised and ``ended`` its last. ``on`` is the day the value is of: after
    ``today`` for an expected breach. ``threshold`` and ``clear`` are the plan's limits in the metric's unit, breached
    on the side ``breach``; ``hold_days`` and ``clear_hold_days`` how long a value must stay past them. ``confirmed`` is
    True when the 95 % interval lies wholly beyond the threshold, False when it does not, None when the metric has no
    interval. Of a target with a rule there is no threshold, and ``ruled`` is what its control chart tells; its values
    are of single months, each on its last day.
    """

    reason: MailReason
    episode: str
    decided: datetime
    plan: str
    plan_title: dict[str, str]
    plan_version: int
    target: str
    severity: str
    metric: str
    unit: str
    unit_name: str
    occupation: str
    breach: Side
    threshold: float | None
    clear: float | None
    hold_days: int
    clear_hold_days: int
    confirmed: bool | None
    measured: MetricValue
    window_days: int
    since: date
    began: date
    ended: date | None
    on: date
    today: date
    time_zone: str
    language: Language
    link: str
    measures: tuple[ActionNotice, ...] = ()
    raised_with: MetricValue | None = None
    """The value of the day it was raised; for an expected breach the value that was expected then."""
    present: MetricValue | None = None
    """Today's value, for an expected breach."""
    since_at_least: bool = False
    day_before: DayBefore = "unheard"
    """Why the breach may have begun before ``since``, where that is so."""
    moved: MovedLimit | None = None
    """The limit of before, where it is because the limit has moved that there is a mail."""
    unknown: MetricValue | None = None
    """The latest word, where it says that the value is not known: then ``measured`` is of an earlier day, if of any."""
    corrects: Correction | None = None
    """Where another value was told of the same day. ``data_corrected`` with it is about that value alone; without it,
    the alert is taken back."""
    follow: FollowUp | None = None
    """Why an alert that goes on is told of again, where that is what the mail is about."""
    alarmed: bool = True
    """False of a breach that waits for its hold, which the opening summary told of: there is no alert that stands."""
    unfinished: tuple[UnfinishedDelivery, ...] = ()
    """What the value rests on a part of, when the mail is let go."""
    ruled: Ruled | None = None
    gender: str = ALL
    age: str = ALL
    """Whom of the group it is about, as in ``GET /v1/metrics``; ``*``: everyone."""
