"""What a mail says: every sentence, decided and worded before it is laid out. Nothing here knows of HTML or SMTP."""

from typing import Literal

import msgspec

from services.alerts.domain import message_numbers as written
from services.alerts.domain.message_en import EN
from services.alerts.domain.message_facts import Facts, gather, title
from services.alerts.domain.message_people import BEHIND
from services.alerts.domain.message_phrase import capitalised, one_line, phrase
from services.alerts.domain.message_sv import SV
from services.alerts.domain.message_track import Track, track
from services.alerts.domain.message_words import Words
from services.alerts.domain.occasion import Language, Measure, Occasion

Tone = Literal["alert", "early", "good", "neutral"]
WORDS: dict[Language, Words] = {"sv": SV, "en": EN}
TONES: dict[str, Tone] = {"hold_met": "alert", "expected_breach": "early", "resolved": "good"}
LASTING = frozenset({"hold_met", "expected_breach"})


class Row(msgspec.Struct, frozen=True):
    """A question the reader has, and its answer."""

    label: str
    text: str


class Task(msgspec.Struct, frozen=True):
    """A measure as the reader sees it."""

    title: str
    details: tuple[str, ...]
    overdue: str | None


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
    rows: tuple[Row, ...]
    measures_title: str
    tasks: tuple[Task, ...]
    no_measure: str
    link: str
    open: str
    small_print: tuple[str, ...]


def message(occasion: Occasion, recipient: str, language: Language) -> Message:
    """The mail about ``occasion`` for the plan's ``recipient``; raises KeyError for an unknown time zone."""
    words = WORDS[language]
    facts = gather(occasion, recipient, language, words)
    reason = occasion.reason
    subjects, headlines = (
        (words.subject, words.headline) if facts.value else (words.subject_without_value, words.headline_without_value)
    )
    return Message(
        language=language,
        subject=facts.say(subjects[reason]),
        tone=TONES.get(reason, "neutral"),
        badge=words.badge[reason],
        severity=words.severity.get(occasion.severity, one_line(occasion.severity)) if reason == "hold_met" else "",
        plan_title=facts.texts["plan_title"],
        headline=facts.say(headlines[reason]),
        where=f"{facts.texts['unit']} · {facts.texts['occupation']}",
        lead=" ".join(facts.say(pattern) for pattern in _lead(occasion, facts, words)),
        figure=_figure(occasion, facts, words),
        rows=tuple(_rows(occasion, facts, words, language)),
        measures_title=words.measures.get(reason, ""),
        tasks=tuple(_task(m, occasion, words, language) for m in occasion.measures) if reason in words.measures else (),
        no_measure=words.no_measure if reason in LASTING else "",
        link=occasion.link,
        open=words.open,
        small_print=tuple(facts.say(p) for p in (words.plan, words.definition, words.decided, words.why_me)),
    )


def _lead(occasion: Occasion, facts: Facts, words: Words) -> list[str]:
    if facts.value is None:
        why = words.hidden if occasion.measured.status == "suppressed" else words.missing
        return [words.lead_without_value[occasion.reason], why]
    match occasion.reason:
        case "hold_met":
            lead = words.lead["hold_met"] if facts.numbers["lasted"] else words.lead_same_day
            return [lead, words.holds] if occasion.hold_days else [lead]
        case "expected_breach":
            return [words.lead["expected_breach"], *([words.today_is] if "present" in facts.texts else [])]
        case "resolved":
            return [words.lead["resolved"], *([words.raised_with] if "raised_with" in facts.texts else [])]
        case "data_corrected":
            return [words.lead["data_corrected"], *([words.corrected_value] if "raised_with" in facts.texts else [])]


def _figure(occasion: Occasion, facts: Facts, words: Words) -> Figure | None:
    if facts.value is None or facts.value.value is None:
        return None
    on = words.value_expected_on if occasion.reason == "expected_breach" else words.value_on
    return Figure(
        value=facts.texts["value"],
        on=facts.say(on),
        limit=facts.texts["limit"],
        limit_label=words.limit,
        interval=facts.texts.get("interval"),
        interval_label=words.interval,
        track=track(facts.value.value, occasion.threshold, facts.value.low, facts.value.high),
    )


def _rows(occasion: Occasion, facts: Facts, words: Words, language: Language) -> list[Row]:
    if facts.value is None:
        return []
    rows = [Row(words.people, _people(occasion, facts, language))]
    if occasion.reason in LASTING:
        ends = words.limit_ends if "clear" in facts.texts else "{promise}"
        rows.append(Row(words.chance, " ".join(_chance(occasion, facts, words))))
        rows.append(Row(words.limit, f"{capitalised(facts.say(ends))}."))
    return [row for row in rows if row.text]


def _people(occasion: Occasion, facts: Facts, language: Language) -> str:
    pattern = BEHIND[language].get(occasion.metric)
    value = facts.value
    if pattern is None or value is None or value.numerator is None or value.denominator is None:
        return ""
    numbers = {"n": value.numerator, "d": value.denominator, "days": occasion.window_days}
    return phrase(pattern, numbers, {name: written.plain(number, language) for name, number in numbers.items()}) + "."


def _chance(occasion: Occasion, facts: Facts, words: Words) -> list[str]:
    if occasion.confirmed is None or "interval" not in facts.texts:
        said = words.chance_unknown
    else:
        said = words.chance_cannot if occasion.confirmed else words.chance_can
    weak = facts.value is not None and facts.value.status == "low_reliability"
    return [facts.say(said), *([words.weak] if weak else [])]


def _task(measure: Measure, occasion: Occasion, words: Words, language: Language) -> Task:
    details = [words.owner.format(owner=one_line(measure.owner))]
    if measure.due is not None:
        details.append(words.due.format(due=written.day(measure.due, language)))
    if measure.status is not None:
        details.append(words.measure_status[measure.status])
    unfinished = measure.status not in ("done", "stopped")
    late = unfinished and measure.due is not None and measure.due < occasion.today
    return Task(title(measure.title, language, occasion.language), tuple(details), words.overdue if late else None)
