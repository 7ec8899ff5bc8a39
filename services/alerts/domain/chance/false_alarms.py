"""How many alerts a year a target would raise of a group in which nothing changes."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from msgspec.structs import replace

from services.alerts.domain.alert.observation import number
from services.alerts.domain.chance.course import fired
from services.alerts.domain.chance.of_rules import KNOWN, of_own_months, of_rule
from services.alerts.domain.chance.unchanged import RUNS, WEEK, YEAR, YEARS, Level, of_counts, of_history
from services.alerts.domain.plan.plan import Rule, Target
from shared.contracts.catalogue import BY_NAME
from shared.contracts.metrics import MetricValue

Why = Literal["past", "unknown"]
SETTLED = (YEARS - 2) * YEAR * WEEK
"""The day of a course from which alerts are counted: until then it has come to where it usually stands."""


class FalseAlarms(NamedTuple):
    """Alerts a year, as the target stands and were each breach to be confirmed by its interval.

    ``confirmed`` is None where the metric has no interval. Without numbers ``why`` says what stands in the way: the
    group is usually past the limit, so that no alert of it is false; or too little of it is known.
    """

    a_year: float | None
    confirmed: float | None = None
    why: Why | None = None


def false_alarms(target: Target, history: Sequence[MetricValue], seed: int) -> FalseAlarms:
    """Simulates the group that has this history, the earliest first; alike for the same seed.

    Of a limit the history is of weekly values, of a rule of months; with too few of these, months are any group's.
    """
    metric, chance = BY_NAME[target.metric], np.random.default_rng(seed)
    if target.rule:
        return FalseAlarms(_of_rule(target.rule, history, chance))
    if target.breach is None:
        return FalseAlarms(None)
    level = of_counts(history, chance) if metric.interval == "poisson" else of_history(history, chance)
    if level is None:
        return FalseAlarms(None, why="unknown")
    if target.breach.passed(level.value):
        return FalseAlarms(None, why="past")
    sure = replace(target, require_confirmation=True)
    return FalseAlarms(_a_year(target, level), _a_year(sure, level) if metric.interval != "none" else None)


def _of_rule(rule: Rule, history: Sequence[MetricValue], chance: np.random.Generator) -> float:
    known = [found for value in history if (found := number(value)) is not None]
    return of_own_months(rule, known, chance) if len(known) >= KNOWN else of_rule(rule.kind)


def _a_year(target: Target, level: Level) -> float:
    """Of the last year of each course."""
    return sum(day >= SETTLED for course in level.courses(target) for day in fired(target, course)) / RUNS
