"""What persons contributed who are erased: facts as they were, which follow from nothing any more."""

from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.facts.tally import Tally
from shared.contracts.erased import SumsKept


def contribute(kept: SumsKept, tally: Tally) -> None:
    """Tally them."""
    for one in kept.facts:
        tally.point(Cell(one.unit, one.occupation, one.gender, one.age), one.measure, one.day, one.delta)
