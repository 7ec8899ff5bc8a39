"""False alarms of rules: months are as like each other as the group's own."""

from datetime import date

import numpy as np
import pytest
from msgspec.structs import replace

from services.alerts.domain.chance.alike import alike
from services.alerts.domain.chance.false_alarms import false_alarms
from services.alerts.domain.chance.of_rules import alerts_a_year, of_own_months, of_rule
from services.alerts.domain.plan.plan import Rule, RuleKind, Target
from shared.contracts.metrics import MetricValue
from tests.unit.alerts.test_chance import LEAVERS


def level(chance: np.random.Generator, likeness: float, count: int) -> list[float]:
    """Months of which each is so like the one before, around the same mean for ever (AR(1))."""
    values, steps = [float(chance.normal())], chance.normal(0, (1 - likeness**2) ** 0.5, count + 24)
    for step in steps:
        values.append(likeness * values[-1] + float(step))
    return values[-count:]


def ruled(kind: RuleKind) -> Target:
    """A target with a rule in place of a limit."""
    rule = Rule(kind, True, date(2024, 1, 1))
    return replace(LEAVERS, metric="agency_share", breach=None, clear=None, rule=rule)


@pytest.mark.parametrize(("likeness", "kind"), [(0.0, "beyond"), (0.5, "beyond"), (0.8, "beyond"), (0.8, "shift")])
def test_false_alarms_are_those_of_months_as_alike_as_the_groups_own(likeness: float, kind: RuleKind):
    """Months drawn from many groups' own histories alert about as often as new months of such groups do."""
    chance, own = np.random.default_rng(3), ruled(kind).rule
    assert own
    new = np.array([level(chance, likeness, 48) for _ in range(400)])
    truth = alerts_a_year(kind, new, upwards=True)
    drawn = np.mean([of_own_months(own, level(chance, likeness, 60), chance) for _ in range(20)])
    assert drawn == pytest.approx(truth, abs=max(0.05, 0.35 * truth)), truth
    if kind == "beyond" and likeness:
        assert drawn > 3 * of_rule("beyond")


def test_the_months_of_the_group_are_what_is_simulated():
    """With two years of them; with fewer, months of any group."""
    values = [MetricValue(status="final", definition="d", value=one) for one in np.sin(np.arange(36) / 3).tolist()]
    assert false_alarms(ruled("beyond"), values[:23], 1).a_year == of_rule("beyond")
    assert (false_alarms(ruled("beyond"), values, 1).a_year or 0) > 2 * of_rule("beyond")
    assert false_alarms(ruled("beyond"), values, 1) == false_alarms(ruled("beyond"), values, 1)
    assert false_alarms(ruled("beyond"), values[:1] * 36, 1).a_year == 0


def test_which_groups_have_months_that_are_alike():
    """Those whose months are known for two years, and of which each is like the one before."""
    chance = np.random.default_rng(5)
    same, free, short = (
        [MetricValue(status="final", definition="d", value=one) for one in level(chance, likeness, count)]
        for likeness, count in ((0.9, 36), (0.0, 36), (0.9, 23))
    )
    found = alike([same, free, short])
    assert found
    assert (found.groups, found.of) == (1, 2)
    assert 14 <= found.fewest == found.most <= 133
    assert alike([free, short]) is None
    assert alike([]) is None
