"""``python -m tests.harm.trials [--trials N]``: simulated actions that did nothing, and some that halved it.

Each trial is a unit of 20–600 people with an action and nineteen beside it, of whom a fifth leaves in a year, evaluated
as a plan's action is: how often it is called improved or worsened although nothing changed, and whether a halving is
seen as often as was promised, by how large the unit is too. It fails where one of these is not so.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from shared.contracts.evaluations import Verdict
from shared.statistics.intervals import binomial_share
from shared.statistics.power import power
from tests.unit.alerts.evaluating import answered, asked, drawn

RATE = 0.2
"""Leavers a year and person."""
SIZES = (20, 600)
BESIDE = 19
YEAR = 12
WINDOWS = ((12, 6), (12, 12), (24, 6), (24, 12))
"""Months before and after."""


BANDS = (20, 50, 100, 200, 400, 600)
"""People: trials are told of by these sizes too."""
MOST_FALSE = 0.05
NEAR = 0.03
"""So near what was promised lies what is seen, of all trials."""


class Trial(NamedTuple):
    """What was answered of so many people, and how likely it was said to be that a halving would be seen."""

    people: float
    verdict: Verdict
    promised: float


class Kept(NamedTuple):
    """How many of some trials were called improved, and how many were promised to be."""

    seen: int
    promised: float
    number: int

    @property
    def off(self) -> float:
        """How far what was seen lies from what was promised, as a share."""
        return abs(self.seen - self.promised) / self.number


def trials(number: int, times: float, seed: int) -> Iterator[Trial]:
    """So many trials in which the rate becomes ``times`` what it was."""
    for one in range(number):
        chance = np.random.default_rng((seed, one))
        before, after = WINDOWS[one % len(WINDOWS)]
        question = asked(before=before, after=after, smallest=0.5)
        sizes = np.exp(chance.uniform(*np.log(SIZES), BESIDE + 1)).round().tolist()
        acted = drawn(chance, question, "acted", sizes[0], RATE, times)
        beside = [drawn(chance, question, f"beside{n}", size, RATE) for n, size in enumerate(sizes[1:])]
        yield Trial(sizes[0], answered(question, [acted], beside).verdict, promised(sizes, before, after, times))


def promised(sizes: Sequence[float], before: int, after: int, times: float) -> float:
    """The chance of being seen, as a plan is told before it runs: from people and the usual rate alone."""
    own, *theirs = (RATE * people * before / YEAR for people in sizes)
    return power(own, after / before, times, theirs)


def kept(found: Sequence[Trial]) -> Kept:
    """What was seen and promised in some trials."""
    seen = sum(trial.verdict == "improved" for trial in found)
    return Kept(seen, sum(trial.promised for trial in found), len(found))


def said(count: int, number: int) -> str:
    """A share with its exact interval."""
    low, high = binomial_share(count, number)
    return f"{count} of {number}: {count / number:.1%} ({low:.1%}–{high:.1%})"


def main() -> None:
    """Print how often something was said of nothing, and how often a halving was seen."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--trials", type=int, default=1_000)
    number = parser.parse_args().trials
    nothing = Counter(trial.verdict for trial in trials(number, 1.0, 1))
    for verdict in ("improved", "worsened"):
        print(f"nothing changed, called {verdict}: {said(nothing[verdict], number)}")
    halved = list(trials(number, 0.5, 2))
    found = kept(halved)
    print(f"halved, called improved: {said(found.seen, number)}; promised {found.promised / number:.1%}")
    for low, high in pairwise(BANDS):
        if some := [trial for trial in halved if low <= trial.people < high + (high == BANDS[-1])]:
            seen, wanted, of = kept(some)
            print(f"  {low}–{high} people: {said(seen, of)}; promised {wanted / of:.1%}")
    if found.off > NEAR or max(nothing["improved"], nothing["worsened"]) > MOST_FALSE * number:
        sys.exit("not as promised")


if __name__ == "__main__":
    main()
