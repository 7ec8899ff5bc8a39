"""Who may be spoken of: no health number of ten people or fewer leaves the service, nor any that gives one away.

What is hidden in a month is decided among all groups that can be asked for, from that month's people alone. So it is
the same whoever asks, for whatever group and metric, and in every channel.
"""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csc_array, vstack

from services.metrics.domain.audit import giveaways
from services.metrics.domain.census import Census, census
from services.metrics.domain.complement import complemented
from services.metrics.domain.kernels import Ints
from services.metrics.domain.linked_tables import LinkedTables, Mask
from services.metrics.domain.measures import Measure
from services.metrics.domain.remainder import remainders

SMALL_GROUP = 10
"""The statute forbids figures on groups of at most ten employees (SFS 2002:1065)."""

HEALTH_MEASURES = frozenset(
    {
        Measure.sick_fte,
        Measure.scheduled_fte,
        Measure.sick_day60_fte,
        Measure.sick_spells,
        Measure.short_spells,
        Measure.first59_fte_days,
        Measure.first59_fte_days_year_before,
    }
)


def decided(tables: LinkedTables, heads: Ints, there: Mask, limit: int, others: Sequence[LinkedTables] = ()) -> Mask:
    """What is hidden in a month: what is small, what complements it, and what would give away either all the same.

    ``heads`` are each cell's fewest permanent staff of any day, ``there`` whether anybody was in it on any. ``others``
    are the same cells in other unit trees: what is small in one of these may not be given away either.
    """
    counted = census(tables, heads, there, limit)
    secrets = vstack([_small(one, census(one, heads, there, limit)) for one in (tables, *others)], format="csc")
    hidden = ~tables.askable | counted.small
    while True:
        hidden = complemented(tables, counted, hidden)
        more = remainders(tables, counted, hidden)
        if not len(more) and not len(more := giveaways(tables, counted, hidden, secrets)):
            return hidden
        hidden[more] = True


def _small(tables: LinkedTables, counted: Census) -> csc_array:
    return tables.members[np.flatnonzero(counted.there & counted.small)]


def shows(measure: int, *, is_hidden: bool) -> bool:
    """Whether a measure of a group may be shown; the health metrics' components fall with them."""
    return not (is_hidden and measure in HEALTH_MEASURES)
