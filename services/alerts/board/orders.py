"""What a person may do about an alert on its page: the forms that make sense as it stands, and what they send."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from services.alerts.board.writing import Writing
from services.alerts.carrying_out import MisdatedError
from services.alerts.domain.alert.telling import View
from services.alerts.domain.handling.handling import Order
from services.alerts.domain.plan.plan import Version
from shared.contracts.alerts import HandlingKind

LONGEST_NOTE, LONGEST_NAME = 1000, 100
DO: dict[str, HandlingKind] = {
    "acknowledge": "acknowledged",
    "unacknowledge": "unacknowledged",
    "assign": "assigned",
    "comment": "commented",
    "snooze": "snoozed",
    "unsnooze": "awakened",
}
WANTS_NOTE = frozenset({"commented", "snoozed"})


class UnwrittenError(Exception):
    """A field that is needed is empty, too long, or no day."""


class Forms(NamedTuple):
    """Which forms the page shows; ``key`` is that of what they send, ``names`` whom an alert may be assigned to."""

    key: str
    firing: bool
    acknowledged: bool
    snoozed: bool
    names: tuple[str, ...]


def forms(view: View, version: Version | None, key: str) -> Forms:
    """What can be done about an alert as it stands."""
    now = view.handling
    names = tuple(one.name for one in version.plan.recipients.values()) if version else ()
    return Forms(
        key, view.episode is not None, bool(now and now.acknowledged), bool(now and now.snoozed), names
    )  # fmt: skip


def order(sent: Mapping[str, str]) -> Order:
    """What the form asks for; raises UnwrittenError."""
    kind, note = DO.get(sent.get("do", "")), sent.get("note", "")
    if kind is None or len(note) > LONGEST_NOTE or (kind in WANTS_NOTE and not note):
        raise UnwrittenError
    until, whom = _day(sent.get("until", "")), sent.get("to", "")
    if (kind == "snoozed" and until is None) or (kind == "assigned" and not 0 < len(whom) <= LONGEST_NAME):
        raise UnwrittenError
    return Order(kind, until, note or None, (whom,) if kind == "assigned" else ())


def refusal(error: Exception, to: Writing) -> str:
    """Why it was not done, in words."""
    if isinstance(error, UnwrittenError):
        return to.words.order_unwritten
    return to.words.order_misdated if isinstance(error, MisdatedError) else to.words.order_refused


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UnwrittenError from None
