"""The effect on what is counted: leavers, moves, incidents, sick spells, handovers."""

from collections.abc import Sequence
from math import isfinite, log
from typing import NamedTuple

from services.alerts.domain.evaluation.told import Told, change, counts
from services.alerts.domain.evaluation.windows import YEAR, Windows
from services.alerts.domain.plan.plan import Expected
from shared.contracts.evaluations import Design, Effect, Likewise, SecondOpinion
from shared.statistics import difference
from shared.statistics.difference import Change
from shared.statistics.estimate import Estimate
from shared.statistics.placebo import HALF, placebo, standardised
from shared.statistics.power import smallest_fall, smallest_rise
from shared.statistics.rate_ratio import rate_ratio
from shared.statistics.segmented import segmented

HARMONICS = 2
"""Sine waves a year that make the season."""


class Found(NamedTuple):
    """An effect, what would have been seen, and how the units without the measure changed."""

    effect: Effect
    alone: Effect | None
    seen: float | None
    likewise: Likewise | None


def effect(acted: Sequence[Told], compared: Sequence[Told], months: Windows, expect: Expected) -> Found | None:
    """The ratio of rates, less that of the others if there are any; None where nothing happened or could have."""
    own, beside = change(acted, months), change(compared, months)
    if not _countable(own) or not own.before.events + own.after.events:
        return None
    alone = stated(rate_ratio(own.before, own.after), "before_after")
    if not _countable(beside) or not (beside.before.events and beside.after.events):
        return Found(alone, alone, _seen(own, (), expect), None)
    main = stated(difference.of_rates(own, beside), "beside_others")
    others = [one for one in (change([unit], months) for unit in compared) if _countable(one)]
    return Found(main, alone, _seen(own, others, expect), _likewise(own, beside, others))


def second(acted: Sequence[Told], months: Windows) -> SecondOpinion | None:
    """The step at the start, with a year or more on each side; None where it can't be told."""
    if min(len(months.before), len(months.after)) < YEAR:
        return None
    events, exposures = counts(acted, months)
    if not all(exposures):
        return None
    found = segmented(events, exposures, len(months.before), HARMONICS, len(months.washed))
    return found and SecondOpinion(*found.step, found.dispersion)


def _countable(of: Change) -> bool:
    return bool(of.before.exposure and of.after.exposure)


def stated(found: Estimate, design: Design) -> Effect:
    """An estimate without numbers that are none."""
    effect, low, high = (number if isfinite(number) else None for number in found)
    return Effect(effect, low, high, design)


def _seen(own: Change, others: Sequence[Change], expect: Expected) -> float | None:
    """The nearest ratio that would have been seen in four cases of five, beside others as they were before."""
    nearest = smallest_fall if expect == "lower" else smallest_rise
    return nearest(own.before.events, own.exposures, [float(one.before.events) for one in others])


def _likewise(own: Change, beside: Change, others: Sequence[Change]) -> Likewise | None:
    """Each unit's change less that of all compared, by its own standard error: small ones change more by chance."""
    if len(others) < 2:
        return None
    usual = _log_ratio(beside)
    found = placebo(_standardised(own, usual), [_standardised(one, usual) for one in others])
    return Likewise(found.as_much, found.units)


def _standardised(of: Change, usual: float) -> float:
    return float(standardised(of.before.events, of.after.events, usual + log(of.exposures)))


def _log_ratio(of: Change) -> float:
    return log((of.after.events + HALF) / (of.before.events + HALF) / of.exposures)
