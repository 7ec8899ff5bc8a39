"""The names and numbers of an occasion, written for one reader: what the words' fields are filled with."""

from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import astuple

from services.alerts.domain.alert.occasion import FollowUp, MailReason, Occasion
from services.alerts.domain.alert.restated import outside
from services.alerts.domain.letter import ruling
from services.alerts.domain.letter.span import dated, spans
from services.alerts.domain.letter.turn import OTHER, Position, position
from services.alerts.domain.letter.whom import only, whom
from services.alerts.domain.letter.words import MailWords, Taken
from shared.contracts.catalogue import BY_NAME, Unit
from shared.contracts.metrics import ALL, MetricValue
from shared.language import numbers as written
from shared.language.language import Language
from shared.language.numbers import Numbers
from shared.language.phrase import capitalised, fields, one_line, phrase, shortened

LONGEST_NAME, LONGEST_NOTE = 80, 300


class Writer(msgspec.Struct, frozen=True):
    """Writes values of one metric for one reader, with as many decimals as it takes to tell them from the limits."""

    unit: Unit
    language: Language
    places: int

    def amount(self, value: float) -> str:
        """A value with its unit."""
        return written.amount(value, self.unit, self.language, self.places)

    def between(self, low: float, high: float) -> str:
        """An interval with its unit."""
        return written.between(low, high, self.unit, self.language, self.places)


class LetterFacts(msgspec.Struct, frozen=True):
    """``texts`` fills patterns, ``numbers`` inflects them.

    ``value`` is what may be shown of the value, if anything, and ``at`` where it stands.
    """

    texts: dict[str, str]
    numbers: dict[str, float]
    value: MetricValue | None
    at: Position | None
    language: Language

    def say(self, pattern: str) -> str:
        """The pattern filled and inflected."""
        return phrase(pattern, self.numbers, self.texts)

    def known(self, pattern: str) -> bool:
        """Whether everything the pattern speaks of is known."""
        return fields(pattern) <= self.texts.keys()


def gather(occasion: Occasion, recipient: str, language: Language, words: MailWords) -> LetterFacts:
    """Everything the patterns of ``words`` may use. A number that may not be shown is not among them at all."""
    value = shown(occasion.measured, occasion)
    at = position(value.value, occasion) if value and value.value is not None else None
    writer = _writer(occasion, value, language)
    texts = _names(occasion, recipient, language, words) | _dates(occasion, language)
    texts["day_before"] = words.day_before[occasion.day_before]
    texts |= spans(occasion, words, language) | _values(occasion, value, writer, words)
    texts |= _ruled(occasion, writer) if value else {}
    texts |= _limits(occasion, at, writer, words) | _moved(occasion, value, writer, words)
    texts |= _followed(occasion, writer, words)
    if value:
        texts["value_is"] = phrase(_value_is(occasion, words, language), {}, texts)
        texts["value_beyond" if at == "beyond" else "value_within"] = texts["value_is"]
    numbers = _counts(occasion, at)
    texts |= {name: written.plain(number, language) for name, number in numbers.items()}
    return LetterFacts(texts, numbers, value, at, language)


def shown(value: MetricValue | None, occasion: Occasion) -> MetricValue | None:
    """The value if it has a number and everyone may see it. Where today's is suppressed, so is every other one."""
    if value is None or value.value is None or "suppressed" in (value.status, occasion.measured.status):
        return None
    return value


def title(titles: dict[str, str], language: Language, otherwise: Language) -> str:
    """A title in the reader's language, else in the plan's, else in any."""
    return one_line(titles.get(language) or titles.get(otherwise) or next(iter(titles.values()), ""))


def unit_name(occasion: Occasion, words: MailWords) -> str:
    """What the unit is called to the reader."""
    if occasion.unit_name in ("", ALL):
        return words.everywhere
    return shortened(one_line(occasion.unit_name), LONGEST_NAME)


