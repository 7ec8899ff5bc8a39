"""Complementary suppression: what is hidden besides, so that a small group is not its whole minus all other parts."""

from typing import NamedTuple

import numpy as np

from services.metrics.domain.kernels import Ints
from services.metrics.domain.linked_tables import LinkedTables, Mask


class Day(NamedTuple):
    """One day, by group: permanent staff in millionths, and whether anybody is there whose health could be told of.

    A group of at most ``limit`` (in millionths) is small.
    """

    heads: Ints
    there: Mask
    limit: int


def complemented(tables: LinkedTables, day: Day, hidden: Mask) -> Mask:
    """What is hidden, and what has to be besides.

    Of a whole that is shown, the hidden parts together must be large and more than one, or one that is never shown.
    Of a whole that is hidden, a part must be hidden too. Where it is not so, the smallest part shown is hidden; where
    none is left, the whole. Of what is called for in one place the largest comes first: it often serves the rest.
    """
    order = np.argsort(day.heads, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    hidden = hidden.copy()
    while len(called := _called_for(tables, day, hidden, rank)):
        some = order[called]
        largest = np.lexsort((called, tables.place[some]))
        hidden[some[largest[np.diff(tables.place[some[largest]], append=0) != 0]]] = True
    return hidden


def _called_for(tables: LinkedTables, day: Day, hidden: Mask, rank: Ints) -> Ints:
    """What each relation calls for that is not as it must be, by rank."""
    wholes, parts, starts = tables.relations
    covers, shows = hidden[parts] & day.there[parts], ~hidden[parts] & day.there[parts]
    covered = np.logical_or.reduceat(covers, starts)
    large = np.add.reduceat(np.where(covers, day.heads[parts], 0), starts) > day.limit
    several = np.add.reduceat(covers & (day.heads[parts] > 0), starts, dtype=np.int64) > 1
    unpublished = np.logical_or.reduceat(covers & ~tables.askable[parts], starts)
    sound = np.where(hidden[wholes], covered | ~day.there[wholes], ~covered | large & (several | unpublished))
    smallest = np.minimum.reduceat(np.where(shows, rank[parts], len(rank)), starts)
    return np.where(smallest < len(rank), smallest, rank[wholes])[~sound]
