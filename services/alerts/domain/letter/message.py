"""What a mail says: every sentence, decided and worded before it is laid out. Nothing here knows of HTML or SMTP."""

from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from services.alerts.domain.alert.occasion import FOLLOWING, Occasion, UnfinishedDelivery
from services.alerts.domain.letter import ruling
from services.alerts.domain.letter.en import EN
from services.alerts.domain.letter.facts import LONGEST_NAME, LetterFacts, gather
from services.alerts.domain.letter.people import BEHIND
from services.alerts.domain.letter.sv import SV
from services.alerts.domain.letter.task import ActionText, task
from services.alerts.domain.letter.track import Track, track
from services.alerts.domain.letter.turn import Turn, TurnText, turn
from services.alerts.domain.letter.words import MailWords
from shared.contracts.catalogue import BY_NAME
from shared.contracts.catalogue.chance import chance
from shared.language import numbers as written
from shared.language.language import Language
from shared.language.phrase import capitalised, one_line, phrase, shortened

Tone = Literal["alert", "early", "good", "neutral"]
WORDS: dict[Language, MailWords] = {"sv": SV, "en": EN}
TONES: dict[Turn, Tone] = {
    "resolved": "good",
    "resolved_unseen": "good",
    "resolved_then_beyond": "neutral",
    "corrected": "neutral",
    "corrected_but_beyond": "neutral",
    "limit_moved": "neutral",
    "limit_moved_but_beyond": "neutral",
    "restated": "neutral",
    "expected": "early",
    "expected_fallen_back": "early",
    "expected_unseen": "early",
}
"""Any other turn is an alert."""
RESTATED = frozenset({"restated", "restated_beyond"})
LASTING = frozenset({"hold_met", "expected_breach", *FOLLOWING})
NAMED = 3
"""Deliveries that have come in part which a mail names."""


class Detail(msgspec.Struct, frozen=True):
    """A question the reader has, and its answer."""

    label: str
    text: str


class Figure(msgspec.Struct, frozen=True):
    """The value, large, and the bar that sets it against the limit."""

    value: str
    on: str
    limit: str
    limit_label: str
    interval: str | None
    interval_label: str
    track: Track


class Message(msgspec.Struct, frozen=True):
    """A mail in words, in the order it is read."""

    language: Language
    subject: str
    tone: Tone
    badge: str
    severity: str
    plan_title: str
    headline: str
    where: str
    lead: str
    figure: Figure | None
    rows: tuple[Detail, ...]
    measures_title: str
    tasks: tuple[ActionText, ...]
    no_measure: str
    link: str
    open: str
    small_print: tuple[str, ...]


def message(occasion: Occasion, recipient: str, language: Language) -> Message:
    """The mail about ``occasion`` for the plan's ``recipient``; raises KeyError for an unknown time zone."""
    words = WORDS[language]
    facts = gather(occasion, recipient, language, words)
    reason, now = occasion.reason, turn(occasion, facts.at)
    told = (ruling.WORDS[language].turns if occasion.threshold is None else words.turns).get(now, words.turns[now])
    return Message(
        language=language,
        subject=facts.say(told.subject),
        tone=TONES.get(now, "alert"),
        badge=words.restated_badge if now in RESTATED else words.badge[reason],
        severity=words.severity.get(occasion.severity, one_line(occasion.severity)) if reason == "hold_met" else "",
        plan_title=facts.texts["plan_title"],
        headline=facts.say(told.headline),
        where=f"{facts.texts['unit']} · {facts.texts['occupation']}",
        lead=" ".join(_lead(told, occasion, facts, words, language)),
        figure=_figure(occasion, facts, words),
        rows=tuple(_rows(occasion, facts, words, language)),
        measures_title=words.measures.get(reason, ""),
        tasks=tuple(task(m, occasion, words, language) for m in occasion.measures) if reason in words.measures else (),
        no_measure=words.no_measure if reason in LASTING else "",
        link=occasion.link,
        open=words.open,
        small_print=tuple(facts.say(p) for p in (words.plan, words.definition, words.decided, words.why_me)),
    )


