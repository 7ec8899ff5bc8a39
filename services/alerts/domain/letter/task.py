"""A measure of the plan as a mail tells it: what, by whom, until when, at what cost, and what is overdue about it."""

from collections.abc import Iterator

import msgspec

from services.alerts.domain.alert.occasion import ActionNotice, Occasion
from services.alerts.domain.letter.facts import title
from services.alerts.domain.letter.words import MailWords
from services.alerts.domain.plan.progress import OVER
from shared.language import numbers as written
from shared.language.language import Language
from shared.language.phrase import one_line


class ActionText(msgspec.Struct, frozen=True):
    """A measure as the reader sees it; ``overdue`` is what has passed, if anything."""

    title: str
    details: tuple[str, ...]
    overdue: str | None


def task(measure: ActionNotice, occasion: Occasion, words: MailWords, language: Language) -> ActionText:
    """The measure in the words of one language, on the latest day known of."""
    passed = " · ".join(_passed(measure, occasion, words))
    return ActionText(
        title(measure.title, language, occasion.language), tuple(details(measure, words, language)), passed or None
    )


def details(measure: ActionNotice, words: MailWords, language: Language) -> Iterator[str]:
    """Who answers for it, by when, how long it is on trial, its cost, and what its budget waits for."""
    yield words.owner.format(owner=one_line(measure.owner))
    if progress := measure.progress:
        told = words.progress[progress.status].format(since=written.day(progress.since, language))
        yield f"{told} ({one_line(progress.note)})" if progress.note else told
    if measure.due:
        yield words.due.format(due=written.day(measure.due, language))
    if measure.trial:
        pattern = words.trial if measure.trial.first else words.trial_until
        days = {"first": measure.trial.first, "last": measure.trial.last}
        yield pattern.format_map({name: written.day(day, language) for name, day in days.items() if day})
    if measure.cost is not None:
        yield words.cost.format(cost=written.plain(measure.cost, language))
    if measure.decision in words.decision:
        yield words.decision[measure.decision]


def _passed(measure: ActionNotice, occasion: Occasion, words: MailWords) -> Iterator[str]:
    if measure.progress and measure.progress.status in OVER:
        return
    if measure.due and measure.due < occasion.today:
        yield words.date_passed
    if measure.trial and measure.trial.last < occasion.today:
        yield words.trial_over
