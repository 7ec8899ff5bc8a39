"""How long persons are kept after their last employment, and families of their events, read from its text.

Or everything that is wrong with it.
"""

import calendar
import contextlib
import re
from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import NamedTuple, get_args

from ruamel.yaml.nodes import Node

from shared.contracts.erased import Family
from shared.language.said import Said, alike
from shared.written import faults as written
from shared.written.entries import entries, optional, required
from shared.written.faults import EnoughError, Fault, Faults, document
from shared.written.values import must_be, text

MOST_BYTES = 100_000
FOREVER = "forever"
RETENTION, PERSONS, FAMILIES = Said("gallringen", "the retention"), alike('"persons"'), alike('"families"')
LENGTHS = Said(
    "en längd såsom 90 days, 24 months eller 2 years, eller forever",
    "a length such as 90 days, 24 months or 2 years, or forever",
)
A_YEAR = Said("minst ett år", "a year or longer")
BY_TIME = "retention"
_LENGTH = re.compile(r"([1-9][0-9]{0,4}) (day|month|year)s?")
_MONTHS = {"month": 1, "year": 12}
_YEAR = {"day": 365, "month": 12, "year": 1}
"""What is less than a year old is still corrected, and counts on days to come."""


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

    def through(self, today: date) -> date:
        """The last day of the last month all of which has been long enough ago.

        Of whole months so that many persons' events go together: their sums are one, and the day says little of each.
        """
        first = self.since(today).replace(day=1)
        return first if first == date.min else first - timedelta(days=1)


class Kept(NamedTuple):
    """How long something is kept, and the reason."""

    keep: Keep
    why: str


class Policy(NamedTuple):
    """How long persons are kept (None: for ever), and the reason; and families of events that are not as long."""

    keep: Keep | None
    why: str
    families: Mapping[Family, Kept] = MappingProxyType({})


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
    given = entries(faults, root, RETENTION, ("persons", "families"))
    persons = required(faults, given, "persons", RETENTION, lambda _faults, found, _name: found)
    keep, why = _kept(faults, persons, PERSONS) if persons else (None, "")
    return Policy(keep, why, _families(faults, given.values["families"]) if "families" in given.values else {})


def _families(faults: Faults, node: Node) -> dict[Family, Kept]:
    names: tuple[Family, ...] = get_args(Family)
    given, found = entries(faults, node, FAMILIES, names).values, dict[Family, Kept]()
    for name in names:
        if name in given:
            keep, why = _kept(faults, given[name], alike(f'"{name}"'))
            if keep and keep.number < _YEAR[keep.unit]:
                must_be(faults, given[name], name, A_YEAR)
            elif keep:
                found[name] = Kept(keep, why)
    return found


def _kept(faults: Faults, node: Node, what: Said) -> tuple[Keep | None, str]:
    of = entries(faults, node, what, ("keep", "why"))
    keep, why = required(faults, of, "keep", what, _length), optional(faults, of, "why", "", text)
    if keep == FOREVER and not why:
        faults.add(
            of.values["keep"],
            'det som behålls för alltid behålls av ett skäl: skriv det i "why"',
            'what is kept for ever is kept for a reason: write it in "why"',
        )
    return keep if isinstance(keep, Keep) else None, why or BY_TIME


def _length(faults: Faults, node: Node, name: str) -> Keep | str | None:
    said = str(node.value)
    if said == FOREVER:
        return FOREVER
    found = _LENGTH.fullmatch(said)
    if found is None:
        must_be(faults, node, name, LENGTHS)
        return None
    return Keep(int(found[1]), found[2])
