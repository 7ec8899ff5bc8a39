"""What a webhook is sent: one notice of an alert, whole enough to make a ticket of it without asking anything back."""

from datetime import date, datetime
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from shared.contracts.metrics import ALL, Status


class NoticeAction(msgspec.Struct, frozen=True, kw_only=True):
    """What the plan says should be done; ``owner`` is a name or a role, ``cost`` is SEK."""

    title: str
    owner: str
    due: date | None
    cost: float | None
    status: str | None


class NoticeAlert(msgspec.Struct, frozen=True, kw_only=True):
    """Which alert it is about. ``episode`` is its life from breach to clear: what has one belongs to one ticket.

    ``gender`` and ``age`` say whom of the unit it is about, in the words of ``GET /v1/metrics``; ``*``: everyone.
    """

    episode: str
    plan: str
    plan_title: str
    plan_version: int
    target: str
    unit: str
    unit_name: str
    occupation: str
    metric: str
    metric_name: str
    severity: str
    since: date
    since_at_least: bool
    began: date
    ended: date | None
    gender: str = ALL
    age: str = ALL


class NoticeValue(msgspec.Struct, frozen=True, kw_only=True):
    """The value as of a day, and the limits it is set against; without numbers where a group is too small to show.

    ``direction`` is the side of ``threshold`` on which it breaches; past ``clear`` on the other side it ends.
    There is no ``threshold`` where a rule of the control chart judges: then the value is of the month that ends ``on``.
    ``confirmed``: chance does not explain it (null: not judged). ``unfinished`` are the sources of deliveries of which
    only a part has come, and on which it rests.
    """

    direction: Literal["above", "below"]
    threshold: float | None
    clear: float | None
    on: date
    status: Status
    value: float | None
    low: float | None
    high: float | None
    numerator: float | None
    denominator: float | None
    confirmed: bool | None
    unfinished: tuple[str, ...]


class WebhookNotice(msgspec.Struct, frozen=True, kw_only=True):
    """One notice. ``id`` names it, also when it is sent again; ``subject`` and ``text`` say it in ``language``.

    ``tenant`` is whose alert it is, of an installation that several share (left out: it has no tenants).
    """

    id: str
    reason: str
    decided: datetime
    language: str
    subject: str
    text: str
    link: str
    alert: NoticeAlert
    value: NoticeValue
    actions: tuple[NoticeAction, ...]
    tenant: str | UnsetType = UNSET


class WebhookOpening(msgspec.Struct, frozen=True, kw_only=True):
    """What breaches on the day that watching begins, in words: no alert of its own is raised of it."""

    id: str
    reason: Literal["opening"] = "opening"
    decided: datetime
    language: str
    subject: str
    text: str
    link: str
    tenant: str | UnsetType = UNSET
