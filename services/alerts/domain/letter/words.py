"""The words a mail is made of; one filled table per language (en, sv).

Every text is a pattern for ``shared.language.phrase``; the fields it may use are those ``facts`` gathers.
"""

from typing import Literal

import msgspec

from services.alerts.domain.alert.occasion import DayBefore, MailReason, Side
from services.alerts.domain.letter.turn import Turn, TurnText
from services.alerts.domain.plan.plan import Decision
from shared.contracts.events import MeasureStatus

Taken = Literal["nobody", "open", "until"]
"""Nobody has acknowledged an alert; somebody has, with no day on which that ends; somebody has, until a day."""


class MailWords(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a mail says in one language, apart from names and numbers."""

    badge: dict[MailReason, str]
    severity: dict[str, str]
    side: dict[Side, str]
    promise: dict[Side, str]
    """The limit as a promise: at most, at least."""

    turns: dict[Turn, TurnText]
    restated_badge: str
    restated: str
    """What was told before of the same day."""
    stands: dict[MailReason, str]
    """Said of an alert, or of a warning, that goes on although its value was another."""
    taken: dict[Taken, str]
    """Who has taken an alert on, if anybody."""
    day_before: dict[DayBefore, str]
    """Why a breach may have begun before the first day of it that is known."""
    value_now: str
    value_then: str
    """How a value of another day than the latest known is spoken of."""
    value_of_months: str
    hidden: str
    missing: str
    missing_months: str
    unknown: dict[str, tuple[str, ...]]
    """By the status of the latest word; of the sentences, those whose days are known are said."""

    unfinished: str
    unfinished_of: str
    """A delivery that has come in part, and one of which it is known how many events it has."""

    window: str
    up_to: str
    months: str
    """What a value tells of: days, days up to one, or the whole months of one that is told by month."""

    every_occupation: str
    parts: dict[str, str]
    """Whom of a group a value is about, by the words of ``GET /v1/metrics``: genders and age bands."""
    everywhere: str
    value_on: str
    value_expected_on: str
    value_over_months: str
    limit: str
    limit_ends: dict[MailReason, str]
    people: str
    chance: str
    chance_can: str
    chance_cannot: str
    chance_unknown: str
    chance_months: str
    chance_count: str
    weak: str
    interval: str

    measures: dict[MailReason, str]
    no_measure: str
    owner: str
    due: str
    date_passed: str
    cost: str
    decision: dict[Decision, str]
    """What is said of a budget; nothing of a measure that needs no decision."""
    trial: str
    trial_until: str
    trial_over: str
    progress: dict[MeasureStatus, str]

    open: str
    plan: str
    definition: str
    decided: str
    why_me: str

    opening_badge: str
    opening_subject: str
    opening_counted: dict[str, str]
    opening_and: str
    opening_headline: str
    opening_lead: str
    opening_state: dict[str, str]
    opening_pending: str
    """Of the mail about what breaches when watching begins."""

    summary_badge: str
    summary_subject: str
    summary_headline: str
    summary_where: str
    summary_lead: str
    summary_others: str
    summary_open: str
    """Of the mail in the place of many."""

    bundle_badge: str
    counted: dict[MailReason, str]
    bundle_lead: str
    bundle_plans: str
    bundle_same: str
    bundle_below: str
    bundle_others: str
    """Of one mail of several notices."""
