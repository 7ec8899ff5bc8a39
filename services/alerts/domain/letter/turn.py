"""The turn a mail is about: why it is sent, and where the value stands against the plan's limits when it is told.

A mail is decided on all the days known of, so the value may have moved on since the day that gave the reason.
"""

from typing import Literal

import msgspec

from services.alerts.domain.alert.occasion import Occasion, Side
from services.alerts.domain.plan.plan import Limit, limit

OTHER: dict[Side, Side] = {"above": "below", "below": "above"}

Position = Literal["beyond", "between", "clear"]
Turn = Literal[
    "raised",
    "raised_at_once",
    "raised_before",
    "raised_fallen_back",
    "raised_unseen",
    "expected",
    "expected_fallen_back",
    "expected_unseen",
    "resolved",
    "resolved_then_beyond",
    "resolved_unseen",
    "corrected",
    "corrected_but_beyond",
    "raised_limit_moved",
    "limit_moved",
    "limit_moved_but_beyond",
    "restated",
    "restated_beyond",
    "escalated",
    "snooze_ended",
    "reminded",
]


class TurnText(msgspec.Struct, frozen=True):
    """What a mail says of a turn. Of ``lead``, the sentences whose names and numbers are all known are said."""

    subject: str
    headline: str
    lead: tuple[str, ...]


def position(value: float, occasion: Occasion) -> Position:
    """Past the limit, past the level that ends the alert, or past neither. On a limit is not past it.

    Without a limit, what the control chart tells of the month.
    """
    breach = limit(occasion.breach, occasion.threshold)
    if breach is None:
        return "beyond" if occasion.ruled and occasion.ruled.told == "breach" else "clear"
    if breach.passed(value):
        return "beyond"
    ends = occasion.clear is None or Limit(OTHER[occasion.breach], occasion.clear).passed(value)
    return "clear" if ends else "between"


def turn(occasion: Occasion, at: Position | None) -> Turn:
    """The turn; ``at`` is where the value stands, None when there is none to show."""
    match occasion.reason:
        case "escalated" | "snooze_ended" | "reminded":
            return occasion.reason
        case "data_corrected":
            return _corrected(occasion, at)
        case "hold_met":
            return _raised(occasion, at)
        case "expected_breach":
            return "expected" if at == "beyond" else "expected_fallen_back" if at else "expected_unseen"
        case "resolved":
            return "resolved_then_beyond" if at == "beyond" else "resolved" if at else "resolved_unseen"
        case "limit_moved":
            return "limit_moved_but_beyond" if at == "beyond" else "limit_moved"


def _corrected(occasion: Occasion, at: Position | None) -> Turn:
    if occasion.corrects:
        return "restated_beyond" if at == "beyond" else "restated"
    return "corrected_but_beyond" if at == "beyond" else "corrected"


def _raised(occasion: Occasion, at: Position | None) -> Turn:
    if at is None:
        return "raised_unseen"
    if at != "beyond":
        return "raised_fallen_back"
    if occasion.moved:
        return "raised_limit_moved"
    if occasion.on > occasion.began:
        return "raised_before"
    return "raised" if occasion.on > occasion.since else "raised_at_once"
