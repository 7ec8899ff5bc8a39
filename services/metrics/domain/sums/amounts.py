"""The amounts that formulas are made of: each knows what it reads of the sums, and how it is computed from them."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, Protocol

import numpy as np

from services.metrics.domain.facts.measures import FIRST_PAY_BIN, OF_PAY, Measure, is_flow, is_spread
from services.metrics.domain.sums.kernels import DAYS, LAGGED, LEVEL, WITHIN, Floats, Kernel, Sums

Kernels = frozenset[Kernel]
NONE: Kernels = frozenset()
ROUNDING = 1e-9
"""Of a per cent: so much of it may be missing for being computed in binary."""


class Amount(Protocol):
    """Something that there is of every group on every day: shape (groups, days)."""

    @property
    def reads(self) -> Kernels:
        """The kernels it is computed from; bins of pay are told by the first of their kind."""

    def of(self, sums: Sums) -> Floats:
        """The amount, from sums."""


@dataclass(frozen=True)
class Level:
    """The sum of levels on the as-of day."""

    measures: tuple[Measure, ...]

    @property
    def reads(self) -> Kernels:
        """The level of each."""
        return frozenset((measure, LEVEL) for measure in self.measures)

    def of(self, sums: Sums) -> Floats:
        """One after the other."""
        return sum((sums.level(measure) for measure in self.measures), sums.none)


@dataclass(frozen=True)
class Lag:
    """The level 365 days earlier."""

    measure: Measure

    @property
    def reads(self) -> Kernels:
        """The level then."""
        return frozenset({(self.measure, LAGGED)})

    def of(self, sums: Sums) -> Floats:
        """As the sums have it."""
        return sums.lag(self.measure)


@dataclass(frozen=True)
class Flow:
    """What happened within the window."""

    measures: tuple[Measure, ...]

    @property
    def reads(self) -> Kernels:
        """What falls within the window; of an amount a day, its days."""
        return frozenset((measure, DAYS if is_spread(measure) else WITHIN) for measure in self.measures)

    def of(self, sums: Sums) -> Floats:
        """One after the other."""
        return sums.flow(*self.measures)


@dataclass(frozen=True)
class Mean:
    """The average level over the window."""

    measure: Measure

    @property
    def reads(self) -> Kernels:
        """The days of the window."""
        return frozenset({(self.measure, DAYS)})

    def of(self, sums: Sums) -> Floats:
        """As the sums have it."""
        return sums.mean(self.measure)


@dataclass(frozen=True)
class Paid:
    """How many have a pay that is known; of the joiners when ``first`` is the first bin of entry pay."""

    first: int = FIRST_PAY_BIN

    @property
    def reads(self) -> Kernels:
        """All bins of the kind, told by the first: who is there, or who joined within the window."""
        return frozenset({(self.first, WITHIN if is_flow(self.first) else LEVEL)})

    def of(self, sums: Sums) -> Floats:
        """Counted over the bins."""
        return sums.pay(self.first).people


@dataclass(frozen=True)
class Quantile(Paid):
    """The pay that a share of the same people have at most."""

    share: Fraction = Fraction(1, 2)

    def of(self, sums: Sums) -> Floats:
        """Within the bin that it falls into."""
        return sums.pay(self.first).quantile(self.share)


@dataclass(frozen=True)
class PayGap:
    """How much less women earn than men, of men's pay, on average: in whole hundredths, rounded towards zero."""

    @property
    def reads(self) -> Kernels:
        """Pay of women and of men, and how many these are."""
        return frozenset((measure, LEVEL) for measure in OF_PAY)

    def of(self, sums: Sums) -> Floats:
        """Zero where there are no women, or no men."""
        women, men = (
            sums.level(pay) / np.maximum(sums.level(paid), 1)
            for pay, paid in ((Measure.pay_women, Measure.paid_women), (Measure.pay_men, Measure.paid_men))
        )
        gap = np.where((women > 0) & (men > 0), 1 - women / np.where(men > 0, men, 1), 0)
        return np.asarray(np.trunc(100 * gap + np.sign(gap) * ROUNDING) / 100 + 0.0)


@dataclass(frozen=True)
class Given:
    """What a question gives: the as-of day by number, the days of the window, or the norm of case points."""

    name: Literal["as_of", "window", "norm"]
    reads: Kernels = NONE

    def of(self, sums: Sums) -> Floats:
        """The same for every group."""
        return np.asarray(sums.none + getattr(sums, self.name), np.float64)


@dataclass(frozen=True)
class NormWhere:
    """The norm, where there is any of the measure that it is the norm of."""

    measure: Measure

    @property
    def reads(self) -> Kernels:
        """The level of the measure."""
        return frozenset({(self.measure, LEVEL)})

    def of(self, sums: Sums) -> Floats:
        """Zero elsewhere, so that nothing is divided there."""
        return sums.norm_where(self.measure)


Sign = Literal["−", "×", "÷", "smaller"]
SIGNS = {"−": np.subtract, "×": np.multiply, "÷": np.divide, "smaller": np.minimum}


@dataclass(frozen=True)
class Both:
    """Two amounts put together: their difference, product, quotient, or whichever is smaller."""

    one: Amount
    sign: Sign
    other: Amount

    @property
    def reads(self) -> Kernels:
        """What either reads."""
        return self.one.reads | self.other.reads

    def of(self, sums: Sums) -> Floats:
        """From both."""
        return np.asarray(SIGNS[self.sign](self.one.of(sums), self.other.of(sums)), np.float64)


@dataclass(frozen=True)
class Number:
    """A number of the formula itself."""

    value: int
    reads: Kernels = NONE

    def of(self, sums: Sums) -> Floats:
        """The same everywhere."""
        return sums.none + self.value
