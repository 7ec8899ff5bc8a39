"""What persons may: roles, and the units they reach, by the groups of the identity provider that somebody is in."""

from collections.abc import Iterable, Mapping

import msgspec

from shared.access.rights import EVERYWHERE, IMPLIED, WHOLE, Role

GROUPS = "groups"
"""The claim of an identity token that names groups, unless the file says another."""


class Group(msgspec.Struct, frozen=True):
    """What the members of a group may, and in which subtrees."""

    roles: tuple[Role, ...]
    units: frozenset[str]


class Policy(msgspec.Struct, frozen=True):
    """The groups that mean anything, the claim that names somebody's, and the tenant at whose service they do."""

    groups: Mapping[str, Group]
    claim: str = GROUPS
    tenant: str | None = None

    def rights(self, member_of: Iterable[str]) -> dict[str, frozenset[str]]:
        """Units by role, of all groups together: a role reaches no further than the groups that give it."""
        found: dict[str, frozenset[str]] = {}
        for group in (self.groups[name] for name in member_of if name in self.groups):
            for role in group.roles:
                units = frozenset(EVERYWHERE) if role in WHOLE else group.units
                for one in (role, *IMPLIED.get(role, ())):
                    found[one] = found.get(one, frozenset()) | units
        return found
