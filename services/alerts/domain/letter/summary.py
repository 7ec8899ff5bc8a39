"""One mail in the place of many: what a recipient is told of beyond the mails of an hour."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from services.alerts.domain.alert.occasion import MailReason
from services.alerts.domain.handling.link import overview
from services.alerts.domain.letter.en import EN
from services.alerts.domain.letter.message import Detail, Message
from services.alerts.domain.letter.sv import SV
from services.alerts.domain.letter.words import MailWords
from shared.language.language import Language
from shared.language.phrase import one_line, phrase

WORDS: dict[Language, MailWords] = {"sv": SV, "en": EN}
ORDER: tuple[MailReason, ...] = (
    "hold_met",
    "escalated",
    "snooze_ended",
    "reminded",
    "expected_breach",
    "data_corrected",
    "limit_moved",
    "resolved",
)
NAMED = 12
"""Units of one kind of notice that are named; the others are counted."""


class Notices(msgspec.Struct, frozen=True):
    """How many notices of one kind, and the units they are about, the most often named first."""

    reason: MailReason
    count: int
    units: tuple[str, ...]
    others: int


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """The notices of one recipient that are told of together; it travels as JSON in the outbox.

    ``mails`` is how many mails an hour the recipient gets one by one.
    """

    id: str
    decided: datetime
    mails: int
    time_zone: str
    link: str
    notices: tuple[Notices, ...]

    @property
    def count(self) -> int:
        """How many notices there are."""
        return sum(one.count for one in self.notices)


class HeldNotice(NamedTuple):
    """A notice that is held back: what it is about, and what its mail would link to, in the plan's time zone."""

    reason: MailReason
    unit_name: str
    link: str
    time_zone: str


def summary(name: str, held: Sequence[HeldNotice], mails: int, decided: datetime) -> Summary:
    """The summary of at least one notice; it links to what all of them are found under."""
    return Summary(
        id=name,
        decided=decided,
        mails=mails,
        time_zone=held[0].time_zone,
        link=overview(held[0].link),
        notices=tuple(_notices(reason, held) for reason in ORDER if any(one.reason == reason for one in held)),
    )


def _notices(reason: MailReason, held: Sequence[HeldNotice]) -> Notices:
    units = Counter(one.unit_name for one in held if one.reason == reason)
    named = tuple(name for name, _ in units.most_common(NAMED))
    return Notices(reason, units.total(), named, len(units) - len(named))


def summarised(told: Summary, recipient: str, language: Language) -> Message:
    """The summary in words."""
    words = WORDS[language]
    numbers: Mapping[str, float] = {"n": told.count, "mails": told.mails}
    texts = {"n": str(told.count), "mails": str(told.mails), "recipient": one_line(recipient)}

    def say(pattern: str) -> str:
        return phrase(pattern, numbers, texts)

    return Message(
        language=language,
        subject=say(words.summary_subject),
        tone="neutral",
        badge=words.summary_badge,
        severity="",
        plan_title="",
        headline=say(words.summary_headline),
        where=words.summary_where,
        lead=say(words.summary_lead),
        figure=None,
        rows=tuple(_row(one, words) for one in told.notices),
        measures_title="",
        tasks=(),
        no_measure="",
        link=told.link,
        open=words.summary_open,
        small_print=(say(words.why_me),),
    )


def _row(one: Notices, words: MailWords) -> Detail:
    units = [_unit(name, words) for name in one.units]
    others = phrase(words.summary_others, {"n": one.others}, {"n": str(one.others)}) if one.others else ""
    badge = words.restated_badge if one.reason == "data_corrected" else words.badge[one.reason]
    return Detail(f"{badge}: {one.count}", ", ".join([*units, *([others] if others else [])]))


def _unit(name: str, words: MailWords) -> str:
    return words.everywhere if name == "*" else one_line(name)
