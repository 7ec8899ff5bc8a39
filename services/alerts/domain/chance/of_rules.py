"""How many alerts a year a rule would raise of months in which nothing changes."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.alerts.domain.plan.plan import Rule, RuleKind
from services.alerts.domain.trend.finding import findings
from shared.statistics.bootstrap import block_bootstrap

BEFORE, SINCE, LAST = 24, 24, 12
"""Months before a start and since it, and those at the end in which alerts are counted."""
RUNS = 400
FIRST = 2001
"""Any year."""
KNOWN = 24
"""With fewer months of its own history it is not known how like its neighbour each of them is."""
BLOCK = 12
"""Months of a group's own history that are drawn in a row: what lasts for months goes on lasting, with its season."""
OWN_RUNS = 100
"""Courses of each group: there are many groups."""


@cache
def of_rule(kind: RuleKind) -> float:
    """Alerts a year of months that know nothing of each other, the same upwards and downwards; alike each time."""
    chance = np.random.default_rng(1)
    return alerts_a_year(kind, chance.normal(size=(RUNS, BEFORE + SINCE)), upwards=True)


def of_own_months(rule: Rule, history: Sequence[float], chance: np.random.Generator) -> float:
    """Alerts a year in the group with this history of at least ``KNOWN`` months, years of which come again."""
    drawn = block_bootstrap(history, BEFORE + SINCE, BLOCK, OWN_RUNS, chance)
    return alerts_a_year(rule.kind, drawn, upwards=rule.upwards)


def alerts_a_year(kind: RuleKind, courses: NDArray[Any], *, upwards: bool) -> float:
    """Alerts a year that begin in the last year of courses, a row of ``BEFORE`` and ``SINCE`` months each."""
    months = _months(BEFORE + SINCE)
    rule = Rule(kind, upwards, since=months[BEFORE].replace(day=1))
    return sum(_raised(rule, months, course) for course in courses.tolist()) / len(courses)


def _raised(rule: Rule, months: Sequence[date], values: Sequence[float]) -> int:
    """Alerts that begin in the last year."""
    told = [one.told == "breach" for one in findings(rule, months, values)][-LAST - 1 :]
    return sum(now and not before for before, now in pairwise(told))


def _months(count: int) -> list[date]:
    firsts = [date(FIRST + (place // 12), place % 12 + 1, 1) for place in range(count + 1)]
    return [date.fromordinal(following.toordinal() - 1) for following in firsts[1:]]
