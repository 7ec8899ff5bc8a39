"""What bonuses contribute where the person works: how many of which kind, what they cost, and to how many people."""

from collections.abc import Sequence
from itertools import pairwise

from services.metrics.domain.facts.career import Stretch, between
from services.metrics.domain.facts.cell import FOREVER, Cell
from services.metrics.domain.facts.entry import day
from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.facts.tally import Tally, millionths
from shared.contracts.events import BonusPaid

KINDS = {"referral": Measure.referral_bonuses, "experience": Measure.experience_bonuses}
"""Kinds that are counted by themselves; the others are counted together."""

YEAR = 365
"""Days on which somebody is one who got a bonus, its own day included; after another bonus, where that was paid."""
LONGEST = YEAR - 1
"""For how many days after its own a bonus may count."""


def reach(bonus: BonusPaid) -> tuple[int, int]:
    """The days on which a bonus may count."""
    return day(bonus.effective), day(bonus.effective) + YEAR - 1


def contribute(stretches: Sequence[Stretch], bonuses: Sequence[BonusPaid], tally: Tally) -> None:
    """These bonuses; pointwise by day, so any superset of those within a year gives the same change."""
    paid: list[tuple[int, Cell | None]] = []
    for bonus in sorted(bonuses, key=lambda bonus: bonus.effective):
        on = day(bonus.effective)
        here = next(iter(between(stretches, on, on)), None)
        tally.anomaly("bonus_outside_employment", here is None)
        if here is not None:
            paid.append((on, here.home))
            tally.point(here.home, KINDS.get(bonus.kind, Measure.other_bonuses), on)
            tally.point(here.home, Measure.bonus_cost, on, millionths(bonus.amount))
    for (on, home), (after, _) in pairwise([*paid, (FOREVER, None)]):
        if home is not None:
            tally.span(home, Measure.bonus_receivers, on, min(on + YEAR - 1, after - 1))
