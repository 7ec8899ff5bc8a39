"""How often each target of a plan would raise an alert although nothing changes, in rows and a sentence."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from cli.offline.foreseeing.weekly import Foreseen
from cli.offline.foreseeing.words import WORDS, ForeseeingWords
from services.alerts.domain.alert.promises import Promise
from services.alerts.domain.chance.false_alarms import FalseAlarms, false_alarms
from services.alerts.domain.plan.plan import Plan, Target
from shared.language.language import Language
from shared.language.numbers import often

SEED = 1
MONTHS = 12


class Judged(NamedTuple):
    """What a target asks for in one group, and its false alarms."""

    promise: Promise
    alarms: FalseAlarms


class Wolf(NamedTuple):
    """A table, and a sentence on what each recipient gets."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    months: str


def judged(known: Foreseen) -> list[Judged]:
    """Every group of every target."""
    return [Judged(one, false_alarms(one.target, known.of(one), SEED)) for one in known.promises]


def a_month(found: Sequence[Judged]) -> Mapping[str, float]:
    """False alarms a month by recipient; those who get none are missing."""
    told: defaultdict[str, float] = defaultdict(float)
    for one in found:
        for recipient in one.promise.target.notify:
            told[recipient] += (one.alarms.a_year or 0.0) / MONTHS
    return dict(told)


def wolf(plan: Plan, found: Sequence[Judged], language: Language) -> Wolf:
    """How often the plan cries wolf."""
    words, said = WORDS[language], _said(language)
    rows = [
        _row(target, [one for one in found if one.promise.target.id == target.id], words, said)
        for target in plan.targets.values()
    ]
    each = ", ".join(f"{who} {said(times)}" for who, times in sorted(a_month(found).items()))
    return Wolf(words.title, words.headings, rows, words.months.format(each=each or words.nobody))


def _said(language: Language) -> Callable[[float], str]:
    return lambda value: often(value, language)


def _row(
    target: Target, found: Sequence[Judged], words: ForeseeingWords, said: Callable[[float], str]
) -> Sequence[str]:
    alarms = [one.alarms for one in found]
    told = [one.a_year for one in alarms if one.a_year is not None]
    sure = [one.confirmed for one in alarms if one.confirmed is not None]
    if not told:
        return target.id, _groups(alarms, words), "", "", ""
    confirmed = said(sum(sure)) if sure else words.by_month if target.rule else words.no_interval
    return target.id, _groups(alarms, words), said(sum(told)), confirmed, _most(found, said)


def _groups(alarms: Sequence[FalseAlarms], words: ForeseeingWords) -> str:
    """How many groups the target is judged in, and of how many nothing can be said."""
    whys = Counter(one.why for one in alarms if one.why)
    texts = {"past": words.past, "unknown": words.unknown}
    return "\n".join([str(len(alarms)), *(texts[why].format(count=count) for why, count in sorted(whys.items()))])


def _most(found: Sequence[Judged], said: Callable[[float], str]) -> str:
    one = max(found, key=lambda each: each.alarms.a_year or 0.0)
    return f"{one.promise.unit.name}: {said(one.alarms.a_year)}" if one.alarms.a_year else ""
