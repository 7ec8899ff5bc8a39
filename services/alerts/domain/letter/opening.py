"""The opening summary: what breaches when watching begins, by unit and target, in one mail."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

import msgspec
from msgspec.structs import replace

from services.alerts.domain.alert.opening import OpeningNotice
from services.alerts.domain.handling.link import overview
from services.alerts.domain.letter import ruling
from services.alerts.domain.letter.en import EN
from services.alerts.domain.letter.facts import title
from services.alerts.domain.letter.message import Detail, Message
from services.alerts.domain.letter.sv import SV
from services.alerts.domain.letter.whom import only
from services.alerts.domain.letter.words import MailWords
from services.alerts.domain.trend.finding import Ruled
from shared.contracts.catalogue import BY_NAME
from shared.contracts.metrics import ALL
from shared.language import numbers as written
from shared.language.language import Language
from shared.language.phrase import one_line, phrase

WORDS: dict[Language, MailWords] = {"sv": SV, "en": EN}
NAMED = 100
"""Units whose breaches are told one by one; the others are counted, and found where the button leads."""

WORST_FIRST = ("critical", "warning", "info")


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """What one plan has to tell one recipient when watching begins; it travels as JSON in the outbox.

    ``notices`` are those told one by one, the worst first, at least one; ``count`` is how many there are in all,
    ``ahead`` how many of these are expected and not there yet, and ``others`` how many units have none that is told.
    """

    id: str
    decided: datetime
    notices: tuple[OpeningNotice, ...]
    count: int
    others: int
    ahead: int = 0

    @property
    def time_zone(self) -> str:
        """That of the plan."""
        return self.notices[0].time_zone


def summed_up(name: str, notices: Sequence[OpeningNotice], decided: datetime) -> Opening:
    """The opening summary of at least one notice."""
    worst_first = sorted(notices, key=_order)
    units = list(dict.fromkeys(notice.unit for notice in worst_first))
    named = set(units[:NAMED])
    told = tuple(replace(notice, to=()) for notice in worst_first if notice.unit in named)
    ahead = sum(notice.state == "expected" for notice in notices)
    others = len(units) - len(named)
    return Opening(id=name, decided=decided, notices=told, count=len(notices), others=others, ahead=ahead)


def opened(told: Opening, recipient: str, language: Language) -> Message:
    """The opening summary in words."""
    words, first = WORDS[language], told.notices[0]
    plan_title = title(first.plan_title, language, first.language)
    days = {notice.watch_from for notice in told.notices}
    texts = {
        "counts": _counts(told, words),
        "plan_title": plan_title,
        "watch_from": written.day(min(days), language),
        "recipient": one_line(recipient),
    }

    def say(pattern: str) -> str:
        return phrase(pattern, {}, texts)

    return Message(
        language=language,
        subject=say(words.opening_subject),
        tone="neutral",
        badge=words.opening_badge,
        severity="",
        plan_title=plan_title,
        headline=say(words.opening_headline),
        where=plan_title,
        lead=say(words.opening_lead),
        figure=None,
        rows=tuple(_rows(told, words, language)),
        measures_title="",
        tasks=(),
        no_measure="",
        link=overview(first.link),
        open=words.summary_open,
        small_print=(say(words.why_me),),
    )


def _counts(told: Opening, words: MailWords) -> str:
    """What breaches and what is to, each by its number."""
    numbers = {"outside": told.count - told.ahead, "ahead": told.ahead}
    said = (phrase(words.opening_counted[name], {"n": n}, {"n": str(n)}) for name, n in numbers.items() if n)
    return words.opening_and.join(said)


def _rows(told: Opening, words: MailWords, language: Language) -> Iterator[Detail]:
    """One row a unit, in the order of the notices."""
    units: dict[str, list[OpeningNotice]] = {}
    for notice in told.notices:
        units.setdefault(notice.unit, []).append(notice)
    for notices in units.values():
        name = words.everywhere if notices[0].unit_name in ("", ALL) else one_line(notices[0].unit_name)
        yield Detail(name, "; ".join(_said(notice, words, language) for notice in notices))
    if told.others:
        yield Detail("…", phrase(words.summary_others, {"n": told.others}, {"n": str(told.others)}))


def _order(notice: OpeningNotice) -> tuple[int, str, str]:
    known = notice.severity in WORST_FIRST
    return WORST_FIRST.index(notice.severity) if known else len(WORST_FIRST), notice.unit_name, notice.target


def _said(notice: OpeningNotice, words: MailWords, language: Language) -> str:
    metric = BY_NAME[notice.metric]
    value = notice.measured.value or 0.0
    if notice.ruled:
        return _ruled(notice, notice.ruled, words, language)
    limit = notice.threshold or 0.0
    places = written.decimals(metric.unit, [limit], [value])
    since = "since_at_least" if notice.since_at_least else "since"
    pattern = words.opening_state["expected" if notice.state == "expected" else since]
    texts = {
        "metric": metric.sv if language == "sv" else metric.en,
        "only": only(notice, words),
        "value": written.amount(value, metric.unit, language, places),
        "limit": written.amount(limit, metric.unit, language, places),
        "side": words.side[notice.breach],
        "day": written.day(_day(notice), language),
    }
    waits = f" ({words.opening_pending})" if notice.state == "pending" else ""
    return phrase(pattern, {}, texts) + waits


def _ruled(notice: OpeningNotice, ruled: Ruled, words: MailWords, language: Language) -> str:
    metric = BY_NAME[notice.metric]
    number = ruling.numbers(ruled, notice.metric, notice.measured.value, language)
    name = getattr(metric, language) + only(notice, words)
    return f"{name} {ruling.Judged(ruled, notice.metric, number).line(notice.measured.value)}"


def _day(notice: OpeningNotice) -> date:
    return notice.on if notice.state == "expected" else notice.since
