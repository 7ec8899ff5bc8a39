"""The formula of a metric in words, told by the formula itself: it is computed on words instead of sums."""

from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

from cli.reference.measures import WORDS
from services.metrics.domain.facts.measures import FIRST_PAY_BIN, Measure
from services.metrics.domain.sums.catalogue import FORMULAS
from services.metrics.domain.sums.pay import LOWER, MEDIAN, P10, P90, UPPER

if TYPE_CHECKING:
    from fractions import Fraction

    from services.metrics.domain.sums.kernels import Sums

QUANTILES = {P10: "the 10th percentile", LOWER: "the lower quartile", MEDIAN: "the median", UPPER: "the upper quartile"}
QUANTILES |= {P90: "the 90th percentile"}


def formula(metric: str) -> str:
    """The formula of a metric, as a sentence of what it divides by what."""
    found, sums = FORMULAS[metric], cast("Sums", InWords())  # formulas only add, multiply and divide what it answers
    whole = found.numerator(sums)
    if found.scale:
        whole = found.scale(sums) * whole
    return str(whole / found.denominator(sums) if found.denominator else whole)


class Phrase(NamedTuple):
    """Words that calculate; ``terms`` are what was added up, so that brackets stand where they must."""

    text: str
    terms: int = 1

    def __str__(self) -> str:
        """The words."""
        return self.text

    def __add__(self, other: object) -> "Phrase":
        """Plus; nothing plus something is something."""
        more = _phrase(other)
        if not (self.terms and more.terms):
            return more if more.terms else self
        return Phrase(f"{self.text} + {more.text}", self.terms + more.terms)

    def __sub__(self, other: object) -> "Phrase":
        """Minus."""
        return Phrase(f"{self.text} − {_factor(other)}", self.terms + 1)

    def __mul__(self, other: object) -> "Phrase":
        """Times."""
        return Phrase(f"{_factor(self)} × {_factor(other)}")

    def __truediv__(self, other: object) -> "Phrase":
        """Divided by."""
        return Phrase(f"{_factor(self)} ÷ {_factor(other)}")

    def __rtruediv__(self, other: object) -> "Phrase":
        """A number divided by words."""
        return _phrase(other) / self

    def __array_ufunc__(self, ufunc: object, _method: str, *given: object) -> "Phrase":
        """The smaller of two: the one thing that formulas ask numpy for."""
        if ufunc is not np.minimum:
            raise TypeError(f"no words for {ufunc}")
        one, other = map(_factor, given)
        return Phrase(f"the smaller of {one} and {other}", 2)


def _phrase(thing: object) -> Phrase:
    return thing if isinstance(thing, Phrase) else Phrase(f"{thing:,}" if isinstance(thing, int) else str(thing))


def _factor(thing: object) -> str:
    phrase = _phrase(thing)
    return f"({phrase})" if phrase.terms > 1 else str(phrase)


class InWords:
    """Answers as ``Sums`` does, in words."""

    none = Phrase("", 0)
    as_of = Phrase("the day")
    window = Phrase("days of the window")
    norm = Phrase("the norm")

    def level(self, measure: Measure) -> Phrase:
        """What there is on the day."""
        return Phrase(WORDS[measure].name)

    def lag(self, measure: Measure) -> Phrase:
        """What there was 365 days earlier."""
        return Phrase(f"{WORDS[measure].name} 365 days earlier")

    def mean(self, measure: Measure) -> Phrase:
        """What there was on average."""
        return Phrase(f"average {WORDS[measure].name}")

    def norm_where(self, _: Measure) -> Phrase:
        """The norm; nothing to divide by where nothing was measured."""
        return self.norm

    def pay(self, first: int) -> "PayInWords":
        """How pay is spread."""
        return PayInWords("pay" if first == FIRST_PAY_BIN else "entry pay")

    def flow(self, *measures: Measure) -> Phrase:
        """What happened in the window: the only way that what happens is ever counted."""
        return sum(map(self.level, measures), self.none)


class PayInWords(NamedTuple):
    """Answers as ``Spread`` does, in words."""

    of: str

    def quantile(self, share: "Fraction") -> Phrase:
        """The pay that so many have at most."""
        return Phrase(f"{QUANTILES[share]} of {self.of}")
