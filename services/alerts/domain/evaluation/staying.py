"""How long people stay, by how long they had been there: whether they leave otherwise after the start than before it.

A unit of many newcomers loses more than one of old hands. Each is compared with those who had been there as long.
"""

from collections.abc import Sequence

from shared.contracts.evaluations import Staying
from shared.statistics.survival import Spell, comparable, expected, kaplan_meier, log_rank

YEAR = 365
FEWEST = 11
"""At each time at which anybody leaves in the first year so many are there, or no share is told of a year."""
MOST = 0.5
"""So many of those who left may have been there for longer, or shorter, than anybody on the other side."""


def staying(before: Sequence[Spell], after: Sequence[Spell]) -> Staying | None:
    """Spells in days since the first; None where half or more left at lengths of stay that only one side has."""
    if comparable(before, after) <= 1 - MOST:
        return None
    return Staying(
        left=sum(one.left for one in after),
        expected=expected(after, before),
        p=log_rank(before, after).p,
        year_before=_after_a_year(before),
        year_after=_after_a_year(after),
    )


def _after_a_year(spells: Sequence[Spell]) -> float | None:
    """The share of those who begin that are there a year later, if enough are seen all the way."""
    steps = [step for step in kaplan_meier(spells) if step.time <= YEAR]
    if any(step.at_risk < FEWEST for step in steps) or not _are_seen(spells):
        return None
    return steps[-1].share if steps else 1.0


def _are_seen(spells: Sequence[Spell]) -> bool:
    """Whether enough are there at the beginning and at the end of the first year."""
    return all(sum(one.entry <= day < one.exit for one in spells) >= FEWEST for day in (1, YEAR))
