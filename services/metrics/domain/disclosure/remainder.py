"""What remains of a whole once all that is known of it is taken away, however deep in it that lies.

A unit is shown, and one of its sub-units is not; of that sub-unit the women are. Then the whole minus these women is
known as well, though neither is a part of the other's table.
"""

import numpy as np

from services.metrics.domain.disclosure.census import Census
from services.metrics.domain.facts.tally import ONE
from services.metrics.domain.sums.kernels import Ints
from services.metrics.domain.sums.linked_tables import LinkedTables, Mask, Relations

TRACE = 1
"""What a group weighs that people have been in and none is: next to nothing, in millionths of one."""


def remainders(tables: LinkedTables, census: Census, hidden: Mask) -> Ints:
    """What to hide because something small remains: the smallest group that was taken away, else the whole."""
    wholes, parts, starts = relations = tables.finer.among(~census.small)
    least = _least_shown(census, hidden)
    known = least < len(least)
    left = np.where(known, 0, np.maximum(census.heads, 0) + TRACE * census.there)
    while True:
        sums, taken = np.add.reduceat(left[parts], starts), np.minimum.reduceat(least[parts], starts)
        fewer = _fewest(relations, sums)
        fewer = fewer[sums[fewer] < left[wholes[fewer]]]
        if not len(fewer):
            break
        left[wholes[fewer]], least[wholes[fewer]] = sums[fewer], taken[fewer]
    small = known[wholes] & (sums > 0) & (sums < census.limit * ONE + ONE)
    ranks = np.where(taken < len(least), taken, least[wholes])[small]
    return np.unique(np.argsort(census.rank)[ranks])


def _least_shown(census: Census, hidden: Mask) -> Ints:
    """By group, the rank of the smallest shown group of the same people; one too many where there is none."""
    large = np.flatnonzero(~census.small)
    nothing = len(census.rank)
    marks, people = np.unique(census.mark[large], return_inverse=True)
    of_people = np.full(len(marks), nothing)
    np.minimum.at(of_people, people, np.where(hidden[large], nothing, census.rank[large]))
    least = np.full(nothing, nothing)
    least[large] = of_people[people]
    return least


def _fewest(relations: Relations, sums: Ints) -> Ints:
    """For each whole the relation that leaves the fewest."""
    order = np.lexsort((sums, relations.wholes))
    return np.asarray(order[np.diff(relations.wholes[order], prepend=-1) != 0])
