"""A promise in a sentence: its state, its number, whether chance may explain it, and what the plan says to do."""

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from services.alerts.board.drawing import Spark
from services.alerts.board.links import alert_path, metric_path
from services.alerts.board.words import BoardWords
from services.alerts.board.writing import Writing
from services.alerts.domain.alert.telling import View, ViewState, action_notice
from services.alerts.domain.letter.facts import title
from services.alerts.domain.letter.ruling import Judged
from services.alerts.domain.letter.task import details
from services.alerts.domain.plan.plan import EVERYONE, Plan, Target, Version, limit
from services.alerts.domain.plan.progress import OVER, Progress
from shared.contracts.catalogue import BY_NAME
from shared.contracts.catalogue.chance import chance
from shared.language.numbers import Numbers
from shared.language.numbers import month as long_month
from shared.language.phrase import one_line

NO_PLANS: Mapping[str, Version] = MappingProxyType({})


class ActionLine(NamedTuple):
    """What should be done, by whom and when; ``overdue`` where its day has passed and it is not over."""

    title: str
    details: tuple[str, ...]
    overdue: bool


class PromiseLine(NamedTuple):
    """A promise as a reader sees it."""

    path: str
    metric_path: str
    metric: str
    unit: str
    unit_name: str
    plan: str
    state: ViewState
    state_word: str
    sentence: str
    value: str
    limit: str
    lingers: str
    """When an alert ends whose value is within the plan again; empty of all others."""
    interval: str
    chance: str
    since: str
    stale: str
    handling: tuple[str, ...]
    """What people have done about it, each in a sentence."""


class PromisePart(NamedTuple):
    """A promise on the page of its unit."""

    line: PromiseLine
    plan_title: str
    spark: Spark | None
    actions: tuple[ActionLine, ...]
    ahead: tuple[tuple[str, str, bool], ...]
    """What is known of the days ahead: when, the value, whether it lies outside the plan."""


def state_of(view: View) -> ViewState:
    """The state to show: a breach of now goes before one ahead."""
    return "expected" if view.expected and view.state in {"ok", "not_judged"} else view.state


def numbers_of(view: View, writing: Writing) -> Numbers:
    """How to write the values of a promise."""
    limits = [one for one in (view.threshold, view.clear) if one is not None]
    ahead = view.expected.value if view.expected else None
    usual = (view.ruled.mean, view.ruled.lower, view.ruled.upper) if view.ruled else ()
    return writing.numbers(view.metric, limits, (view.value, view.low, view.high, ahead, *usual))


def has_number(view: View) -> bool:
    """Whether a number may be shown: not where the latest word is that it is hidden."""
    return view.value is not None and view.status != "suppressed"


def is_everyone(view: View) -> bool:
    """Whether a promise is about all of its group."""
    return (view.gender, view.age) == EVERYONE


def promise_line(view: View, writing: Writing, plans: Mapping[str, Version] = NO_PLANS) -> PromiseLine:
    """The promise in the words of one language; a recipient of its plan is called what ``plans`` say."""
    number, state = numbers_of(view, writing), state_of(view)
    shown = has_number(view)
    return PromiseLine(
        path=alert_path(view.plan, view.target, view.unit),
        metric_path=metric_path(view.metric, view.unit, view.occupation),
        metric=writing.metric(view.metric) + writing.only(view),
        unit=view.unit,
        unit_name=writing.place(view.unit_name, view.unit),
        plan=view.plan,
        state=state,
        state_word=writing.words.states[state],
        sentence=_sentence(view, state, writing, number),
        value=number(view.value) if shown else "–",
        limit=_promise(view, writing, number),
        lingers=_lingers(view, state, writing, number),
        interval=number.between(view.low, view.high) if shown else "–",
        chance=_chance(view, state, writing, number) if shown else "",
        since=_since_when(view, writing),
        stale=writing.say(writing.words.stale, day=writing.day(view.fresh_until)) if view.fresh_until else "",
        handling=tuple(_handling(view, writing, plans.get(view.plan))),
    )


def _handling(view: View, writing: Writing, version: Version | None) -> Iterator[str]:
    words, now = writing.words, view.handling
    if now is None:
        return
    if taken := now.acknowledged:
        until = words.until_day.format(day=writing.day(taken.until)) if taken.until else ""
        yield words.is_acknowledged.format(by=writing.person(taken.by), until=until)
    if now.assigned:
        yield words.is_assigned.format(to=one_line(recipient_name(now.assigned, version)))
    if paused := now.snoozed:
        yield words.is_snoozed.format(
            day=writing.day(paused.until), by=writing.person(paused.by), why=one_line(paused.note)
        )
    if now.escalated:
        yield words.is_escalated.format(to=", ".join(one_line(recipient_name(name, version)) for name in now.escalated))


