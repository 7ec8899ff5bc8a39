"""Reading mappings entry by entry, so that one fault hides no other."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TypeVar

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from shared.language.said import Said
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


def pairs(faults: Faults, node: Node, what: Said) -> Iterator[tuple[str, Node, Node]]:
    """Key, key's node and value's node of each entry; a repeated key is a fault and is skipped."""
    if not isinstance(node, MappingNode):
        given = shown(node)
        faults.add(
            node,
            f"{what.sv} måste vara nycklar med värden, inte {given.sv}",
            f"{what.en} must be a mapping of keys to values, not {given.en}",
        )
        return
    seen: set[str] = set()
    for key, value in node.value:
        name = str(key.value) if isinstance(key, ScalarNode) else ""
        if not name or name in seen:
            _repeated(faults, key, name, what)
            continue
        seen.add(name)
        yield name, key, value


def _repeated(faults: Faults, key: Node, name: str, what: Said) -> None:
    if name:
        faults.add(key, f'"{name}" står två gånger', f'"{name}" is given twice')
    else:
        faults.add(key, f"en nyckel i {what.sv} måste vara ett ord", f"a key of {what.en} must be a word")


def entries(faults: Faults, node: Node, what: Said, known: Collection[str], later: Collection[str] = ()) -> Entries:
    """The mapping ``node``, each unknown key of which is a fault, and so is one that is to be known ``later``."""
    values = {}
    for name, key, value in pairs(faults, node, what):
        if name in known:
            values[name] = value
        elif name in later:
            faults.add(key, f'"{name}" stöds inte ännu; ta bort det', f'"{name}" is not supported yet; remove it')
        else:
            near = meant(name, known)
            faults.add(
                key,
                f'okänd nyckel "{name}" i {what.sv}{near.sv}',
                f'unknown key "{name}" in {what.en}{near.en}',
            )
    return Entries(node, values)


def required(
    faults: Faults, of: Entries, name: str, what: Said, read: Callable[[Faults, Node, str], T | None]
) -> T | None:
    """The value of a key that must be there; None after a fault."""
    if name in of.values:
        return read(faults, of.values[name], name)
    faults.add(of.node, f'{what.sv} saknar "{name}"', f'{what.en} needs "{name}"')
    return None


def optional(faults: Faults, of: Entries, name: str, default: T, read: Callable[[Faults, Node, str], T | None]) -> T:
    """The value of a key that may be left out; the default also after a fault, which is recorded."""
    if name not in of.values:
        return default
    value = read(faults, of.values[name], name)
    return default if value is None else value
