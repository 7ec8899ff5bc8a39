"""A staffing proposal from event logs instead of the database of the metrics service."""

from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np

from services.metrics.domain.coverage.coverage import Coverage
from services.metrics.domain.facts.entry import Entry
from services.metrics.domain.facts.tally import Fact
from services.metrics.domain.reports.offices import MEASURES, loads, offices
from services.metrics.domain.reports.staffing import proposal
from services.metrics.domain.sums.groups import Roster
from services.metrics.domain.sums.tree import Trees
from services.metrics.domain.values.answer import AnswerDays, answer
from shared.contracts.staffing import StaffingProposal


def propose(
    facts: Iterable[Fact],
    definitions: Mapping[str, Iterable[Entry]],
    posts: float,
    norm: float,
    unit: str | None,
    as_of: date,
    coverage: Coverage | None = None,
) -> StaffingProposal:
    """Posts shared over offices as of a day, from all facts, every unit's definitions, and who tells since when.

    Raises ProposalError.
    """
    trees = Trees(definitions)
    place = trees.on(as_of.toordinal())
    read = (fact for fact in facts if fact.measure in MEASURES)
    found = answer(read, Roster(place), trees, place, AnswerDays(np.array([as_of.toordinal()]), 1), 0, coverage)
    return proposal(offices(loads(found), place, unit), posts, norm, as_of, unit)