def recipient_name(name: str, version: Version | None) -> str:
    """What a plan calls one of its recipients; anybody else as they were written."""
    known = version.plan.recipients.get(name) if version else None
    return known.name if known else name


def _judged(view: View, number: Numbers) -> Judged | None:
    """What a rule tells of a promise, where one judges it."""
    return Judged(view.ruled, view.metric, number) if view.ruled else None


def _promise(view: View, writing: Writing, number: Numbers) -> str:
    if judged := _judged(view, number):
        return judged.condition()
    return writing.mail_words.promise[view.side].format(limit=number(view.threshold))


def _sentence(view: View, state: ViewState, writing: Writing, number: Numbers) -> str:
    words, promise = writing.words, _promise(view, writing, number)
    if not has_number(view):
        why = words.no_number.get(view.status or "none", words.no_number["none"])
        return writing.say(words.not_judged, promise=promise, why=why)
    if judged := _judged(view, number):
        month = long_month(view.value_on, writing.language) if view.value_on else ""
        return writing.say(words.by_rule, promise=promise, month=month, value=judged.line(view.value))
    given = {
        "value": number(view.value),
        "side": writing.mail_words.side[view.side],
        "limit": number(view.threshold),
        "promise": promise,
        "since": _since(view, writing),
    }
    if view.expected:
        given |= {"expected": number(view.expected.value), "day": writing.day(view.expected.on)}
    return writing.say(_pattern(view, state, writing), **given)


def _pattern(view: View, state: ViewState, writing: Writing) -> str:
    words = writing.words
    if state == "firing":
        return words.firing_beyond if _is_beyond(view) else words.firing_back
    patterns = {"pending": words.pending, "recovering": words.recovering, "expected": words.expected}
    return patterns.get(state, words.within)


def _is_beyond(view: View) -> bool:
    if view.ruled:
        return view.ruled.told == "breach"
    breach = limit(view.side, view.threshold)
    return breach is not None and view.value is not None and breach.passed(view.value)


def ends(view: View, writing: Writing, number: Numbers) -> str:
    """On which side of which limit an alert ends; empty where that is the limit itself."""
    if view.clear is None:
        return ""
    return f"{writing.mail_words.side['below' if view.side == 'above' else 'above']} {number(view.clear)}"


def _lingers(view: View, state: ViewState, writing: Writing, number: Numbers) -> str:
    if state != "firing" or not has_number(view) or _is_beyond(view) or view.clear is None:
        return ""
    return writing.words.lingers.format(ends=ends(view, writing, number))


def _since_when(view: View, writing: Writing) -> str:
    """For a table: a day, or that it is one at the latest."""
    day = writing.day(view.since)
    return writing.words.at_least_since.format(day=day) if view.since_at_least and view.since else day


def _since(view: View, writing: Writing) -> str:
    if view.since is None:
        return ""
    pattern = writing.words.since_at_least if view.since_at_least else writing.words.since_day
    return pattern.format(day=writing.day(view.since))


def _chance(view: View, state: ViewState, writing: Writing, number: Numbers) -> str:
    """Said where it matters: of a value that is past its limit."""
    if state in {"ok", "not_judged", "expected"}:
        return ""
    if judged := _judged(view, number):
        return judged.chance() if _is_beyond(view) else ""
    if view.confirmed is None or view.low is None:
        return _without_interval(view.metric, writing.words) if is_everyone(view) else ""
    pattern = writing.words.chance_no if view.confirmed else writing.words.chance_yes
    interval, side = number.between(view.low, view.high), writing.mail_words.side[view.side]
    return writing.say(pattern, interval=interval, side=side)


def _without_interval(metric: str, words: BoardWords) -> str:
    how = chance(BY_NAME[metric]) if metric in BY_NAME else "interval"
    return {"months": words.chance_months, "count": words.chance_count, "interval": ""}[how]


def actions(
    plan: Plan, target: Target, progress: dict[tuple[str, str], Progress], today: date, writing: Writing
) -> tuple[ActionLine, ...]:
    """What the plan says should be done about a promise."""
    return tuple(
        action(plan, name, progress.get((plan.id, name)), today, writing)
        for name in target.measures
        if name in plan.measures
    )


def action(plan: Plan, name: str, progress: Progress | None, today: date, writing: Writing) -> ActionLine:
    """One action of a plan."""
    notice = action_notice(plan, name, progress)
    over = progress is not None and progress.status in OVER
    return ActionLine(
        title(notice.title, writing.language, plan.language),
        tuple(details(notice, writing.mail_words, writing.language)),
        overdue=notice.due is not None and notice.due < today and not over,
    )
