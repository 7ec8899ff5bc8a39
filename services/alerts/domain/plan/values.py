"""Reading the durations of a plan: each reader gives the value, or records the fault and gives None."""

import re

from ruamel.yaml.nodes import Node, ScalarNode

from shared.contracts.metrics import HORIZONS, RESTATED_DAYS
from shared.language.said import Said
from shared.written.faults import Faults, shown
from shared.written.values import is_a, items, must_be, write

_DURATION = re.compile(r"(\d{1,4})([dw])")
_SHORT = re.compile(r"(\d{1,4})([smh])")
SECONDS = {"s": 1, "m": 60, "h": 3_600}
LONGEST_SETTLE = 3_600


def days(faults: Faults, node: Node, name: str) -> int | None:
    """A duration such as 14d or 2w, in days."""
    found = _DURATION.fullmatch(str(node.value)) if isinstance(node, ScalarNode) else None
    if found:
        return int(found[1]) * (7 if found[2] == "w" else 1)
    hint = write(f"{node.value}d") if is_a(node, "int") else None
    must_be(faults, node, name, Said("en tid såsom 14d eller 2w", "a duration such as 14d or 2w"), hint)
    return None


def settle(faults: Faults, node: Node, name: str) -> int | None:
    """A duration such as 90s, 2m or 1h, in seconds; an hour at most."""
    found = _SHORT.fullmatch(str(node.value)) if isinstance(node, ScalarNode) else None
    if not found:
        must_be(faults, node, name, Said("en tid såsom 90s, 2m eller 1h", "a duration such as 90s, 2m or 1h"))
        return None
    seconds = int(found[1]) * SECONDS[found[2]]
    if seconds > LONGEST_SETTLE:
        faults.add(
            node,
            f'"{name}" kan vara högst 1h: ett mejl som väntar längre är ingen nyhet',
            f'"{name}" can be 1h at most: a mail that waits longer is no news',
        )
    return seconds


def hold(faults: Faults, node: Node, name: str) -> int | None:
    """A duration no longer than values are restated for, in days."""
    length = days(faults, node, name)
    if length is not None and length > RESTATED_DAYS:
        faults.add(
            node,
            f'"{name}" kan vara högst {RESTATED_DAYS}d: bara så många dagar räknas om efter sena uppgifter',
            f'"{name}" can be {RESTATED_DAYS}d at most: only that many days are restated by late data',
        )
    return length


def horizons(faults: Faults, node: Node, name: str) -> tuple[int, ...]:
    """The days ahead for which the future is published, each once, nearest first."""
    known = ", ".join(f"{horizon}d" for horizon in HORIZONS)
    found = set()
    for item in items(faults, node, name):
        horizon = days(faults, item, name)
        if horizon in HORIZONS:
            found.add(horizon)
        elif horizon is not None:
            given = shown(item)
            faults.add(item, f'"{name}" kan vara {known}, inte {given.sv}', f'"{name}" can be {known}, not {given.en}')
    return tuple(sorted(found))
