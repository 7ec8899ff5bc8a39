"""One thing that was done about an alert, by a person or by the service; rows of them are kept for ever."""

from datetime import date, datetime
from typing import NamedTuple, get_args

import msgspec

from shared.contracts.alerts import HandlingKind

KINDS: tuple[HandlingKind, ...] = get_args(HandlingKind)
SERVICE = "stadga"
"""Who does what nobody did by hand: escalating, reminding, ending a snooze."""


class Handling(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was done, by whom (a name; ``stadga`` is the service), when, and on which ``day`` by the service's calendar.

    ``key`` is what a repeat is known by. ``episode`` is the one that went on then, if any. ``until`` is the day on
    which an acknowledgement, or a snooze, ends; ``note`` a comment or a reason; ``to`` who an alert is assigned to, or
    who was told (recipients of the plan, or any text).
    """

    key: str
    kind: HandlingKind
    episode: str | None
    by: str
    at: datetime
    day: date
    until: date | None = None
    note: str | None = None
    to: tuple[str, ...] = ()


class Order(NamedTuple):
    """What somebody asks to be done, before it is a row."""

    kind: HandlingKind
    until: date | None = None
    note: str | None = None
    to: tuple[str, ...] = ()


def same(one: Handling, asked: Order, by: str) -> bool:
    """Whether a row is what is asked for: the same key with anything else is a conflict."""
    return (one.kind, one.until, one.note, one.to, one.by) == (*asked, by)
