"""The pay report as rows of texts, which a terminal and a page show alike."""

from collections.abc import Sequence

from babel.numbers import format_decimal

from cli.offline.reporting.pay_gap_words import WORDS, PayGapWords
from shared.contracts.pay_gap import PayGapReport, PayGroup, Told
from shared.language.language import Language
from shared.language.numbers import LOCALES

PER_CENT = {"sv": "{} %", "en": "{}%"}
MARK = " !"


def columns(language: Language) -> tuple[str, ...]:
    """What stands above."""
    w = WORDS[language]
    figures = (w.mean, w.median, w.mean_variable, w.median_variable, w.with_variable, w.bands, w.mean_basic)
    return (w.group, w.women, w.men, *figures)


def head(report: PayGapReport, language: Language) -> tuple[str, ...]:
    """The title, and what to mind: who is left out, and that no source may tell of variable pay."""
    words = WORDS[language]
    none_variable = all(
        group.women_with_variable.value == group.men_with_variable.value == 0 for group in report.groups[:1]
    )
    mind = {words.without_pay.format(count=report.without_pay): report.without_pay, words.no_variable: none_variable}
    return words.title.format(year=report.year), *(said for said, so in mind.items() if so)


def row(group: PayGroup, language: Language) -> tuple[str, ...]:
    """A group's figures in the order of the columns."""
    words = WORDS[language]
    return (
        name(group, words),
        str(group.women),
        str(group.men),
        _told([group.mean], language) + MARK * group.five_per_cent,
        *(_told([one], language) for one in (group.median, group.mean_variable, group.median_variable)),
        _told([group.women_with_variable, group.men_with_variable], language),
        _told(group.women_in_bands, language),
        _told([group.mean_basic], language),
    )


def name(group: PayGroup, words: PayGapWords) -> str:
    """What a group is called."""
    if group.grade:
        return f"{group.occupation}, {words.grades[group.grade]}"
    return group.category or group.occupation or words.everybody


def _told(some: Sequence[Told], language: Language) -> str:
    """Per cents beside one another; what all are alike is said once."""
    words = WORDS[language]
    said = {"suppressed": words.hidden, "not_applicable": words.nothing}
    texts = [said[one.status] if one.value is None else _number(one.value, language) for one in some]
    if any(one.value is not None for one in some):
        return PER_CENT[language].format(" / ".join(texts))
    return " / ".join(dict.fromkeys(texts))


def _number(value: float, language: Language) -> str:
    return str(format_decimal(100 * value, "0.0;−0.0", LOCALES[language]))
