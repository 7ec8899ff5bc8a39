"""Whom of a unit a value is about, in words: an occupation, women, those under thirty."""

from typing import Protocol

from services.alerts.domain.letter.words import MailWords
from services.alerts.domain.plan.plan import Part
from shared.contracts.metrics import ALL
from shared.language.phrase import one_line, shortened

LONGEST_NAME = 80


class Narrowed(Protocol):
    """What is about some of a unit."""

    @property
    def occupation(self) -> str:
        """One, or ``*`` for all."""

    @property
    def gender(self) -> str:
        """One, or ``*`` for all."""

    @property
    def age(self) -> str:
        """A band, or ``*`` for all."""


def whom(of: Narrowed, words: MailWords) -> str:
    """``kvinnor, socialsekreterare``; empty of everyone."""
    said = in_words(Part(of.gender, of.age), words)
    named = [] if of.occupation == ALL else [shortened(one_line(of.occupation), LONGEST_NAME)]
    return ", ".join((*said, *named))


def in_words(part: Part, words: MailWords) -> list[str]:
    """A gender, an age band, both, or nothing."""
    return [words.parts.get(word, one_line(word)) for word in part if word != ALL]


def only(of: Narrowed, words: MailWords) -> str:
    """The same in brackets, after a metric."""
    said = whom(of, words)
    return f" ({said})" if said else ""
