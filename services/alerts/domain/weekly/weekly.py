"""What a weekly summary says, frozen at the moment it was decided, so that a retry says the same."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal

import msgspec

from services.alerts.domain.handling.handled import Handled
from services.alerts.domain.plan.plan import Side
from services.alerts.domain.trend.finding import Ruled
from shared.contracts.alerts import Reason
from shared.contracts.metrics import ALL
from shared.language.language import Language

DIGEST = "digest"
"""Why such a mail is sent, as the outbox knows it."""
Kind = Literal["new", "going", "ahead", "ended"]
"""An alert that fires since the last summary; one that goes on since before; a breach that lies ahead; an alert that is
over since the last summary."""


class WeeklyAlert(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One alert. ``value`` is None where there is no number, or none that may be shown (``hidden``).

    ``since`` is the first day of the breach; ``on`` the day a breach ahead is known for, or that on which an alert
    ended, for the reason ``why``.
    """

    kind: Kind
    unit: str
    unit_name: str
    target: str
    metric: str
    occupation: str
    severity: str
    side: Side
    threshold: float | None
    link: str
    value: float | None = None
    hidden: bool = False
    since: date | None = None
    since_at_least: bool = False
    on: date | None = None
    why: Reason | None = None
    handling: Handled = Handled()
    ruled: Ruled | None = None
    gender: str = ALL
    age: str = ALL


class WeeklyAction(msgspec.Struct, frozen=True):
    """A measure of the plan past its due day; ``title`` is by language, ``owner`` as a mail speaks of them.

    ``unit_name`` is that of the unit whose own measure it is, if it is one's.
    """

    title: dict[str, str]
    owner: str
    due: date
    unit_name: str | None = None


class WeeklySource(msgspec.Struct, frozen=True):
    """A source that is late with some kinds of data, the first of which was due by ``due``."""

    source: str
    kinds: tuple[str, ...]
    due: date | None


class Weekly(msgspec.Struct, frozen=True, kw_only=True):
    """The weekly summary of one recipient of a plan; it travels as JSON in the outbox.

    ``since`` is when the last one was written, ``today`` the day by the service's calendar. ``alerts`` and ``actions``
    are those told one by one, the worst first; ``counts`` says how many there are of each kind, ``overdue`` how many
    actions. Of the alerts that fire nobody has acknowledged ``unacknowledged``. ``watched`` promises in ``units`` units
    are watched for the recipient, and of these ``unjudged`` have no number now. ``leave`` is where the recipient ends
    these summaries.
    """

    id: str
    plan: str
    plan_title: dict[str, str]
    language: Language
    time_zone: str
    decided: datetime
    today: date
    since: datetime
    link: str
    leave: str
    watched: int
    units: int
    unjudged: int
    counts: Mapping[Kind, int]
    unacknowledged: int
    alerts: tuple[WeeklyAlert, ...]
    overdue: int
    actions: tuple[WeeklyAction, ...]
    sources: tuple[WeeklySource, ...]
