"""Facts under way: integer deltas by (cell, measure, day), and anomalies by kind."""

from collections import defaultdict
from itertools import repeat
from typing import NamedTuple

from services.metrics.domain.facts.cell import FOREVER, Cell

MOST = 2**62
ONE = 1_000_000
"""Facts are integers in millionths, so that adding and taking back is exact."""


class Fact(NamedTuple):
    """From ``day`` on (a stock) or on ``day`` (a flow), ``measure`` of ``cell`` differs by ``delta`` millionths."""

    cell: Cell
    measure: int
    day: int
    delta: int


class Tally:
    """Sums contributions. With ``sign`` −1 the same contributions are taken back, and what cancels is no fact."""

    __slots__ = ("anomalies", "deltas", "sign")

    def __init__(self) -> None:
        """Empty, and adding."""
        self.deltas: defaultdict[tuple[Cell, int, int], int] = defaultdict(int)
        self.anomalies: defaultdict[str, int] = defaultdict(int)
        self.sign = 1

    def point(self, cell: Cell, measure: int, day: int, amount: int = ONE) -> None:
        """Something happened on a day."""
        self.deltas[cell, measure, day] += self.sign * amount

    def span(self, cell: Cell, measure: int, first: int, last: int, amount: int = ONE) -> None:
        """Something is so from ``first`` to ``last`` (inclusive); nothing when the interval is empty."""
        if last < first:
            return
        signed = self.sign * amount
        self.deltas[cell, measure, first] += signed
        if last < FOREVER:
            self.deltas[cell, measure, last + 1] -= signed

    def anomaly(self, kind: str, count: int = 1) -> None:
        """Something well-formed contradicts the record."""
        if count:
            self.anomalies[kind] += self.sign * count

    def add(self, other: "Tally", times: int = 1) -> None:
        """All of another: as it was tallied, or taken back with −1."""
        for key, delta in other.deltas.items():
            self.deltas[key] += times * delta
        for kind, count in other.anomalies.items():
            self.anomalies[kind] += times * count

    def facts(self) -> list[Fact]:
        """What remains, without what cancelled; what 64 bits do not hold in one, in several."""
        return [Fact(*key, some) for key, delta in self.deltas.items() if delta for some in in_64_bits(delta)]


def in_64_bits(delta: int) -> tuple[int, ...]:
    """A delta in parts that 64 bits hold."""
    if -MOST <= delta <= MOST:
        return (delta,)
    part = MOST if delta > 0 else -MOST
    times = delta // part
    return (*repeat(part, times), *filter(None, (delta - times * part,)))


def millionths(amount: float) -> int:
    """An amount as facts hold it; rounded once, here."""
    return round(amount * ONE)
