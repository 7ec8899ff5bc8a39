"""Reading mappings entry by entry, so that one fault hides no other."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TypeVar

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from shared.written.faults import Faults, meant, shown

T = TypeVar("T")


class Entries:
    """The known entries of one mapping, and where it begins for what is missing in it."""

    def __init__(self, node: Node, values: Mapping[str, Node]) -> None:
        """``values`` are the value nodes by key."""
        self.node = node
        self.values = dict(values)

    def adapted(self, over: "Entries") -> "Entries":
        """The same entries with those of ``over`` in their place."""
        return Entries(over.node, {**self.values, **over.values})


def pairs(faults: Faults, node: Node, what: str) -> Iterator[tuple[str, Node, Node]]:
    """Key, key's node and value's node of each entry; a repeated key is a fault and is skipped."""
    if not isinstance(node, MappingNode):
        faults.add(node, f"{what} must be a mapping of keys to values, not {shown(node)}")
        return
    seen: set[str] = set()
    for key, value in node.value:
        name = str(key.value) if isinstance(key, ScalarNode) else ""
        if not name or name in seen:
            faults.add(key, f'"{name}" is given twice' if name else f"a key of {what} must be a word")
            continue
        seen.add(name)
        yield name, key, value


def entries(faults: Faults, node: Node, what: str, known: Collection[str], later: Collection[str] = ()) -> Entries:
    """The mapping ``node``, each unknown key of which is a fault, and so is one that is to be known ``later``."""
    values = {}
    for name, key, value in pairs(faults, node, what):
        if name in known:
            values[name] = value
        elif name in later:
            faults.add(key, f'"{name}" is not supported yet; remove it')
        else:
            faults.add(key, f'unknown key "{name}" in {what}{meant(name, known)}')
    return Entries(node, values)


def required(
    faults: Faults, of: Entries, name: str, what: str, read: Callable[[Faults, Node, str], T | None]
) -> T | None:
    """The value of a key that must be there; None after a fault."""
    if name in of.values:
        return read(faults, of.values[name], name)
    faults.add(of.node, f'{what} needs "{name}"')
    return None


def optional(faults: Faults, of: Entries, name: str, default: T, read: Callable[[Faults, Node, str], T | None]) -> T:
    """The value of a key that may be left out; the default also after a fault, which is recorded."""
    if name not in of.values:
        return default
    value = read(faults, of.values[name], name)
    return default if value is None else value
