"""Limits of a plan that say nothing, in sentences."""

from collections.abc import Iterator

from cli.offline.foreseeing.words import WORDS
from services.alerts.domain.plan.bounds import pointless
from services.alerts.domain.plan.plan import Plan
from shared.contracts.catalogue import BY_NAME
from shared.language.language import Language


def pointless_limits(plan: Plan, language: Language) -> Iterator[str]:
    """Of each target, and of each that a unit adapts: no value can be past its limit, or all are."""
    every = [("", plan.targets), *plan.local.items()]
    for unit, target in ((unit, one) for unit, some in every for one in some.values()):
        metric = BY_NAME[target.metric]
        if target.breach and (found := pointless(metric, target.breach)):
            name = f"{target.id} ({unit})" if unit else target.id
            said = metric.sv if language == "sv" else metric.en
            yield WORDS[language].pointless[found].format(target=name, metric=said)
