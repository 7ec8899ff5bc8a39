"""Placebo permutation over units: would a unit without the action have changed as much?

Source: A. Abadie, A. Diamond and J. Hainmueller, J. Am. Stat. Assoc. 105 (2010) 493–505. With 19 other units the
smallest p there is is 0.05, so the answer is better said as "k of n units changed as much".
"""

from collections.abc import Sequence
from math import isclose
from statistics import fmean
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

ENOUGH = 19
"""So many units without the action are needed for one in twenty to be seen among all."""
LEVEL = 0.05
HALF = 0.5
"""Added to counts where their logarithm is taken, so that none is of 0."""
STILL = 1e-9
"""Far less than a unit: what rounding may do to a twentieth."""


class Placebo(NamedTuple):
    """Of ``units`` without the action, ``as_much`` changed at least as much as the unit with it."""

    as_much: int
    units: int

    @property
    def p(self) -> float:
        """The share of all units, the one with the action among them, that changed at least as much."""
        return (self.as_much + 1) / (self.units + 1)

    @property
    def is_usual(self) -> bool:
        """Whether more than one in twenty changed as much, where there are enough units to tell."""
        return self.units >= ENOUGH and self.p > LEVEL


def allowed(units: int) -> int:
    """How many of so many units beside may change as much: with the changed one no more than one in twenty."""
    return int(LEVEL * (units + 1) + STILL) - 1


def placebo(acted: float, others: Sequence[float]) -> Placebo:
    """Compares a change, either way, with those of other units, each set against the mean of all.

    Changes are differences, or logarithms of ratios. Units of about the same size are compared fairly: small ones
    change more by chance.
    """
    usual = fmean([acted, *others])
    most = abs(acted - usual)
    as_much = sum(abs(other - usual) >= most or isclose(abs(other - usual), most) for other in others)
    return Placebo(as_much, len(others))


def distance(others: Sequence[float], *, falls: bool) -> float:
    """How far from the mean of others a change must lie, that way, for no more of them than are allowed to change as
    much; 0 where there are too few of them to tell.
    """
    units = len(others)
    if units < ENOUGH:
        return 0.0
    mean, way = fmean(others), -1 if falls else 1
    apart = ((other - mean) * way for other in others)
    reached = sorted((one if one > 0 else -one * (units + 1) / (units - 1) for one in apart), reverse=True)
    return reached[allowed(units)]


def standardised(before: ArrayLike, after: ArrayLike, usual: ArrayLike) -> NDArray[Any]:
    """How many standard errors the logarithm of a ratio of counts lies from what is usual, another such logarithm."""
    first, last = np.asarray(before) + HALF, np.asarray(after) + HALF
    return np.asarray((np.log(last / first) - usual) / np.sqrt(1 / first + 1 / last))
