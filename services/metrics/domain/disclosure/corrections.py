"""Who turns out to have been there (or to have answered), or not, in a month that was told of: what has to stay so.

Somebody who kept what was told can subtract it from what is told now: what is left is about those who came. So they are
treated as any group: only if they are enough, and nobody of them is given away, may both be known. What is told
of a month then falls into two, each of which gives nobody away by itself: what was told before, and what is told of
those who came. Those who went are a part of what was told before, so that nothing new may be told of where they were.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from services.metrics.domain.disclosure.basis import Basis
from services.metrics.domain.disclosure.decisions import Decision, People
from services.metrics.domain.disclosure.remembered import Kept
from services.metrics.domain.disclosure.staff import HAPPENED
from services.metrics.domain.disclosure.suppression import decided
from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.sums.groups import Group, groups_of
from services.metrics.domain.sums.kernels import Deltas, Ints
from services.metrics.domain.sums.linked_tables import LinkedTables, Mask
from services.metrics.domain.sums.periods import Month
from services.metrics.domain.sums.tree import Tree


class Changed(NamedTuple):
    """The cells that others turn out to have been in, in a month: how many more at the fewest, and where some went."""

    cells: list[Cell]
    heads: Ints
    gone: Mask


def touches(month: Month, came: Deltas, cells: int, basis: Basis) -> bool:
    """Whether facts of people of so many cells change who was there in a month, or what tells that anybody was."""
    return any(basis.counted(cells, facts, month, facts).there.any() for facts in (came, _taken_back(came)))


def _taken_back(facts: Deltas) -> Deltas:
    return facts._replace(deltas=-facts.deltas)


def changed_in(month: Month, came: Deltas, people: People, before: Decision, basis: Basis) -> Changed:
    """Cells where late facts change who was there.

    A late sick spell, and late hours paid by the hour, are of somebody new only where nobody was known.
    """
    cells, known_by_now = people.cells, people.facts
    happened = np.isin(came.measures, list(HAPPENED))
    known = dict(zip(before.tables.cells, before.staff.there.tolist(), strict=True))
    news = ~happened | ~np.array([known.get(cells[n], False) for n in came.cells.tolist()], bool)
    facts = Deltas(*(column[news] for column in came))
    heads, there = basis.counted(max(cells) + 1, facts, month, known_by_now)
    gone = basis.counted(max(cells) + 1, _taken_back(facts), month, known_by_now).there & (heads <= 0)
    numbers = np.flatnonzero(there | gone)
    return Changed([cells[n] for n in numbers.tolist()], heads[numbers], gone[numbers])


class Stays(NamedTuple):
    """A group of the month's own tree: told as it was, or no more."""

    group: Group
    told: bool


def staying(changed: Changed, before: Decision, after: Decision, kept: Mapping[Group, Kept], limit: int) -> list[Stays]:
    """What has to stay of a month, decided before and after; ``kept`` is what had to before."""
    groups = sorted({*_hidden_before(before), *(g for cell in changed.cells for g in groups_of(cell, after.own))})
    there, hidden = _stood(before, groups)
    _, hidden_now = _stood(after, groups)
    alone = _hidden_alone(changed, groups, after.own, limit)
    rows = zip(groups, there.tolist(), hidden.tolist(), hidden_now.tolist(), alone.tolist(), strict=True)
    return [Stays(g, stays) for g, *how in rows if (stays := _stays(kept.get(g, ()), *how)) is not None]


def _hidden_before(decision: Decision) -> list[Group]:
    """The groups that anybody was in, and that were hidden."""
    there = decision.tables.members @ decision.staff.there > 0
    rows = np.flatnonzero(there & decision.tables.askable)
    return decision.tables.named(rows[decision.hidden.of(rows)])


def _stays(kept: Kept, was_there: bool, was_hidden: bool, is_hidden: bool, is_alone_hidden: bool) -> bool | None:
    """Whether a group stays as it was told, or is told of no more; None for neither."""
    if kept is None or kept:
        return False if kept and is_hidden else None
    if was_there and not was_hidden:
        return not is_hidden if is_hidden or is_alone_hidden else None
    return False if not is_hidden and (was_there or is_alone_hidden) else None


def _stood(decision: Decision, groups: list[Group]) -> tuple[Mask, Mask]:
    """Whether anybody was in each group, and whether it was hidden."""
    rows = decision.tables.rows(groups)
    return (decision.tables.members @ decision.staff.there > 0)[rows], decision.hidden.of(rows)


def _hidden_alone(changed: Changed, groups: list[Group], own: Tree, limit: int) -> Mask:
    """Of which groups those who came would be hidden by themselves, or some went."""
    if not changed.cells:
        return np.zeros(len(groups), bool)
    tables = LinkedTables(changed.cells, own)
    hidden = decided(tables, changed.heads, np.ones(len(changed.cells), bool), limit)
    return np.asarray((hidden | (tables.members @ changed.gone > 0))[tables.rows(groups)] & (tables.rows(groups) > 0))


def tells_nothing(decision: Decision) -> bool:
    """Whether nothing of a month was told: then nothing of it has to stay."""
    there = decision.tables.members @ decision.staff.there > 0
    rows = np.flatnonzero(there & decision.tables.askable)
    return bool(decision.hidden.of(rows).all())
