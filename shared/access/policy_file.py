"""Reading ``access.yaml``: who may what, or everything that is wrong with it and where."""

import contextlib
from pathlib import Path

from ruamel.yaml.nodes import Node, ScalarNode

from shared.access.policy import GROUPS, Group, Policy
from shared.access.rights import EVERYWHERE, ROLES, WHOLE, Role
from shared.access.tokens import AccessError
from shared.contracts.metrics import ALL
from shared.contracts.names import not_a_name
from shared.contracts.tenants import not_a_tenant
from shared.language.said import Said, alike
from shared.written.entries import Entries, entries, optional, pairs, required
from shared.written.faults import EnoughError, Fault, Faults, decoded, document, shown
from shared.written.values import items, some_of, text, words

MOST_BYTES = 1_000_000
THE_FILE = Said("filen", "the file")
NO_ROLE = Said("ingen roll", "role")
EVERY_UNIT = "all"
"""In the place of a list of units."""


class PolicyRefused(AccessError):  # noqa: N818 -- a refusal is not an error of the program
    """A file that cannot be used; ``faults`` say everything that is wrong with it."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        """At least one fault."""
        super().__init__(str(faults[0]))
        self.faults = faults

    def told(self, path: Path) -> str:
        """The first fault, as FILE:LINE:COLUMN."""
        return f"{path}:{self.faults[0]}"


def read(content: bytes) -> Policy:
    """What the file says; raises PolicyRefused."""
    written = decoded(content)
    root = written if isinstance(written, Fault) else document(written)
    if isinstance(root, Fault):
        raise PolicyRefused((root,))
    faults, policy = Faults(), Policy({})
    with contextlib.suppress(EnoughError):
        policy = _policy(faults, root)
    if told := faults.sorted():
        raise PolicyRefused(told)
    return policy


def _policy(faults: Faults, root: Node) -> Policy:
    given = entries(faults, root, THE_FILE, ("claim", "groups", "tenant"))
    groups = required(faults, given, "groups", THE_FILE, lambda _faults, node, _name: node)
    found = {}
    for name, _, node in pairs(faults, groups, alike('"groups"')) if groups else ():
        of = entries(faults, node, _group(name), ("roles", "units"))
        found[name] = Group(_roles(faults, of, name), _units(faults, of, name))
    if groups and not found:
        faults.add(groups, '"groups" är tomt: ingen får göra någonting', '"groups" is empty: nobody may anything')
    claim = optional(faults, given, "claim", GROUPS, text)
    return Policy(found, claim, optional(faults, given, "tenant", None, _tenant))


def _tenant(faults: Faults, node: Node, name: str) -> str | None:
    said = text(faults, node, name)
    if said and (fault := not_a_tenant(said)):
        faults.add(
            node,
            f'"{said}" kan inte stå i "tenant": små bokstäver a–z, siffror och enstaka bindestreck väntades',
            f'"{said}" cannot be a tenant: {fault}',
        )
    return said


def _group(name: str) -> Said:
    return Said(f'gruppen "{name}"', f'group "{name}"')


def _roles(faults: Faults, of: Entries, group: str) -> tuple[Role, ...]:
    read_roles = some_of(ROLES, NO_ROLE)
    given = required(faults, of, "roles", _group(group), read_roles) or ()
    if "roles" in of.values and not getattr(of.values["roles"], "value", None):
        faults.add(of.values["roles"], f'gruppen "{group}" har ingen roll', f'group "{group}" has no role')
    return tuple(role for role in ROLES if role in given)


def _units(faults: Faults, of: Entries, group: str) -> frozenset[str]:
    roles = {node.value for node in getattr(of.values.get("roles"), "value", ()) if isinstance(node, ScalarNode)}
    whole = sorted(roles & WHOLE)
    if "units" not in of.values:
        if roles - WHOLE:
            faults.add(
                of.node,
                f'gruppen "{group}" saknar "units": en lista av enheter, eller {EVERY_UNIT}',
                f'group "{group}" needs "units": a list of units, or {EVERY_UNIT}',
            )
        return frozenset(EVERYWHERE)
    node = of.values["units"]
    if isinstance(node, ScalarNode) and node.value == EVERY_UNIT:
        return frozenset(EVERYWHERE)
    if whole:
        faults.add(
            node,
            f'"units" begränsar inte {" och ".join(whole)}: ge dessa till en egen grupp',
            f'"units" do not narrow {" and ".join(whole)}: give these to a group of their own',
        )
    return _listed(faults, node)


def _listed(faults: Faults, node: Node) -> frozenset[str]:
    found = words(faults, node, "units")
    for unit in items(Faults(), node, "units"):
        name = str(unit.value).strip() if isinstance(unit, ScalarNode) else ""
        if name == ALL:
            faults.add(
                unit,
                f'"{ALL}" är ingen enhet; skriv units: {EVERY_UNIT} för alla enheter',
                f'"{ALL}" is no unit; write units: {EVERY_UNIT} for all of them',
            )
        elif name and (fault := not_a_name(name)):
            faults.add(
                unit,
                f'enheten "{name}" finns inte: ingen enhet kan heta så ({fault})',
                f'unit "{name}" {fault}: no unit is called that',
            )
    if not found and not isinstance(node, ScalarNode):
        given = shown(node)
        faults.add(
            node,
            f'"units" är {given.sv} utan enheter; skriv units: {EVERY_UNIT} för alla enheter',
            f'"units" is {given.en} without units; write units: {EVERY_UNIT} for all of them',
        )
    return frozenset(found)
