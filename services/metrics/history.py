"""Sums of any groups on any days, past or future, as known now or at an earlier time, straight from the ledger."""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import asyncpg
import numpy as np

from services.metrics import ledger
from services.metrics.domain import staff
from services.metrics.domain.catalogue import FORMULAS, reads
from services.metrics.domain.groups import Group
from services.metrics.domain.kernels import Deltas, Ints, Sums, Window, reach, total
from services.metrics.domain.linked_tables import Mask
from services.metrics.domain.measures import FIRST_PAY_BIN, NORM, Measure
from services.metrics.domain.selection import Classes, Selection, classes
from services.metrics.domain.suppression import HEALTH_MEASURES, hidden
from services.metrics.domain.tree import Tree
from services.metrics.ledger import Wanted
from services.metrics.register import Register, Units
from shared.contracts.catalogue import Metric
from shared.contracts.metrics import ALL


class View(NamedTuple):
    """The ledger in one state throughout, and what this replica remembers of it."""

    connection: asyncpg.Connection
    register: Register


class Asked(NamedTuple):
    """Which groups, on which days, over windows that end on them (one for all, or one for each day).

    ``measures`` are those to sum, all of them when None; ``known_at`` leaves out what was taken in later; ``norm`` is
    that of case points. Units are placed as they are on the day named last.
    """

    selection: Selection
    days: Ints
    window: Window
    measures: frozenset[int] | None = None
    known_at: datetime | None = None
    norm: float = NORM


class Counted(NamedTuple):
    """The asked-for groups in the order of the rows of ``sums``, from all facts taken in up to ``revision``.

    ``unspoken`` tells where health may not be spoken of; everywhere if it was not asked for.
    """

    groups: list[Group]
    sums: Sums
    unspoken: Mask
    tree: Tree
    revision: int


async def count(view: View, asked: Asked) -> Counted:
    """Sum the facts of the cells that matter."""
    connection, register = view
    await register.look(connection)
    units = Units(await ledger.definitions(connection, asked.known_at)) if asked.known_at else register.units
    placed = units.on(int(asked.days[-1]))
    some = register.cells(asked.selection.unit, placed)
    alike = await asyncio.to_thread(classes, some, placed, asked.selection)
    facts = await _facts(connection, asked, alike, everywhere=len(alike.of) == len(register))
    sums = await asyncio.to_thread(total, facts, alike.belongs, len(alike.groups), asked.days, asked.window, asked.norm)
    unspoken = await _unspoken(view, asked, alike.groups, placed)
    return Counted(alike.groups, sums, unspoken, placed, await ledger.revision(connection, asked.known_at))


async def _unspoken(view: View, asked: Asked, groups: list[Group], placed: Tree) -> Mask:
    """What is hidden is decided among all groups there are, so from the facts of everybody."""
    if asked.measures is not None and not asked.measures & HEALTH_MEASURES:
        return np.ones((len(groups), len(asked.days)), bool)
    cells = dict(view.register.cells(ALL, placed))
    everyone = Classes([], {number: place for place, number in enumerate(cells)}, [])
    facts = await _facts(view.connection, asked._replace(measures=staff.MEASURES), everyone, everywhere=True)
    there = await asyncio.to_thread(staff.staff, list(cells.values()), facts, asked.days, asked.window)
    return await asyncio.to_thread(hidden, groups, there, placed)


async def _facts(connection: asyncpg.Connection, asked: Asked, alike: Classes, *, everywhere: bool) -> Deltas:
    far, last = reach(asked.days, asked.window), int(asked.days.max())
    wanted = Wanted(alike.of, asked.measures, far, last, everywhere, asked.known_at)
    portions = [np.array(rows, np.int64) async for rows in ledger.of_cells(connection, wanted)]
    return Deltas(*np.concatenate([np.zeros((0, 4), np.int64), *portions]).T)


def read_by(metrics: Iterable[Metric]) -> frozenset[int] | None:
    """The measures that metrics are made of and who is there; all of them if pay is among them, which has many bins."""
    found = {measure for metric in metrics for measure, _ in reads(FORMULAS[metric.name])}
    return None if max(found) >= FIRST_PAY_BIN else frozenset(found | {Measure.headcount})
