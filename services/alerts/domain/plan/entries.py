"""Reading the mappings of a plan: a key that the service does not act on yet is a fault of its own."""

from collections.abc import Collection

from ruamel.yaml.nodes import Node

from shared.language.said import Said
from shared.written import entries as mappings
from shared.written.entries import Entries
from shared.written.faults import Faults

LATER = frozenset({"acknowledge", "mute"})
"""Accepting them would promise what is not done."""


def entries(faults: Faults, node: Node, what: Said, known: Collection[str]) -> Entries:
    """The mapping ``node``, each unknown key of which is a fault."""
    return mappings.entries(faults, node, what, known, LATER)
