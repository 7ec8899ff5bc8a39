"""The formula of a metric in words, read off the amounts it is made of."""

from typing import NamedTuple

from cli.reference.measures import WORDS
from services.metrics.domain.facts.measures import FIRST_PAY_BIN
from services.metrics.domain.sums import amounts
from services.metrics.domain.sums.amounts import Amount, Both
from services.metrics.domain.sums.catalogue import FORMULAS
from services.metrics.domain.sums.pay import LOWER, MEDIAN, P10, P90, UPPER

QUANTILES = {P10: "the 10th percentile", LOWER: "the lower quartile", MEDIAN: "the median", UPPER: "the upper quartile"}
QUANTILES |= {P90: "the 90th percentile"}
GIVEN = {"as_of": "the day", "window": "days of the window", "norm": "the norm"}


class Phrase(NamedTuple):
    """Words for an amount; ``terms`` are what was added up, so that brackets stand where they must."""

    text: str
    terms: int = 1

    @property
    def factor(self) -> str:
        """The words as a part of something else."""
        return f"({self.text})" if self.terms > 1 else self.text


def formula(metric: str) -> str:
    """The formula of a metric, as a sentence of what it divides by what."""
    found = FORMULAS[metric]
    whole = Both(found.scale, "×", found.numerator) if found.scale else found.numerator
    return phrase(Both(whole, "÷", found.denominator) if found.denominator else whole).text


def phrase(amount: Amount) -> Phrase:
    """An amount in words; raises TypeError for one that there are no words for."""
    match amount:
        case amounts.Level(measures) | amounts.Flow(measures):
            return Phrase(" + ".join(WORDS[measure].name for measure in measures), len(measures))
        case amounts.Lag(measure):
            return Phrase(f"{WORDS[measure].name} 365 days earlier")
        case amounts.Mean(measure):
            return Phrase(f"average {WORDS[measure].name}")
        case amounts.Quantile(first, share):
            return Phrase(f"{QUANTILES[share]} of {'pay' if first == FIRST_PAY_BIN else 'entry pay'}")
        case Both():
            return _both(amount)
    return Phrase(_given(amount))


def _given(amount: Amount) -> str:
    match amount:
        case amounts.Given(name):
            return GIVEN[name]
        case amounts.NormWhere():
            return GIVEN["norm"]
        case amounts.Number(value):
            return f"{value:,}"
        case amounts.PayGap():
            return "(men's average pay with variable pay − women's) ÷ men's"
    raise TypeError(f"no words for {amount}")


def _both(amount: Both) -> Phrase:
    one, other = phrase(amount.one), phrase(amount.other)
    if amount.sign == "smaller":
        return Phrase(f"the smaller of {one.factor} and {other.factor}", 2)
    if amount.sign == "−":
        return Phrase(f"{one.text} − {other.factor}", one.terms + 1)
    return Phrase(f"{one.factor} {amount.sign} {other.factor}")