def _lead(told: TurnText, occasion: Occasion, facts: LetterFacts, words: MailWords, language: Language) -> list[str]:
    note = () if occasion.reason == "data_corrected" else (words.restated,)
    why = words.unknown[occasion.unknown.status] if occasion.unknown else ()
    lead = [facts.say(pattern) for pattern in (*told.lead, *note, *why) if facts.known(pattern)]
    if facts.value is not None or why:
        return [*lead, *(_unfinished(one, occasion, words, language) for one in occasion.unfinished[:NAMED])]
    if occasion.measured.status == "suppressed":
        return [*lead, facts.say(words.hidden)]
    return [*lead, facts.say(words.missing_months if occasion.measured.until else words.missing)]


def _unfinished(one: UnfinishedDelivery, about: Occasion, words: MailWords, language: Language) -> str:
    """That a delivery has come in part alone."""
    numbers = {"arrived": float(one.arrived)} | ({} if one.of is None else {"of": float(one.of)})
    texts = {name: written.plain(number, language) for name, number in numbers.items()}
    texts |= {"source": shortened(one_line(one.source), LONGEST_NAME)}
    texts |= {"since": written.moment(one.since, ZoneInfo(about.time_zone), language)}
    return phrase(words.unfinished if one.of is None else words.unfinished_of, numbers, texts)


def _figure(occasion: Occasion, facts: LetterFacts, words: MailWords) -> Figure | None:
    level = _level(occasion)
    if facts.value is None or facts.value.value is None or level is None:
        return None
    return Figure(
        value=facts.texts["value"],
        on=facts.say(_on(occasion, words)),
        limit=facts.texts["limit"],
        limit_label=ruling.WORDS[facts.language].mean if occasion.ruled else words.limit,
        interval=facts.texts.get("interval"),
        interval_label=words.interval,
        track=track(facts.value.value, level, facts.value.low, facts.value.high),
    )


def _level(occasion: Occasion) -> float | None:
    """What a value is set against: the limit, or the mean that a rule judges by."""
    return occasion.ruled.mean if occasion.ruled else occasion.threshold


def _on(occasion: Occasion, words: MailWords) -> str:
    if occasion.ruled:
        return "{month}"
    if occasion.measured.until:
        return words.value_over_months
    return words.value_expected_on if occasion.reason == "expected_breach" else words.value_on


def _rows(occasion: Occasion, facts: LetterFacts, words: MailWords, language: Language) -> list[Detail]:
    if facts.value is None:
        return []
    rows = [Detail(words.people, _people(occasion, facts, words, language))]
    if occasion.reason in LASTING:
        if facts.at == "beyond":
            rows.append(Detail(words.chance, _chance(occasion, facts, words)))
        ends = words.limit_ends[occasion.reason] if "clear" in facts.texts else "{promise}"
        label = ruling.WORDS[language].rule if occasion.ruled else words.limit
        rows.append(Detail(label, f"{capitalised(facts.say(ends))}."))
    return [row for row in rows if row.text]


def _people(occasion: Occasion, facts: LetterFacts, words: MailWords, language: Language) -> str:
    weak = facts.value is not None and facts.value.status == "low_reliability"
    return " ".join(part for part in (_behind(occasion, facts, language), words.weak if weak else "") if part)


def _behind(occasion: Occasion, facts: LetterFacts, language: Language) -> str:
    pattern, value = BEHIND[language].get(occasion.metric), facts.value
    if pattern is None or value is None or value.numerator is None or value.denominator is None:
        return ""
    numbers = {"n": value.numerator, "d": value.denominator}
    texts = {name: written.plain(number, language) for name, number in numbers.items()}
    return phrase(pattern, numbers, texts | {"span": facts.texts["span"]}) + "."


def _chance(occasion: Occasion, facts: LetterFacts, words: MailWords) -> str:
    if "chance" in facts.texts:
        return facts.texts["chance"]
    if occasion.confirmed is None or "interval" not in facts.texts:
        return _without_interval(occasion.metric, words)
    return facts.say(words.chance_cannot if occasion.confirmed else words.chance_can)


def _without_interval(metric: str, words: MailWords) -> str:
    how = chance(BY_NAME[metric]) if metric in BY_NAME else "interval"
    return {"months": words.chance_months, "count": words.chance_count, "interval": words.chance_unknown}[how]
