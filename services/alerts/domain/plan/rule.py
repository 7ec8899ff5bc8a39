"""Reading a breach that the control chart of months tells, and what a target with one cannot say."""

from datetime import date
from typing import Literal, get_args

from ruamel.yaml.nodes import MappingNode, Node

from services.alerts.domain.plan.entries import entries
from services.alerts.domain.plan.plan import Rule, RuleKind
from shared.contracts.catalogue import Metric
from shared.contracts.catalogue.monthly import UNFIT
from shared.language.said import alike
from shared.written.entries import Entries, optional, required
from shared.written.faults import Faults
from shared.written.values import day, one_of

Towards = Literal["worse", "better", "up", "down"]
KINDS: tuple[RuleKind, ...] = get_args(RuleKind)
TOWARDS: tuple[Towards, ...] = get_args(Towards)
KEYS = ("rule", "direction", "since")
BREACH = alike('"breach"')
OF_LIMITS = ("clear", "hold", "clear_hold", "look_ahead", "require_confirmation")
"""What only a limit of a day's value can have: a rule looks at months in a row, and is over once they are."""


def is_rule(node: Node) -> bool:
    """Whether a breach is written as a rule."""
    return isinstance(node, MappingNode) and any(key.value == "rule" for key, _ in node.value)


def rule(faults: Faults, given: Entries, of: Metric | None, watched: date | None) -> Rule | None:
    """``{rule: shift, direction: worse, since: 2024-01-01}``; without a day, since the one it is ``watched`` from."""
    node = given.values["breach"]
    found = entries(faults, node, BREACH, KEYS)
    kind: RuleKind | None = required(faults, found, "rule", BREACH, one_of(KINDS))
    towards: Towards = optional(faults, found, "direction", "worse", one_of(TOWARDS))
    since = optional(faults, found, "since", watched, day)
    if since is None and "since" not in found.values:
        faults.add(
            node,
            'en regel behöver dagen som månader bedöms från: ge den "since", eller målet watch_from',
            'a rule needs the day from which months are judged: give it "since", or the target watch_from',
        )
    for name in OF_LIMITS:
        if name in given.values:
            faults.add(
                given.values[name],
                f'"{name}" är för en gräns: en regel ser på hela månader; utelämna detta',
                f'"{name}" is for a limit: a rule looks at whole months; leave this out',
            )
    if of and (why := UNFIT.get(of.name)):
        faults.add(
            node,
            f"{of.name} har inget styrdiagram månad för månad: {why.sv}",
            f"{of.name} has no monthly control chart: {why.en}",
        )
    if kind is None or since is None or of is None:
        return None
    upwards = _upwards(faults, node, of, towards)
    return None if upwards is None else Rule(kind, upwards, since)


def _upwards(faults: Faults, node: Node, of: Metric, towards: Towards) -> bool | None:
    if towards in {"up", "down"}:
        return towards == "up"
    if of.direction == "neutral":
        faults.add(
            node,
            f"{of.name} blir varken bättre eller sämre när det ändras: skriv direction: up eller down",
            f"{of.name} is neither better nor worse when it changes: write direction: up or down",
        )
        return None
    return (towards == "better") == (of.direction == "higher_is_better")
