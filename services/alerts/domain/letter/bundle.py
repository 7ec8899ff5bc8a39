"""What one mail says of several notices: the picture of the whole on top, the first in full, the rest line by line."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from services.alerts.domain.alert.occasion import FOLLOWING, MailReason
from services.alerts.domain.handling.link import overview
from services.alerts.domain.letter.entries import ORDER, Entry, Notice, Surroundings, entries
from services.alerts.domain.letter.facts import unit_name
from services.alerts.domain.letter.message import WORDS, Message, Tone
from services.alerts.domain.letter.words import MailWords
from shared.language import numbers as written
from shared.language.language import Language
from shared.language.phrase import capitalised, one_line, phrase

FULL = 3
"""Entries that are told in full, with their pictures."""

LISTED, BELOW = 250, 20
"""Lines that tell of the rest, and of the units below one; what is beyond them is counted."""

NAMED = 2
"""Units that the subject names."""

TONES: dict[MailReason, Tone] = {
    "hold_met": "alert",
    **dict.fromkeys(FOLLOWING, "alert"),
    "expected_breach": "early",
    "data_corrected": "neutral",
    "limit_moved": "neutral",
}
"""The tone of a mail is that of what comes first in it; any other is good."""


class Line(msgspec.Struct, frozen=True):
    """A notice in a sentence, and where all of it is found, if anywhere."""

    text: str
    link: str
    heads: tuple[str, ...] = ()
    below: "tuple[Line, ...]" = ()


class Card(msgspec.Struct, frozen=True):
    """A notice in full."""

    said: Message
    heads: tuple[str, ...]
    below: tuple[Line, ...]


class Section(msgspec.Struct, frozen=True):
    """The notices of one kind."""

    title: str
    cards: tuple[Card, ...]
    lines: tuple[Line, ...]


class Bundle(msgspec.Struct, frozen=True):
    """A mail of several notices in words, in the order it is read."""

    language: Language
    subject: str
    tone: Tone
    badge: str
    headline: str
    where: str
    lead: str
    sections: tuple[Section, ...]
    others: str
    link: str
    open: str
    small_print: tuple[str, ...]
    leave: Line | None = None
    """Where the reader ends mails like this one, where they can."""


def bundled(
    notices: Iterable[Notice], around: Surroundings, recipients: Iterable[str], language: Language
) -> Bundle | Message:
    """One mail of several notices, for someone whom plans call by these names; of one in the end, that one's mail."""
    words, found = WORDS[language], entries(notices, around)
    if found == [Entry(found[0].notice)]:
        return found[0].notice.said
    counts = _counts(found, words, language)
    sections, unlisted = _sections(found, words, language)
    named = ", ".join(sorted({one_line(name) for name in recipients}))
    return Bundle(
        language=language,
        subject=f"{counts}: {_units(found, words, language)}",
        tone=TONES.get(found[0].notice.about.reason, "good"),
        badge=words.bundle_badge,
        headline=capitalised(counts),
        where=_where(found, words, language),
        lead=_say(words.bundle_lead, language, open=around.open, units=around.units, watched=around.watched),
        sections=sections,
        others=_say(words.bundle_others, language, n=unlisted) if unlisted else "",
        link=overview(found[0].notice.about.link),
        open=words.summary_open,
        small_print=(words.why_me.format(recipient=named),),
    )


def _say(pattern: str, language: Language, unit: str = "", **numbers: int) -> str:
    texts = {name: written.plain(number, language) for name, number in numbers.items()}
    return phrase(pattern, numbers, {**texts, "unit": unit})


def _counts(found: Iterable[Entry], words: MailWords, language: Language) -> str:
    every = (one for entry in found for one in (entry.notice, *entry.same, *entry.below))
    counted = Counter(one.about.reason for one in every)
    return ", ".join(_say(words.counted[reason], language, n=counted[reason]) for reason in ORDER if counted[reason])


def _units(found: Sequence[Entry], words: MailWords, language: Language) -> str:
    """The units that matter most by name, the others by number."""
    names = list(dict.fromkeys(unit_name(entry.notice.about, words) for entry in found))[:NAMED]
    others = len({one.about.unit for entry in found for one in (entry.notice, *entry.same, *entry.below)}) - len(names)
    return ", ".join(names) + (f" {_say(words.summary_others, language, n=others)}" if others > 0 else "")


def _where(found: Sequence[Entry], words: MailWords, language: Language) -> str:
    titles = list(dict.fromkeys(entry.notice.said.plan_title for entry in found))
    return titles[0] if len(titles) == 1 else _say(words.bundle_plans, language, n=len(titles))


def _sections(found: Sequence[Entry], words: MailWords, language: Language) -> tuple[tuple[Section, ...], int]:
    """The entries by kind, and how many notices found no room."""
    kinds = {reason: [one for one in found if one.notice.about.reason == reason] for reason in ORDER}
    cards: dict[MailReason, list[Card]] = {reason: [] for reason in ORDER}
    lines: dict[MailReason, list[Line]] = {reason: [] for reason in ORDER}
    room, unlisted = LISTED, 0
    for place, entry in enumerate(found):
        notice, below = entry.notice, entry.below[: min(BELOW, room)]
        told = tuple(_heads(entry, words, language)), tuple(map(_line, below))
        if place < FULL:
            cards[notice.about.reason].append(Card(notice.said, *told))
        elif room:
            lines[notice.about.reason].append(msgspec.structs.replace(_line(notice), heads=told[0], below=told[1]))
        else:
            unlisted += 1
        room, unlisted = max(0, room - len(below) - (place >= FULL)), unlisted + len(entry.below) - len(below)
    title = {reason: capitalised(_counts(kinds[reason], words, language)) for reason in ORDER}
    return tuple(Section(title[r], tuple(cards[r]), tuple(lines[r])) for r in ORDER if kinds[r]), unlisted


def _line(notice: Notice) -> Line:
    return Line(notice.said.subject, notice.about.link)


def _heads(entry: Entry, words: MailWords, language: Language) -> Iterator[str]:
    """What is said of the units that a notice stands for, before those below are listed."""
    unit = unit_name(entry.notice.about, words)
    if entry.same:
        yield words.bundle_same.format(unit=unit, units=", ".join(unit_name(one.about, words) for one in entry.same))
    if entry.below:
        yield _say(words.bundle_below, language, unit, n=len(entry.below))
