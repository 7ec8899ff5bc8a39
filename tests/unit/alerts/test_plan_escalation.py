"""Whom a plan turns to when nobody takes an alert on, and how often it reminds: read, and what can be wrong with it."""

import pytest

from services.alerts.domain.plan.plan import EscalationStep, Plan
from services.alerts.domain.plan.reading import read
from tests.unit.alerts.test_plan_faults import faults

TEXT = """\
plan: plan
{remind}recipients: {{hr: {{email: hr@kommun.example}}, head: {{email: head@kommun.example}}}}
targets:
  - id: leavers
    metric: leaver_rate
    breach: {{above: 0.15}}
    {line}
    {notify}
local: {{farsta: {{targets: {{leavers: {{remind: 14d}}}}}}}}
"""


def text(line: str, notify: str = "notify: [hr]", remind: str = "remind: 30d\n") -> str:
    """A plan with one more line in its target."""
    return TEXT.format(line=line, notify=notify, remind=remind)


def plan(line: str) -> Plan:
    """The same, read."""
    return read(text(line))


def test_one_step_or_several():
    """Each by the working days after which it is taken."""
    one = plan("escalate: {after: 7d, to: [head]}").targets["leavers"]
    assert one.escalate == (EscalationStep(7, ("head",)),)
    both = plan("escalate: [{after: 1d, to: [head]}, {after: 5d, to: [hr, head]}]").targets["leavers"]
    assert both.escalate == (EscalationStep(1, ("head",)), EscalationStep(5, ("hr", "head")))


def test_the_plan_reminds_unless_a_target_or_a_unit_says_otherwise():
    """The nearest word counts; without any nobody is reminded."""
    found = plan("remind: 60d")
    assert (found.targets["leavers"].remind, found.local["farsta"]["leavers"].remind) == (60, 14)
    assert plan("hold: 0d").targets["leavers"].remind == 30
    assert read(text("hold: 0d", remind="")).targets["leavers"].remind is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("escalate: {after: 7d, to: [haed]}", 'unknown recipient "haed"; did you mean "head"?'),
        ("escalate: {after: 0d, to: [head]}", '"after" must be 1d to 366d'),
        ("escalate: {after: 2w, to: [head]}", '"after" is in working days: write 5d, not a week'),
        ("escalate: {after: 7, to: [head]}", '"after" must be a duration such as 14d or 2w, not "7"; write 7d'),
        ("escalate: {to: [head]}", '"escalate" needs "after"'),
        ("escalate: {after: 7d}", '"escalate" needs "to"'),
        ("escalate: {after: 7d, to: []}", '"to" needs at least one recipient'),
        ("escalate: {after: 7d, to: head}", '"to" must be a list such as [a, b], not "head"'),
        ("escalate: []", '"escalate" has one to 5 steps'),
        ("escalate: head", '"escalate" must be {after: 7d, to: [head]} or a list of such steps, not "head"'),
        (
            "escalate: [{after: 7d, to: [head]}, {after: 7d, to: [hr]}]",
            "write the sooner step first: 7d is not after 7d",
        ),
        ("escalate: {after: 7d, to: [head], unless: x}", 'unknown key "unless" in "escalate"'),
        ("remind: 0d", '"remind" must be 1d to 366d'),
        ("remind: sometimes", '"remind" must be a duration such as 14d or 2w, not "sometimes"'),
    ],
)
def test_what_is_wrong_is_said(line: str, expected: str):
    """All of it, and nothing else."""
    assert [fault.partition(": ")[2] for fault in faults(text(line))] == [expected]


def test_nobody_is_turned_to_before_anybody_is_told():
    """An alert that nobody was told of cannot be acknowledged."""
    found = faults(text("escalate: {after: 7d, to: [head]}", notify="severity: info"))
    assert found == ['8:15: "escalate" needs "notify": nobody is told, so nobody can take it on']
