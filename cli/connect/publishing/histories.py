"""Which rows of a file are one thing's history: found out for all rows at once, in a few bytes for each.

Rows are known by hashes of what they say, so that a file of millions fits: 32 bytes a row while it is read.
"""

from array import array
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

FIRST, LAST, AGAIN, DIFFERENT = 1, 2, 4, 8
"""A row begins a history, ends it, says again what a row before it says, or something else of the same day."""
NOTHING = 0
"""What a row is of that does not say what it is of: such rows are no history together."""
Hashes = npt.NDArray[np.int64]


class Turns(NamedTuple):
    """What each row is in its history, by its index; the line of the row before it that is of the same day."""

    roles: bytes
    before: dict[int, int]


class Histories:
    """The rows of a file by what they are rows of."""

    def __init__(self) -> None:
        """None yet."""
        self._of, self._persons, self._said = array("q"), array("q"), array("q")
        self._since, self._lines = array("i"), array("I")

    def take(self, line: int, of: int, since: int, person: int, said: int) -> None:
        """The next row: hashes of what it is a row of, of the person and of all it says; since which day it holds."""
        self._lines.append(line)
        self._of.append(of)
        self._since.append(since)
        self._persons.append(person)
        self._said.append(said)

    @property
    def of(self) -> Hashes:
        """By row."""
        return np.frombuffer(self._of, np.int64)

    @property
    def persons(self) -> Hashes:
        """By row."""
        return np.frombuffer(self._persons, np.int64)

    def turns(self) -> Turns:
        """What each row is; one that is alone is the first and the last."""
        roles = bytearray([FIRST | LAST]) * len(self._of)
        before: dict[int, int] = {}
        for rows in self._repeated():
            for row in rows:
                roles[row] = 0
            kept = list(self._kept(rows, roles, before))
            roles[kept[0]] |= FIRST
            roles[kept[-1]] |= LAST
        return Turns(bytes(roles), before)

    def _kept(self, rows: list[int], roles: bytearray, before: dict[int, int]) -> Iterator[int]:
        """The rows of a history but for those that are of the same day as one before."""
        held: int | None = None
        for row in rows:
            if held is not None and self._since[row] == self._since[held]:
                roles[row] = AGAIN if self._said[row] == self._said[held] else DIFFERENT
                before[row] = self._lines[held]
            else:
                held = row
                yield row

    def _repeated(self) -> Iterator[list[int]]:
        """The rows of each thing that has several, by the day they hold from, and as they stand."""
        if not len(self._of):
            return
        values, times = np.unique(self.of, return_counts=True)
        several = np.flatnonzero(np.isin(self.of, values[(times > 1) & (values != NOTHING)]))
        since = np.frombuffer(self._since, np.int32)
        ordered = several[np.lexsort((several, since[several], self.of[several]))]
        ends = np.flatnonzero(np.diff(self.of[ordered])) + 1
        for rows in np.split(ordered, ends) if len(ordered) else ():
            yield rows.tolist()


def distinct(hashes: Hashes) -> int:
    """How many different ones there are."""
    return len(np.unique(hashes))
