"""The weekly summary in words: part by part what a recipient should know, in each the units with the worst first."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from types import MappingProxyType
from typing import NamedTuple, get_args
from zoneinfo import ZoneInfo

from services.alerts.domain.letter import ruling
from services.alerts.domain.letter import source as source_letter
from services.alerts.domain.letter.bundle import Bundle, Line, Section
from services.alerts.domain.letter.facts import LONGEST_NAME, title
from services.alerts.domain.letter.message import WORDS as MAIL_WORDS
from services.alerts.domain.letter.message import Tone
from services.alerts.domain.letter.weekly_words import WORDS, Ended, Part, WeeklyWords
from services.alerts.domain.letter.whom import only
from services.alerts.domain.letter.words import MailWords
from services.alerts.domain.plan.plan import limit
from services.alerts.domain.trend.finding import Ruled
from services.alerts.domain.weekly.weekly import Kind, Weekly, WeeklyAlert
from shared.contracts.catalogue import BY_NAME, Unit
from shared.contracts.metrics import ALL
from shared.language import numbers as written
from shared.language.language import Language
from shared.language.phrase import capitalised, one_line, phrase, shortened

NOTHING: Mapping[str, str] = MappingProxyType({})
PARTS: tuple[Part, ...] = ("new", "going", "ahead", "ended", "overdue", "late")
KINDS: tuple[Kind, ...] = get_args(Kind)
ENDED: tuple[Ended, ...] = get_args(Ended)
TONES: dict[Part, Tone] = {"new": "alert", "going": "alert", "ahead": "early", "overdue": "early", "late": "early"}
"""The tone is that of the first part there is something in; only ends are good."""


class _Writer(NamedTuple):
    """How one reader of one summary is written to."""

    told: Weekly
    language: Language

    @property
    def words(self) -> WeeklyWords:
        return WORDS[self.language]

    @property
    def mail_words(self) -> MailWords:
        return MAIL_WORDS[self.language]

    def say(self, pattern: str, texts: Mapping[str, str] = NOTHING, **numbers: int) -> str:
        """A pattern filled, and inflected by the numbers."""
        counted = {name: written.plain(number, self.language) for name, number in numbers.items()}
        return phrase(pattern, numbers, {**counted, **texts})

    def opening(self, *, quiet: bool) -> tuple[str, str]:
        """The patterns of subject and headline."""
        words = self.words
        if not quiet:
            return words.subject, "{counts}"
        if not self.told.watched:
            return words.unwatched_subject, words.unwatched_headline
        return words.quiet_subject, words.quiet_headline

    def day(self, value: date | None) -> str:
        return written.day(value, self.language) if value else "–"

    def unit(self, name: str) -> str:
        return self.mail_words.everywhere if name in ("", ALL) else shortened(one_line(name), LONGEST_NAME)

    def days(self, since: date) -> int:
        return (self.told.today - since).days


def weekly_bundle(told: Weekly, recipient: str, language: Language) -> Bundle:
    """The summary for the plan's ``recipient``; raises KeyError for an unknown time zone."""
    to = _Writer(told, language)
    counts = _counts(told)
    parts = [part for part in PARTS if counts[part]]
    listed = ", ".join(to.say(to.words.counted[part], n=counts[part]) for part in parts)
    plan_title = title(told.plan_title, language, told.language)
    subject, headline = to.opening(quiet=not parts)
    return Bundle(
        language=language,
        subject=to.say(subject, {"counts": listed, "plan_title": plan_title}),
        tone=TONES.get(parts[0], "good") if parts else "neutral",
        badge=to.words.badge,
        headline=capitalised(to.say(headline, {"counts": listed})),
        where=plan_title,
        lead=" ".join(_lead(to, quiet=not parts)),
        sections=tuple(Section(to.words.title[part], (), tuple(_lines(part, to, counts[part]))) for part in parts),
        others="",
        link=told.link,
        open=to.mail_words.summary_open,
        small_print=(to.mail_words.why_me.format(recipient=one_line(recipient)),),
        leave=Line(to.words.leave, told.leave),
    )


def _counts(told: Weekly) -> dict[Part, int]:
    alerts: dict[Part, int] = {kind: told.counts.get(kind, 0) for kind in KINDS}
    return alerts | {"overdue": told.overdue, "late": len(told.sources)}


def _lead(to: _Writer, *, quiet: bool) -> Iterator[str]:
    told, words = to.told, to.words
    since = to.day(told.since.astimezone(ZoneInfo(told.time_zone)).date())
    if not told.watched:
        yield words.unwatched_lead
    if told.watched or not quiet:
        yield to.say(words.quiet_lead if quiet else words.lead, {"today": to.day(told.today), "since": since})
    if told.unacknowledged:
        yield to.say(words.unacknowledged, n=told.unacknowledged)
    if told.watched:
        yield to.say(words.watches, watched=told.watched, units=told.units)
    if told.unjudged:
        yield to.say(words.unjudged, n=told.unjudged)


