"""How an alert is being handled on a day: what all that was done about it comes to."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

import msgspec

from services.alerts.domain.handling.handling import Handling, Order

FARTHEST = 366
"""Days ahead that an acknowledgement or a snooze may end."""


class Acknowledged(msgspec.Struct, frozen=True, omit_defaults=True):
    """Somebody has taken the alert on, until the day ``until`` at the latest; it ends with the episode."""

    by: str
    at: datetime
    until: date | None = None
    note: str | None = None


class Snoozed(msgspec.Struct, frozen=True):
    """Nobody is mailed of the alert before the day ``until``, and why."""

    by: str
    at: datetime
    until: date
    note: str


class Handled(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What holds on a day: who has taken the alert on, who is to see to it, until when it is snoozed.

    ``comments`` counts those of all its episodes; ``escalated`` is who was told because nobody had taken it on.
    """

    acknowledged: Acknowledged | None = None
    assigned: str | None = None
    snoozed: Snoozed | None = None
    comments: int = 0
    escalated: tuple[str, ...] = ()


def handled(rows: Sequence[Handling], episode: str | None, day: date) -> Handled:
    """What rows, the earliest first, come to on a day while ``episode`` goes on (None: none does)."""
    now = [one for one in rows if episode and one.episode == episode]
    assigned = last(now, "assigned")
    told = dict.fromkeys(who for one in now if one.kind == "escalated" for who in one.to)
    return Handled(
        acknowledged=_acknowledged(last(now, "acknowledged", "unacknowledged"), day),
        assigned=assigned.to[0] if assigned else None,
        snoozed=_snoozed(last(rows, "snoozed", "awakened", "snooze_ended"), day),
        comments=sum(one.kind == "commented" for one in rows),
        escalated=tuple(told),
    )


def last(rows: Iterable[Handling], *kinds: str) -> Handling | None:
    """The last row of these kinds."""
    return next((one for one in reversed([*rows]) if one.kind in kinds), None)


def _acknowledged(one: Handling | None, day: date) -> Acknowledged | None:
    if one is None or one.kind != "acknowledged" or (one.until and one.until <= day):
        return None
    return Acknowledged(one.by, one.at, one.until, one.note)


def _snoozed(one: Handling | None, day: date) -> Snoozed | None:
    if one is None or one.kind != "snoozed" or one.until is None or one.until <= day:
        return None
    return Snoozed(one.by, one.at, one.until, one.note or "")


def objection(asked: Order, rows: Sequence[Handling], episode: str | None, day: date) -> str | None:
    """Why something cannot be done about an alert as it is on a day; None where it can."""
    now = handled(rows, episode, day)
    if asked.kind in {"acknowledged", "unacknowledged", "assigned"} and episode is None:
        return "the alert does not fire: there is nothing to take on"
    if asked.kind == "unacknowledged" and now.acknowledged is None:
        return "nobody has acknowledged the alert"
    if asked.kind == "awakened" and now.snoozed is None:
        return "the alert is not snoozed"
    return None


def misdated(until: date | None, day: date) -> str | None:
    """What is wrong with the day on which something is to end."""
    if until is None or 0 < (until - day).days <= FARTHEST:
        return None
    return f"must be a day after {day} and within {FARTHEST} days of it"
