"""Rights: what a caller may do and in which units, and what a route asks for."""

from collections.abc import Iterable, Mapping, Set
from typing import Literal, NamedTuple, get_args

import msgspec

from shared.contracts.metrics import ALL

Role = Literal["reader", "handler", "planner", "auditor", "admin"]
"""What a person may: read; act on alerts; set where a plan stands; read the access log; operate."""
Scope = Literal[
    "events:write",
    "metrics:read",
    "alerts:read",
    "alerts:write",
    "prometheus:scrape",
    "operate",
    "delegate",
    "persons:manage",
]
"""What a token may: the same for machines, ask on behalf of a person (``delegate``), and say what is known
of one person and erase it (``persons:manage``)."""
Right = Role | Scope
Through = Literal["local", "token", "session", "board"]
"""The way a caller came: without any access control on this machine, by a token, signed in, or asked for by the board.
"""

ROLES: tuple[Role, ...] = get_args(Role)
SCOPES: tuple[Scope, ...] = get_args(Scope)
IMPLIED: Mapping[Role, tuple[Role, ...]] = {"handler": ("reader",), "planner": ("reader",)}
"""Whoever acts must see what about."""
WHOLE: frozenset[Right] = frozenset({"auditor", "admin", "prometheus:scrape", "operate", "delegate", "persons:manage"})
"""Rights that are about the service as a whole: units do not narrow them."""
EVERYWHERE: Set[str] = frozenset({ALL})


class Sight(NamedTuple):
    """The subtrees of the unit tree that somebody sees, by the unit at the top of each."""

    units: Set[str]

    @property
    def everything(self) -> bool:
        """Whether no unit is outside."""
        return ALL in self.units

    def sees(self, path: Iterable[str]) -> bool:
        """Whether a unit is inside; ``path`` is the unit and its ancestors."""
        return self.everything or any(unit in self.units for unit in path)


class Need(NamedTuple):
    """What a route asks for: any one of some rights. ``by_itself``: its handler looks, and not the guard."""

    rights: frozenset[Right]
    by_itself: bool = False


class Caller(msgspec.Struct, frozen=True):
    """Who asks. ``rights`` are units at the top of subtrees, by right; ``subject`` is how the log knows the caller."""

    name: str
    subject: str
    rights: Mapping[str, frozenset[str]]
    through: Through

    def may(self, need: Need) -> bool:
        """Whether any right that is asked for is there, wherever it reaches."""
        return not need.rights or any(right in self.rights for right in need.rights)

    def sight(self, need: Need) -> Sight:
        """Where the rights that are asked for reach, all of them together."""
        return Sight(frozenset().union(*(self.rights.get(right, ()) for right in need.rights)))


LOCAL = Caller("local", "local", dict.fromkeys((*ROLES, *SCOPES), frozenset(EVERYWHERE)), "local")
"""Whoever reaches a service that listens on this machine alone and has no settings for access."""
