"""Random towns whose units are asked now and then, and of how few people some of their answers are at the fewest.

Nothing of the product is used. Whoever is asked twice may answer twice: at the fewest as many people answered a unit's
reports as answered the largest.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import product
from typing import NamedTuple

from tests import builders as make

FEW = 6
DAYS = [date(2024, 6, 1) + timedelta(days=n) for n in range(0, 90, 6)]
ANSWERS = (0, 1, 4, 6, 7, 12, 25, 25, 25)


class Pulse(NamedTuple):
    """A report of a unit: how many answered which questions on a day, and what their answers come to."""

    unit: str
    day: date
    index: str
    answers: int
    score: int

    @property
    def event(self) -> make.Event:
        """As it is sent."""
        data = {"effective": self.day.isoformat(), "index": self.index, "invited": 30, "answers": self.answers}
        return make.event("hr.pulse.reported.v1", f"unit/{self.unit}", data | {"score_sum": self.score, "negative": 0})


class Town(NamedTuple):
    """Units, what each lies in, and their pulses."""

    above: dict[str, str]
    pulses: list[Pulse]

    @property
    def units(self) -> list[make.Event]:
        """As they are defined."""
        return [make.unit_defined(unit, **({"parent": up} if up else {})) for unit, up in self.above.items()]

    def path(self, unit: str) -> Iterator[str]:
        """A unit, what it lies in, and so on to everything; and the unit without those below it."""
        yield from (f"only {unit}", "*")
        while unit:
            yield unit
            unit = self.above.get(unit, "")


def town(seed: int) -> Town:
    """Most units are asked now and then, some twice on a day, and often few answer."""
    rng = random.Random(seed)  # noqa: S311
    units = [f"u{n}" for n in range(rng.randint(3, 7))]
    above = {unit: rng.choice(units[:n]) if n and rng.random() < 0.7 else "" for n, unit in enumerate(units)}
    asked = [(*on, "hme") for on in product(units, DAYS) if rng.random() < 0.15]
    asked += [(unit, day, "stress") for unit, day, _ in asked if rng.random() < 0.2]
    answers = [rng.choice(ANSWERS) for _ in asked]
    found = [Pulse(*on, n, rng.randint(0, 100 * n)) for on, n in zip(asked, answers, strict=True)]
    return Town(above, found)


def fewest(answers: Iterable[tuple[Pulse, int]]) -> int:
    """Of how few people so many answers of some reports are, if the same people answer wherever they can."""
    of_reports = defaultdict[str, defaultdict[Pulse, int]](lambda: defaultdict(int))
    for pulse, count in answers:
        of_reports[pulse.unit][pulse] += count
    return sum(max(some.values()) for some in of_reports.values())
