"""Reading whom a target turns to when nobody takes an alert on, and how often it reminds."""

from collections.abc import Callable, Collection, Sequence
from itertools import pairwise

from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from services.alerts.domain.plan.entries import entries
from services.alerts.domain.plan.plan import EscalationStep
from services.alerts.domain.plan.values import days
from shared.language.said import Said, alike
from shared.written.entries import Entries, required
from shared.written.faults import Faults
from shared.written.values import few, items, must_be, some_of

LONGEST = 366
"""Days, also working days, after which nobody is turned to any more."""
STEPS = 5
ESCALATE = alike('"escalate"')
NO_RECIPIENT = Said("ingen mottagare", "recipient")


def escalation(recipients: Collection[str]) -> Callable[[Faults, Node, str], tuple[EscalationStep, ...] | None]:
    """A reader of ``{after: 7d, to: [head]}``, or of a list of such steps, each later than the one before."""

    def read(faults: Faults, node: Node, name: str) -> tuple[EscalationStep, ...] | None:
        nodes = items(faults, node, name) if isinstance(node, SequenceNode) else [node]
        if not 0 < len(nodes) <= STEPS:
            faults.add(node, f'"{name}" har ett till {STEPS} steg', f'"{name}" has one to {STEPS} steps')
            return None
        found = [one for each in nodes if (one := _step(faults, each, recipients))]
        for before, later in pairwise(found):
            if later.after <= before.after:
                faults.add(
                    node,
                    f"skriv det tidigare steget först: {later.after}d kommer inte efter {before.after}d",
                    f"write the sooner step first: {later.after}d is not after {before.after}d",
                )
        return tuple(found)

    return read


def _step(faults: Faults, node: Node, recipients: Collection[str]) -> EscalationStep | None:
    if not isinstance(node, MappingNode):
        step = "{after: 7d, to: [head]}"
        kind = Said(f"{step} eller en lista av sådana steg", f"{step} or a list of such steps")
        must_be(faults, node, "escalate", kind)
        return None
    of = entries(faults, node, ESCALATE, ("after", "to"))
    after = required(faults, of, "after", ESCALATE, _working_days)
    to = required(faults, of, "to", ESCALATE, few(some_of(recipients, NO_RECIPIENT)))
    if to is not None and not to and not of.values["to"].value:
        faults.add(of.values["to"], '"to" behöver minst en mottagare', '"to" needs at least one recipient')
    return EscalationStep(after, to) if after and to else None


def _working_days(faults: Faults, node: Node, name: str) -> int | None:
    if str(node.value).endswith("w"):
        faults.add(
            node,
            f'"{name}" räknas i arbetsdagar: skriv 5d, inte en vecka',
            f'"{name}" is in working days: write 5d, not a week',
        )
        return None
    return reminder(faults, node, name)


def reminder(faults: Faults, node: Node, name: str) -> int | None:
    """How many days lie between two reminders."""
    length = days(faults, node, name)
    if length is not None and not 1 <= length <= LONGEST:
        faults.add(node, f'"{name}" måste vara 1d till {LONGEST}d', f'"{name}" must be 1d to {LONGEST}d')
        return None
    return length


def check_escalation(faults: Faults, given: Entries, steps: Sequence[EscalationStep], notify: Sequence[str]) -> None:
    """Nobody can fail to acknowledge what nobody was told of."""
    if steps and not notify:
        faults.add(
            given.values["escalate"],
            '"escalate" behöver "notify": ingen får besked, så ingen kan ta sig an larmet',
            '"escalate" needs "notify": nobody is told, so nobody can take it on',
        )