def _lines(part: Part, to: _Writer, count: int) -> Iterator[Line]:
    """What there is to tell of a part, and how much of it found no room."""
    match part:
        case "overdue":
            yield from _actions(to)
            room = len(to.told.actions)
        case "late":
            yield from _sources(to)
            room = count
        case _:
            mine = [one for one in to.told.alerts if one.kind == part]
            yield from _by_unit(mine, to)
            room = len(mine)
    if count > room:
        yield Line(to.say(to.words.more, n=count - room), "")


def _by_unit(alerts: Iterable[WeeklyAlert], to: _Writer) -> Iterator[Line]:
    for _, some in groupby(alerts, key=lambda one: one.unit):
        mine = [*some]
        yield Line(to.unit(mine[0].unit_name), "", (), tuple(Line(_said(one, to), one.link) for one in mine))


def _said(one: WeeklyAlert, to: _Writer) -> str:
    texts = _texts(one, to)
    if one.ruled and one.value is not None and one.kind != "ended":
        lasts = [_lasts(one, one.since, to)] if one.since else []
        return " ".join(
            [", ".join([f"{texts['metric']} {_ruled(one, one.ruled, to)}", *lasts]) + ".", *_handled(one, to)]
        )
    match one.kind:
        case "ahead":
            return to.say(to.words.ahead_hidden if one.value is None else to.words.ahead, texts) + "."
        case "ended":
            return ", ".join(_over(one, to, texts)) + "."
        case _:
            how = to.say(_pattern(one, to.words), texts)
            lasts = [_lasts(one, one.since, to)] if one.since else []
            return " ".join([", ".join([how, *lasts]) + ".", *_handled(one, to)])


def _texts(one: WeeklyAlert, to: _Writer) -> dict[str, str]:
    metric = BY_NAME.get(one.metric)
    unit: Unit = metric.unit if metric else "count"
    limits = [] if one.threshold is None else [one.threshold]
    places = written.decimals(unit, limits, [] if one.value is None else [one.value])
    name = getattr(metric, to.language) if metric else one_line(one.metric)
    return {
        "metric": capitalised(name) + only(one, to.mail_words),
        "value": "" if one.value is None else written.amount(one.value, unit, to.language, places),
        "limit": "".join(written.amount(limit, unit, to.language, places) for limit in limits),
        "side": to.mail_words.side[one.side],
        "day": to.day(one.on),
    }


def _pattern(one: WeeklyAlert, words: WeeklyWords) -> str:
    if one.value is None:
        return words.hidden if one.hidden else words.unknown
    breach = limit(one.side, one.threshold)
    return words.beyond if breach and breach.passed(one.value) else words.within


def _ruled(one: WeeklyAlert, ruled: Ruled, to: _Writer) -> str:
    number = ruling.numbers(ruled, one.metric, one.value, to.language)
    return ruling.Judged(ruled, one.metric, number).line(one.value)


def _lasts(one: WeeklyAlert, since: date, to: _Writer) -> str:
    pattern = to.words.since_at_least if one.since_at_least else to.words.since
    return to.say(pattern, {"day": to.day(since)}, days=to.days(since))


def _over(one: WeeklyAlert, to: _Writer, texts: Mapping[str, str]) -> Iterator[str]:
    """That an alert is over and why; how long it lasted is known of one that ended by itself."""
    why: Ended = next((known for known in ENDED if known == one.why), "resolved")
    yield to.say(to.words.ended[why], texts)
    if why == "resolved" and one.since and one.on and not one.since_at_least:
        yield to.say(to.words.lasted, days=(one.on - one.since).days)
    if one.value is not None:
        yield to.say(to.words.now, texts)


def _handled(one: WeeklyAlert, to: _Writer) -> Iterator[str]:
    """Who has taken an alert on, who is to see to it, and until when nobody is mailed of it."""
    words, now = to.words, one.handling
    if now.acknowledged:
        pattern = words.taken_until if now.acknowledged.until else words.taken
        yield to.say(pattern, {"by": _person(now.acknowledged.by), "day": to.day(now.acknowledged.until)})
    else:
        yield words.nobody
    if now.assigned:
        yield to.say(words.assigned, {"who": _person(now.assigned)})
    if now.snoozed:
        yield to.say(words.snoozed, {"day": to.day(now.snoozed.until)})


def _person(name: str) -> str:
    return shortened(one_line(name), LONGEST_NAME)


def _actions(to: _Writer) -> Iterator[Line]:
    for one in to.told.actions:
        name, day = title(one.title, to.language, to.told.language), to.day(one.due)
        name += f" ({to.unit(one.unit_name)})" if one.unit_name else ""
        texts = {"title": name, "owner": _person(one.owner), "day": day}
        yield Line(to.say(to.words.action, texts, days=to.days(one.due)) + ".", "")


def _sources(to: _Writer) -> Iterator[Line]:
    for one in to.told.sources:
        pattern = to.words.source_due if one.due else to.words.source
        kinds = source_letter.kinds(one.kinds, to.language)
        texts = {"source": _person(one.source), "kinds": kinds, "day": to.day(one.due)}
        yield Line(to.say(pattern, texts) + ".", "")
