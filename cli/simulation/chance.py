"""Draws that are the same on every Python: all of them come from ``random.Random.random``."""

from collections.abc import Sequence
from math import exp, log
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """A named stream of draws; streams with other names are independent of it.

    ``Random.random`` is the one method whose sequence Python promises to keep, so nothing else of it is used.
    """

    def __init__(self, seed: int, stream: str) -> None:
        self.random = Random(f"{seed}/{stream}").random  # noqa: S311  a simulation must be repeatable, not secret

    def happens(self, probability: float) -> bool:
        """Whether something of this probability happens."""
        return self.random() < probability

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.random() * (high - low + 1))

    def pick(self, options: Sequence[T]) -> T:
        """One of the options, all alike."""
        return options[int(self.random() * len(options))]

    def weighted(self, options: Sequence[tuple[T, float]]) -> T:
        """One of the options by weight; weights sum to one (the last option takes any remainder)."""
        rest = self.random()
        for option, weight in options:
            rest -= weight
            if rest < 0:
                return option
        return options[-1][0]

    def days(self, mean: float) -> int:
        """An exponential duration of at least one day."""
        return 1 + int(-log(1 - self.random()) * (mean - 0.5))

    def count(self, mean: float) -> int:
        """A Poisson count (product of uniforms; large means in parts, so that exp does not underflow)."""
        if mean > 30:
            return self.count(mean / 2) + self.count(mean / 2)
        limit, product, found = exp(-mean), self.random(), 0
        while product > limit:
            product *= self.random()
            found += 1
        return found

    def near(self, mean: float, spread: float) -> float:
        """About normal: three uniforms give the mean and the standard deviation asked for, and never a far tail."""
        return mean + 2 * spread * (self.random() + self.random() + self.random() - 1.5)
