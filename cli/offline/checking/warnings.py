"""What a sound plan leaves unsaid for now, in sentences."""

from collections.abc import Iterator
from datetime import date

from cli.offline.checking.words import WORDS
from services.alerts.domain.plan.plan import Plan
from services.alerts.domain.plan.silence import Silence, silences
from shared.language.language import Language

WINDOW_DAYS = 365
"""Of the values that a plan is judged on, unless the metrics service is told otherwise."""


def warnings(sound: Plan, today: date, language: Language) -> Iterator[str]:
    """One of each target that nothing is heard of yet."""
    words = WORDS[language]
    for one in silences(sound, today, WINDOW_DAYS):
        said = words.silent[one.cause].format(
            name=_name(one, language), until=one.until, known_from=sound.known_from, days=WINDOW_DAYS
        )
        yield words.warning.format(said=said)


def _name(one: Silence, language: Language) -> str:
    if one.unit is None:
        return f'"{one.target}"'
    return WORDS[language].in_unit.format(target=f'"{one.target}"', unit=f'"{one.unit}"')
