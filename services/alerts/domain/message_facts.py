"""The names and numbers of an occasion, written for one reader: what the words' fields are filled with."""

from zoneinfo import ZoneInfo

import msgspec

from services.alerts.domain import message_numbers as written
from services.alerts.domain.message_phrase import capitalised, one_line, phrase, shortened
from services.alerts.domain.message_words import Words
from services.alerts.domain.occasion import Language, Occasion, Side
from shared.contracts.catalogue import BY_NAME, Unit
from shared.contracts.metrics import ALL, MetricValue

OTHER: dict[Side, Side] = {"above": "below", "below": "above"}
LONGEST_NAME = 80


class Facts(msgspec.Struct, frozen=True):
    """``texts`` fills patterns, ``numbers`` inflects them; ``value`` is what may be shown of the value, if anything."""

    texts: dict[str, str]
    numbers: dict[str, float]
    value: MetricValue | None

    def say(self, pattern: str) -> str:
        """The pattern filled and inflected."""
        return phrase(pattern, self.numbers, self.texts)


def gather(occasion: Occasion, recipient: str, language: Language, words: Words) -> Facts:
    """Everything the patterns of ``words`` may use. A number that may not be shown is not among them at all."""
    unit: Unit = BY_NAME[occasion.metric].unit if occasion.metric in BY_NAME else "count"
    value = shown(occasion.measured, occasion)
    numbers = {
        "lasted": (occasion.on - occasion.since).days,
        "ahead": (occasion.on - occasion.today).days,
        "hold": occasion.hold_days,
        "window": occasion.window_days,
    }
    bounds = (value.value, value.low, value.high) if value else ()
    places = written.decimals(unit, occasion.threshold, bounds)
    counted = {name: written.plain(number, language) for name, number in numbers.items()}
    texts = {**counted, **_names(occasion, recipient, language, words), **_dates(occasion, language)}
    texts |= _values(occasion, value, unit, language, places) | _sides(occasion, unit, language, places, words)
    return Facts(texts, {**numbers}, value)


def shown(value: MetricValue | None, occasion: Occasion) -> MetricValue | None:
    """The value if it has a number and everyone may see it. Where today's is suppressed, so is every other one."""
    if value is None or value.value is None or "suppressed" in (value.status, occasion.measured.status):
        return None
    return value


def title(titles: dict[str, str], language: Language, otherwise: Language) -> str:
    """A title in the reader's language, else in the plan's, else in any."""
    return one_line(titles.get(language) or titles.get(otherwise) or next(iter(titles.values()), ""))


def _names(occasion: Occasion, recipient: str, language: Language, words: Words) -> dict[str, str]:
    metric = BY_NAME.get(occasion.metric)
    unit = (
        words.everywhere if occasion.unit_name in ("", ALL) else shortened(one_line(occasion.unit_name), LONGEST_NAME)
    )
    narrowed = occasion.occupation != ALL
    occupation = shortened(one_line(occasion.occupation), LONGEST_NAME) if narrowed else words.every_occupation
    return {
        "unit": unit,
        "occupation": occupation,
        "only": f" ({occupation})" if narrowed else "",
        "metric": getattr(metric, language) if metric else one_line(occasion.metric),
        "plan": one_line(occasion.plan),
        "plan_title": title(occasion.plan_title, language, occasion.language),
        "version": str(occasion.plan_version),
        "target": one_line(occasion.target),
        "definition": one_line(occasion.measured.definition),
        "recipient": one_line(recipient),
        "zone": occasion.time_zone,
    }


def _dates(occasion: Occasion, language: Language) -> dict[str, str]:
    return {
        "since": written.day(occasion.since, language),
        "on": written.day(occasion.on, language),
        "decided": written.moment(occasion.decided, ZoneInfo(occasion.time_zone), language),
    }


def _values(
    occasion: Occasion, value: MetricValue | None, unit: Unit, language: Language, places: int
) -> dict[str, str]:
    several = {
        "value": value,
        "present": shown(occasion.present, occasion),
        "raised_with": shown(occasion.raised_with, occasion),
    }
    texts = {
        name: written.amount(given.value, unit, language, places)
        for name, given in several.items()
        if given is not None and given.value is not None
    }
    if value is not None and value.low is not None and value.high is not None:
        texts["interval"] = written.between(value.low, value.high, unit, language, places)
    return texts


def _sides(occasion: Occasion, unit: Unit, language: Language, places: int, words: Words) -> dict[str, str]:
    limit = written.amount(occasion.threshold, unit, language, places)
    texts = {
        "limit": limit,
        "promise": words.promise[occasion.breach].format(limit=limit),
        "side": words.side[occasion.breach],
        "side_first": capitalised(words.side[occasion.breach]),
        "clear_side": words.side[OTHER[occasion.breach]],
    }
    if occasion.clear is not None:
        texts["clear"] = written.amount(occasion.clear, unit, language, places)
    return texts
