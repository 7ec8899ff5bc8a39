"""Complementary suppression: what is hidden besides, so that no small group is a whole minus all other parts."""

import numpy as np

from services.metrics.domain.disclosure.census import Census
from services.metrics.domain.sums.kernels import Ints
from services.metrics.domain.sums.linked_tables import LinkedTables, Mask, Relations


def complemented(tables: LinkedTables, census: Census, hidden: Mask) -> Mask:
    """What is hidden, and what has to be besides.

    A whole that is shown has no hidden part, or several, or one that is never shown; one that is hidden has a hidden
    part. Where it is not so the smallest part that is shown is hidden, and where there is none the whole. Of what is
    called for in one place the largest comes first: it often serves the others.
    """
    relations = tables.relations.among(~census.small)
    numbers = np.argsort(census.rank)
    hidden = hidden.copy()
    while len(ranks := np.sort(_called_for(tables, relations, census, hidden))):
        called = numbers[ranks][::-1]
        _, largest = np.unique(tables.place[called], return_index=True)
        hidden[called[largest]] = True
    return hidden


def _called_for(tables: LinkedTables, relations: Relations, census: Census, hidden: Mask) -> Ints:
    """By rank, what each relation calls for that is not as it has to be."""
    wholes, parts, starts = relations
    there = census.there[parts]
    covers = hidden[parts] & there
    covered = np.logical_or.reduceat(covers, starts)
    several = np.add.reduceat(covers & (census.heads[parts] > 0), starts, dtype=np.int64) > 1
    never_shown = np.logical_or.reduceat(covers & ~tables.askable[parts], starts)
    sound = np.where(hidden[wholes], covered, ~covered | several | never_shown)
    nothing = len(census.rank)
    smallest = np.minimum.reduceat(np.where(there & ~hidden[parts], census.rank[parts], nothing), starts)
    return np.where(smallest < nothing, smallest, census.rank[wholes])[~sound]
