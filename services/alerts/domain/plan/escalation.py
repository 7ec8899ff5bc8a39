"""Reading whom a target turns to when nobody takes an alert on, and how often it reminds."""

from collections.abc import Callable, Collection, Sequence
from itertools import pairwise

from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from services.alerts.domain.plan.entries import entries
from services.alerts.domain.plan.plan import EscalationStep
from services.alerts.domain.plan.values import days
from shared.written.entries import Entries, required
from shared.written.faults import Faults, shown
from shared.written.values import few, items, some_of

LONGEST = 366
"""Days, also working days, after which nobody is turned to any more."""
STEPS = 5


def escalation(recipients: Collection[str]) -> Callable[[Faults, Node, str], tuple[EscalationStep, ...] | None]:
    """A reader of ``{after: 7d, to: [head]}``, or of a list of such steps, each later than the one before."""

    def read(faults: Faults, node: Node, name: str) -> tuple[EscalationStep, ...] | None:
        nodes = items(faults, node, name) if isinstance(node, SequenceNode) else [node]
        if not 0 < len(nodes) <= STEPS:
            faults.add(node, f'"{name}" has one to {STEPS} steps')
            return None
        found = [one for each in nodes if (one := _step(faults, each, recipients))]
        for before, later in pairwise(found):
            if later.after <= before.after:
                faults.add(node, f"write the sooner step first: {later.after}d is not after {before.after}d")
        return tuple(found)

    return read


def _step(faults: Faults, node: Node, recipients: Collection[str]) -> EscalationStep | None:
    if not isinstance(node, MappingNode):
        faults.add(node, f'"escalate" must be {{after: 7d, to: [head]}} or a list of such steps, not {shown(node)}')
        return None
    of = entries(faults, node, '"escalate"', ("after", "to"))
    after = required(faults, of, "after", '"escalate"', _working_days)
    to = required(faults, of, "to", '"escalate"', few(some_of(recipients, "recipient")))
    if to is not None and not to and not of.values["to"].value:
        faults.add(of.values["to"], '"to" needs at least one recipient')
    return EscalationStep(after, to) if after and to else None


def _working_days(faults: Faults, node: Node, name: str) -> int | None:
    if str(node.value).endswith("w"):
        faults.add(node, f'"{name}" is in working days: write 5d, not a week')
        return None
    return reminder(faults, node, name)


def reminder(faults: Faults, node: Node, name: str) -> int | None:
    """How many days lie between two reminders."""
    length = days(faults, node, name)
    if length is not None and not 1 <= length <= LONGEST:
        faults.add(node, f'"{name}" must be 1d to {LONGEST}d')
        return None
    return length


def check_escalation(faults: Faults, given: Entries, steps: Sequence[EscalationStep], notify: Sequence[str]) -> None:
    """Nobody can fail to acknowledge what nobody was told of."""
    if steps and not notify:
        faults.add(given.values["escalate"], '"escalate" needs "notify": nobody is told, so nobody can take it on')
