"""How many events come at a time: one person may report many on a day, and such are not as many as they look.

Exact inference on counts takes events to come one by one. Neighbouring months differ by about as much as there is in
them if they do, and by so many times as much if so many come at a time; what changes slowly, as seasons do, hardly
matters. Source of the differences: J. von Neumann and others, Ann. Math. Stat. 12 (1941) 153–162.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import sqrt

SURE = 2.0
"""Standard errors above 1, within which events are taken to come one by one: chance alone makes months differ so."""
SPREAD = 3.0
"""The variance of one pair's part: 2, that of a square of a normal value, and half as much for neighbours in common."""


def at_a_time(stretches: Iterable[Sequence[int]]) -> float:
    """How many events come at a time in some stretches of months in a row; 1 where they come one by one."""
    pairs = [pair for months in stretches for pair in pairwise(months)]
    events = sum(before + after for before, after in pairs)
    if not events:
        return 1.0
    found = sum((after - before) ** 2 for before, after in pairs) / events
    return found if found > 1 + SURE * sqrt(SPREAD / len(pairs)) else 1.0
