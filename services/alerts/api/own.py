"""The caller's own units: what is outside of them is refused where it is named, and left out where it is not."""

import asyncpg

from services.alerts.repository import groups
from shared.access.rights import Sight
from shared.kit.access.guard import inside


async def own(connection: asyncpg.Connection, sight: Sight, unit: str | None = None) -> list[str] | None:
    """The units to ask about: the one that is named, or all that are the caller's own; None without any bound.

    Raises PermissionDeniedException for one outside, and for one that nobody has told of.
    """
    if unit is not None:
        await within(connection, sight, unit)
        return [unit]
    return None if sight.everything else await groups.below(connection, sight.units)


async def within(connection: asyncpg.Connection, sight: Sight, unit: str) -> None:
    """Raise PermissionDeniedException unless the unit is the caller's own, as the tree is now."""
    if not sight.everything:
        inside(sight, unit, await groups.path(connection, unit))
