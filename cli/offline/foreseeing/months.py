"""Rules of a plan whose months are too alike to be told by, in sentences."""

from collections.abc import Iterator

from cli.offline.foreseeing.weekly import Foreseen
from cli.offline.foreseeing.words import WORDS
from services.alerts.domain.chance.alike import alike
from services.alerts.domain.plan.plan import Plan, RuleKind, Target
from shared.contracts.catalogue import BY_NAME
from shared.contracts.catalogue.reach import reach
from shared.language.language import Language

RUNS: frozenset[RuleKind] = frozenset({"shift", "trend"})
"""Rules that ask for months in a row."""


def levels(plan: Plan, language: Language) -> Iterator[str]:
    """By what the metric is, where no months are known: a level, of which nothing happens within a month."""
    words = WORDS[language]
    for target in _in_a_row(plan):
        if not reach(target.metric).windowed:
            yield words.level.format(target=target.id, metric=_name(target, language))


def too_alike(plan: Plan, known: Foreseen, language: Language) -> Iterator[str]:
    """By the months of a log."""
    words = WORDS[language]
    for target in _in_a_row(plan):
        found = alike([known.of(one) for one in known.promises if one.target.id == target.id])
        if found:
            yield words.alike.format(
                target=target.id,
                metric=_name(target, language),
                groups=found.groups,
                of=found.of,
                needed=_span(found.fewest, found.most),
            )


def _in_a_row(plan: Plan) -> Iterator[Target]:
    return (one for one in plan.targets.values() if one.rule and one.rule.kind in RUNS)


def _name(target: Target, language: Language) -> str:
    found = BY_NAME[target.metric]
    return found.sv if language == "sv" else found.en


def _span(fewest: int, most: int) -> str:
    return str(most) if fewest == most else f"{fewest}\N{EN DASH}{most}"
