"""A shard: a share of the units. They are dealt by their names alone, so that each is in exactly one, and in the same
one wherever the tree has it. A unit's sums are of all that lies below it, whichever shards the units below are in.
"""

from typing import NamedTuple
from zlib import crc32

from shared.contracts.metrics import ALL


class Shard(NamedTuple):
    """The shard of a number, 0 first, ``of`` so many."""

    number: int = 0
    of: int = 1

    @property
    def is_first(self) -> bool:
        """Whether everything together is in it: what is done once for all is done where it is."""
        return self.number == dealt(ALL, self.of)

    @property
    def is_whole(self) -> bool:
        """Whether all units are in it."""
        return self.of == 1

    def has(self, unit: str) -> bool:
        """Whether a unit is in it."""
        return dealt(unit, self.of) == self.number


def dealt(unit: str, shards: int) -> int:
    """The number of the shard that a unit is in; of everything together, the first."""
    return 0 if unit == ALL else crc32(unit.encode()) % shards


WHOLE = Shard()
"""The one that has all units."""
