"""What a value tells of, in words: the days of its window, or the whole months of one that is told by month."""

from services.alerts.domain.alert.occasion import Occasion
from services.alerts.domain.letter.words import MailWords
from shared.contracts.metrics import MetricValue
from shared.language import numbers as written
from shared.language.language import Language
from shared.language.phrase import phrase


def months(value: MetricValue, words: MailWords, language: Language) -> str | None:
    """The months a value tells of; None of one that tells of the days up to the day it is of."""
    return words.months.format(until=written.day(value.until, language)) if value.until else None


def dated(amount: str, value: MetricValue, words: MailWords, language: Language) -> str:
    """A value as written, with the months it tells of."""
    told = months(value, words, language)
    return f"{amount} ({told})" if told else amount


def spans(occasion: Occasion, words: MailWords, language: Language) -> dict[str, str]:
    """``span`` is what a value is counted over, ``period`` which days that were; ``months`` only where it is months."""
    if told := months(occasion.measured, words, language):
        return {"span": told, "period": told, "months": told}
    window = occasion.window_days
    texts = {"window": written.plain(window, language), "on": written.day(occasion.on, language)}
    patterns = {"span": words.window, "period": words.up_to}
    return {name: phrase(pattern, {"window": window}, texts) for name, pattern in patterns.items()}
