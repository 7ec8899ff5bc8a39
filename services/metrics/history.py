"""Sums of any groups on any days, past or future, as known now or at an earlier time, straight from the ledger."""

from datetime import datetime
from typing import NamedTuple

import asyncpg
import numpy as np

from services.metrics import ledger
from services.metrics.domain.groups import Group
from services.metrics.domain.kernels import Deltas, Ints, Sums, reach, total
from services.metrics.domain.measures import NORM
from services.metrics.domain.selection import Selection, classes
from services.metrics.domain.tree import Tree, tree


class Asked(NamedTuple):
    """Which groups, on which days (ascending), over windows that end on them (one for all, or one for each day).

    ``measures`` are those to sum, all of them when None; ``known_at`` leaves out what was taken in later; ``norm`` is
    that of case points. Units are placed as they are on the last day.
    """

    selection: Selection
    days: Ints
    window: int | Ints
    measures: frozenset[int] | None = None
    known_at: datetime | None = None
    norm: float = NORM


class Counted(NamedTuple):
    """The asked-for groups in the order of the rows of ``sums``, from all facts taken in up to ``revision``."""

    groups: list[Group]
    sums: Sums
    tree: Tree
    revision: int


async def count(connection: asyncpg.Connection, asked: Asked) -> Counted:
    """Sum the facts of the cells that matter; needs a transaction that sees one state throughout."""
    seen = await ledger.mark(connection)
    now = tree(await ledger.definitions(connection), int(asked.days[-1]))
    alike = classes(await ledger.cells(connection), now, asked.selection)
    kept = [rows async for rows in ledger.of_cells(connection, list(alike.of), reach(asked.days, asked.window))]
    wanted = [(alike.of[c], m, d, x) for rows in kept for c, m, d, x in rows]
    columns = Deltas(*np.array(wanted, np.int64).reshape(-1, 4).T)
    sums = total(columns, alike.belongs, len(alike.groups), asked.days, asked.window, asked.norm)
    return Counted(alike.groups, sums, now, seen.batch)
