"""Reading when a recipient gets a weekly summary."""

import re
from datetime import time
from typing import get_args

from ruamel.yaml.nodes import Node, ScalarNode

from services.alerts.domain.plan.entries import entries
from services.alerts.domain.plan.plan import Rhythm, Weekday
from shared.language.said import Said, alike
from shared.written.entries import Entries, optional
from shared.written.faults import Faults
from shared.written.values import must_be, one_of

WEEKLY = "weekly"
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
_HOUR = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


def digest(faults: Faults, node: Node, name: str) -> Rhythm | None:
    """``weekly``, which is Monday at eight, or ``{on: friday, at: "14:30"}``, either of which may be left out."""
    if not isinstance(node, ScalarNode):
        of = entries(faults, node, alike(f'"{name}"'), ("on", "at"))
        usual = Rhythm()
        return Rhythm(
            optional(faults, of, "on", usual.on, one_of(WEEKDAYS)), optional(faults, of, "at", usual.at, hour)
        )
    if node.value != WEEKLY:
        other = '{on: monday, at: "08:00"}'
        must_be(faults, node, name, Said(f"{WEEKLY} eller {other}", f"{WEEKLY}, or {other}"))
        return None
    return Rhythm()


def hour(faults: Faults, node: Node, name: str) -> time | None:
    """An hour of the day such as 08:00."""
    found = _HOUR.fullmatch(str(node.value)) if isinstance(node, ScalarNode) else None
    if found:
        return time(int(found[1]), int(found[2]))
    must_be(faults, node, name, Said('ett klockslag såsom "08:00"', 'an hour such as "08:00"'))
    return None


def check_digest(faults: Faults, recipient: Entries, name: str) -> None:
    """What a webhook takes becomes tickets: a summary is none."""
    if {"digest", "webhook"} <= recipient.values.keys():
        faults.add(
            recipient.values["digest"],
            f'mottagaren "{name}" är en webhook: bara människor får en "digest"',
            f'recipient "{name}" is a webhook: only people get a "digest"',
        )
