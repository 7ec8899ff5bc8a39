"""How many alerts a year a rule would raise of months that know nothing of each other and in which nothing changes."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from itertools import pairwise

import numpy as np

from services.alerts.domain.plan.plan import Rule, RuleKind
from services.alerts.domain.trend.finding import findings

BEFORE, SINCE, LAST = 24, 24, 12
"""Months before a start and since it, and those at the end in which alerts are counted."""
RUNS = 400
FIRST = 2001
"""Any year."""


@cache
def of_rule(kind: RuleKind) -> float:
    """Alerts a year in one group, the same upwards and downwards; alike each time."""
    chance, months = np.random.default_rng(1), _months(BEFORE + SINCE)
    rule = Rule(kind, upwards=True, since=months[BEFORE].replace(day=1))
    return sum(_raised(rule, months, chance.normal(size=len(months)).tolist()) for _ in range(RUNS)) / RUNS


def _raised(rule: Rule, months: Sequence[date], values: Sequence[float]) -> int:
    """Alerts that begin in the last year."""
    told = [one.told == "breach" for one in findings(rule, months, values)][-LAST - 1 :]
    return sum(now and not before for before, now in pairwise(told))


def _months(count: int) -> list[date]:
    firsts = [date(FIRST + (place // 12), place % 12 + 1, 1) for place in range(count + 1)]
    return [date.fromordinal(following.toordinal() - 1) for following in firsts[1:]]