def _names(occasion: Occasion, recipient: str, language: Language, words: MailWords) -> dict[str, str]:
    metric = BY_NAME.get(occasion.metric)
    return {
        "unit": unit_name(occasion, words),
        "occupation": whom(occasion, words) or words.every_occupation,
        "only": only(occasion, words),
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
    since = "since_at_least" if occasion.since_at_least else "since"
    days = {since: occasion.since, "began": occasion.began, "on": occasion.on, "ended": occasion.ended}
    if why := occasion.unknown:
        days |= {"known_from": why.known_from, "complete_from": why.complete_from}
    texts = {name: written.day(day, language) for name, day in days.items() if day}
    return {**texts, "decided": written.moment(occasion.decided, ZoneInfo(occasion.time_zone), language)}


def _counts(occasion: Occasion, at: Position | None) -> dict[str, float]:
    """Numbers of days; a hold the plan does not have is not spoken of, nor one that does not run."""
    holds = {"hold": occasion.hold_days, "clear_hold": occasion.clear_hold_days if at == "clear" else 0}
    return {
        "lasted": ((occasion.ended or occasion.on) - occasion.since).days,
        "ahead": (occasion.on - occasion.today).days,
        "window": occasion.window_days,
        **{name: days for name, days in holds.items() if days},
        **({"unattended": occasion.follow.unattended} if occasion.follow else {}),
    }


def _writer(occasion: Occasion, value: MetricValue | None, language: Language) -> Writer:
    """How this occasion writes its numbers: all with the same unit and as many decimals as it takes."""
    unit: Unit = BY_NAME[occasion.metric].unit if occasion.metric in BY_NAME else "count"
    moved = occasion.moved.threshold if occasion.moved else None
    limits = [limit for limit in (occasion.threshold, occasion.clear, moved) if limit is not None]
    before = occasion.corrects.measured if occasion.corrects else None
    last = occasion.follow.before if occasion.follow else None
    told = [shown(one, occasion) for one in (occasion.present, occasion.raised_with, before, last)]
    others = [value.low, value.high, value.value] if value else []
    others += [one.value for one in told if one]
    others += [occasion.moved.told] if occasion.moved and value else []
    others += [occasion.ruled.mean, occasion.ruled.lower, occasion.ruled.upper] if occasion.ruled else []
    places = written.decimals(unit, limits, [other for other in others if other is not None])
    return Writer(unit, language, places)


def _value_is(occasion: Occasion, words: MailWords, language: Language) -> str:
    if occasion.ruled:
        return ruling.WORDS[language].value_is
    if occasion.measured.until:
        return words.value_of_months
    return words.value_now if occasion.on >= occasion.today else words.value_then


def _values(occasion: Occasion, value: MetricValue | None, writer: Writer, words: MailWords) -> dict[str, str]:
    """``told`` is the value with the months it tells of, if it does."""
    present = shown(occasion.present, occasion)
    past = present and present.value is not None and position(present.value, occasion) == "beyond"
    several = {
        "value": value,
        "told": value,
        "present_beyond" if past else "present": present,
        "raised_with": shown(occasion.raised_with, occasion),
        "before": shown(occasion.corrects.measured, occasion) if occasion.corrects else None,
    }
    texts = {
        name: amount if name == "value" else dated(amount, given, words, writer.language)
        for name, given in several.items()
        if given is not None and given.value is not None and (amount := writer.amount(given.value))
    }
    if value is not None and value.low is not None and value.high is not None:
        texts["interval"] = writer.between(value.low, value.high)
    return texts | _before(occasion, value, writer, words)


def _before(occasion: Occasion, value: MetricValue | None, writer: Writer, words: MailWords) -> dict[str, str]:
    """``interval_before`` is the interval that was told, where the value lies outside; ``stands`` what goes on."""
    if occasion.corrects is None or value is None or value.value is None:
        return {}
    told = occasion.corrects.measured
    texts = {} if occasion.ended or not occasion.alarmed else {"stands": words.stands[_kind(occasion)]}
    if told.low is not None and told.high is not None and outside(told, value.value):
        texts["interval_before"] = writer.between(told.low, told.high)
    return texts


def _followed(occasion: Occasion, writer: Writer, words: MailWords) -> dict[str, str]:
    """Of an alert that goes on: who was told when, who has taken it on or snoozed it, and what its reader knows."""
    if (follow := occasion.follow) is None:
        return {}
    language = writer.language
    names = [shortened(one_line(name), LONGEST_NAME) for name in follow.told_to]
    several = ", ".join(names[:-1]) + words.opening_and + names[-1] if len(names) > 1 else "".join(names)
    foreign = {"by": follow.by, "note": follow.note, "assigned": follow.assigned}
    texts = {name: shortened(one_line(text), LONGEST_NOTE) for name, text in foreign.items() if text}
    texts |= {"told_to": several, "told_on": written.day(follow.told, language)}
    texts |= {"by_until": written.day(follow.until, language)} if follow.until else {}
    texts["taken"] = words.taken[_taken(follow)].format_map(texts)
    before = shown(follow.before, occasion)
    if before is not None and before.value is not None:
        texts["value_before"] = dated(writer.amount(before.value), before, words, language)
    return texts


def _taken(follow: FollowUp) -> Taken:
    if follow.by is None:
        return "nobody"
    return "until" if follow.until else "open"


def _kind(occasion: Occasion) -> MailReason:
    return "expected_breach" if occasion.on > occasion.today else "hold_met"


def _limits(occasion: Occasion, at: Position | None, writer: Writer, words: MailWords) -> dict[str, str]:
    """``stays`` is where the value must stay for the alert to end; ``short_of`` where it has to get to first."""
    if occasion.threshold is None:
        return {}
    limit, side = writer.amount(occasion.threshold), words.side[occasion.breach]
    promise = words.promise[occasion.breach].format(limit=limit)
    texts = {"limit": limit, "promise": promise, "side": side, "side_first": capitalised(side), "stays": promise}
    if occasion.clear is None:
        return texts
    texts |= {"clear": writer.amount(occasion.clear), "clear_side": words.side[OTHER[occasion.breach]]}
    ends = f"{texts['clear_side']} {texts['clear']}"
    return {**texts, "stays": ends, **({"short_of": ends} if at == "between" else {})}


def _ruled(occasion: Occasion, writer: Writer) -> dict[str, str]:
    """What the control chart tells; ``month`` is the month the value is of."""
    if occasion.ruled is None:
        return {}
    judged = ruling.Judged(occasion.ruled, occasion.metric, Numbers(*astuple(writer)))
    texts = judged.texts() | ruling.month_of(occasion.on, writer.language)
    told = {"chance": judged.chance()} if occasion.ruled.told == "breach" else {}
    mean = {} if occasion.ruled.mean is None else {"limit": writer.amount(occasion.ruled.mean)}
    return texts | told | mean | {"promise": texts["condition"]}


def _moved(occasion: Occasion, value: MetricValue | None, writer: Writer, words: MailWords) -> dict[str, str]:
    """The promise of before, where the limit has moved; ``unmoved`` is the value if the reader knows it as it is.

    Else it is ``moved_now`` where they were told ``told_before``, and ``moved_to`` where they were told nothing.
    """
    if (before := occasion.moved) is None:
        return {}
    texts = {"promise_before": words.promise[before.side].format(limit=writer.amount(before.threshold))}
    if value is None or value.value is None:
        return texts
    now = dated(writer.amount(value.value), value, words, writer.language)
    if value.value == (before.value if before.told is None else before.told):
        return texts | {"unmoved": now}
    if before.told is None:
        return texts | {"moved_to": now}
    return texts | {"moved_now": now, "told_before": writer.amount(before.told)}
