"""How long persons are kept after their last employment, read from its text; or everything that is wrong with it."""

import calendar
import contextlib
import re
from datetime import date, timedelta
from typing import NamedTuple

from ruamel.yaml.nodes import Node

from shared.language.said import Said, alike
from shared.written import faults as written
from shared.written.entries import entries, optional, required
from shared.written.faults import EnoughError, Fault, Faults, document
from shared.written.values import must_be, text

MOST_BYTES = 100_000
FOREVER = "forever"
RETENTION, PERSONS = Said("gallringen", "the retention"), alike('"persons"')
LENGTHS = Said(
    "en längd såsom 90 days, 24 months eller 2 years, eller forever",
    "a length such as 90 days, 24 months or 2 years, or forever",
)
BY_TIME = "retention"
_LENGTH = re.compile(r"([1-9][0-9]{0,4}) (day|month|year)s?")
_MONTHS = {"month": 1, "year": 12}


class PolicyRefused(Exception):  # noqa: N818 -- a refusal is not an error of the program
    """A file that cannot be used; ``faults`` says everything that is wrong with it."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        """At least one fault."""
        super().__init__("; ".join(str(fault) for fault in faults))
        self.faults = faults


class Keep(NamedTuple):
    """So many days, months or years."""

    number: int
    unit: str

    def since(self, today: date) -> date:
        """The last day of an employment that has just been long enough ago."""
        if self.unit == "day":
            return today - timedelta(days=min(self.number, today.toordinal() - 1))
        months = today.year * 12 + today.month - 1 - self.number * _MONTHS[self.unit]
        year, month = max(months // 12, 1), months % 12 + 1
        return date(year, month, min(today.day, calendar.monthrange(year, month)[1]))


class Policy(NamedTuple):
    """How long persons are kept (None: for ever), and the reason."""

    keep: Keep | None
    why: str


def read(content: bytes) -> Policy:
    """What a file says; raises PolicyRefused."""
    said = written.decoded(content)
    root = said if isinstance(said, Fault) else document(said)
    if isinstance(root, Fault):
        raise PolicyRefused((root,))
    faults, found = Faults(), Policy(None, "")
    with contextlib.suppress(EnoughError):
        found = _policy(faults, root)
    if told := faults.sorted():
        raise PolicyRefused(told)
    return found


def _policy(faults: Faults, root: Node) -> Policy:
    given = entries(faults, root, RETENTION, ("persons",))
    node = required(faults, given, "persons", RETENTION, lambda _faults, found, _name: found)
    if node is None:
        return Policy(None, "")
    of = entries(faults, node, PERSONS, ("keep", "why"))
    keep, why = required(faults, of, "keep", PERSONS, _length), optional(faults, of, "why", "", text)
    if keep == FOREVER and not why:
        faults.add(
            of.values["keep"],
            'den som behålls för alltid behålls av ett skäl: skriv det i "why"',
            'who is kept for ever is kept for a reason: write it in "why"',
        )
    return Policy(keep if isinstance(keep, Keep) else None, why or BY_TIME)


def _length(faults: Faults, node: Node, name: str) -> Keep | str | None:
    said = str(node.value)
    if said == FOREVER:
        return FOREVER
    found = _LENGTH.fullmatch(said)
    if found is None:
        must_be(faults, node, name, LENGTHS)
        return None
    return Keep(int(found[1]), found[2])
