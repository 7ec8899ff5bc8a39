"""The effect on what is counted: leavers, moves, incidents, sick spells, handovers."""

from collections.abc import Sequence
from math import isfinite, log
from typing import NamedTuple

from services.alerts.domain.evaluation.told import Told, change, counts, stretches
from services.alerts.domain.evaluation.windows import YEAR, Windows
from services.alerts.domain.plan.plan import Expected
from shared.contracts.evaluations import Design, Effect, Likewise, SecondOpinion
from shared.statistics import difference
from shared.statistics.clusters import at_a_time
from shared.statistics.difference import Change
from shared.statistics.estimate import Estimate
from shared.statistics.placebo import ENOUGH, HALF, placebo, standardised
from shared.statistics.power import smallest_fall, smallest_rise
from shared.statistics.rate_ratio import rate_ratio
from shared.statistics.segmented import segmented

HARMONICS = 2
"""Sine waves a year that make the season."""


class Found(NamedTuple):
    """An effect, what would have been seen, and how the units without the measure changed.

    ``clustered``: events come many at a time, and count as fewer.
    """

    effect: Effect
    alone: Effect | None
    seen: float | None
    likewise: Likewise | None
    clustered: bool = False


def effect(acted: Sequence[Told], compared: Sequence[Told], months: Windows, expect: Expected) -> Found | None:
    """The ratio of rates, less that of the others if there are any; None where nothing happened or could have."""
    own, beside = change(acted, months), change(compared, months)
    if not _countable(own) or not own.before.events + own.after.events:
        return None
    many = [_at_a_time(told, compared, months) for told in (acted, compared)]
    clustered, thin = max(many) > 1, own.thinned(many[0])
    alone = stated(_with_effect(rate_ratio(*own), rate_ratio(*thin)), "before_after")
    if not _countable(beside) or not (beside.before.events and beside.after.events):
        return Found(alone, alone, _seen(thin, (), expect), None, clustered)
    rates = difference.of_rates(own, beside), difference.of_rates(thin, beside.thinned(many[1]))
    main = stated(_with_effect(*rates), "beside_others")
    others = [one for one in (change([unit], months) for unit in compared) if _countable(one)]
    seen = _seen(thin, [one.thinned(many[1]) for one in others], expect)
    return Found(main, alone, seen, _likewise(own, beside, others), clustered)


def _at_a_time(told: Sequence[Told], compared: Sequence[Told], months: Windows) -> float:
    """How many events come at a time on a side; 1 with enough units beside, which show what chance does."""
    return 1.0 if len(compared) >= ENOUGH else at_a_time(stretches(told, months))


def _with_effect(plain: Estimate, found: Estimate) -> Estimate:
    """The interval of what was thinned around the effect of all events."""
    return Estimate(plain.effect, min(plain.effect, found.low), max(plain.effect, found.high))


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
