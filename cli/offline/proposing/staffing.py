"""A staffing proposal from event logs instead of the database of the metrics service."""

from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np

from services.metrics.domain.facts.entry import Entry
from services.metrics.domain.facts.tally import Fact
from services.metrics.domain.reports.offices import MEASURES, loads, offices
from services.metrics.domain.reports.staffing import proposal
from services.metrics.domain.sums.groups import Roster
from services.metrics.domain.sums.kernels import total
from services.metrics.domain.sums.tree import tree
from shared.contracts.staffing import StaffingProposal


def propose(
    facts: Iterable[Fact],
    definitions: Mapping[str, Iterable[Entry]],
    posts: float,
    norm: float,
    unit: str | None,
    as_of: date,
) -> StaffingProposal:
    """Posts shared over offices as of a day, from all facts and every unit's definitions; raises ProposalError."""
    place = tree(definitions, as_of.toordinal())
    roster = Roster(place)
    columns = roster.columns(f for f in facts if f.measure in MEASURES)
    sums = total(columns, roster.belongs, len(roster.groups), np.array([as_of.toordinal()]), 1)
    return proposal(offices(loads(list(roster.groups), sums), place, unit), posts, norm, as_of, unit)
