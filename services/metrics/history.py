"""Sums of any groups on any days, past or future, as known now or at an earlier time, straight from the ledger."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

import asyncpg
import numpy as np

from services.metrics import ledger
from services.metrics import tables as sql
from services.metrics.domain import staff
from services.metrics.domain.catalogue import FORMULAS, reads
from services.metrics.domain.decisions import Decisions
from services.metrics.domain.groups import Group
from services.metrics.domain.kernels import Deltas, Ints, Sums, Window, reach, total
from services.metrics.domain.linked_tables import Mask
from services.metrics.domain.measures import FIRST_PAY_BIN, NORM, Measure
from services.metrics.domain.selection import Classes, Selection, classes
from services.metrics.domain.suppression import HEALTH_MEASURES
from services.metrics.domain.tree import Tree
from services.metrics.ledger import Wanted
from services.metrics.register import Register, Units
from shared.contracts.catalogue import Metric


class View(NamedTuple):
    """The ledger, and what this replica remembers of it."""

    pool: asyncpg.Pool
    register: Register

    @contextlib.asynccontextmanager
    async def state(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection that sees one state of the ledger throughout; it is not kept for longer than reading takes."""
        async with (
            self.pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            await connection.execute(sql.FOR_QUESTIONS)
            yield connection


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


class Read(NamedTuple):
    """What was read for an answer: the tree, the classes of cells and their facts, and everybody's facts if needed."""

    placed: Tree
    alike: Classes
    facts: Deltas
    everybody: Deltas | None
    revision: int


async def count(view: View, asked: Asked) -> Counted:
    """Sum the facts of the cells that matter."""
    async with view.state() as connection:
        read = await _read(connection, view.register, asked)
    groups = read.alike.groups
    sums = await asyncio.to_thread(
        total, read.facts, read.alike.belongs, len(groups), asked.days, asked.window, asked.norm
    )
    return Counted(groups, sums, await _unspoken(view.register, asked, read), read.placed, read.revision)


async def _read(connection: asyncpg.Connection, register: Register, asked: Asked) -> Read:
    await register.look(connection)
    units = Units(await ledger.definitions(connection, asked.known_at)) if asked.known_at else register.units
    placed = units.on(int(asked.days[-1]))
    some = register.under(asked.selection.unit, placed)
    alike = await asyncio.to_thread(classes, some, placed, asked.selection)
    facts = await _facts(connection, register, asked, alike.of)
    everybody = await _everybody(connection, register, asked) if _tells_of_health(asked) else None
    return Read(placed, alike, facts, everybody, await ledger.revision(connection, asked.known_at))


def _tells_of_health(asked: Asked) -> bool:
    return asked.measures is None or bool(asked.measures & HEALTH_MEASURES)


async def _everybody(connection: asyncpg.Connection, register: Register, asked: Asked) -> Deltas | None:
    """Who was there as known at an earlier time; who is there as known now is remembered."""
    if asked.known_at is None:
        await register.secrecy.look(connection)
        return None
    each = {number: number for number in register.cells}
    return await _facts(connection, register, asked._replace(measures=staff.MEASURES), each)


async def _unspoken(register: Register, asked: Asked, read: Read) -> Mask:
    """What is hidden is decided among all groups there are."""
    groups, days, window = read.alike.groups, asked.days, asked.window
    if not _tells_of_health(asked):
        return np.ones((len(groups), len(days)), bool)
    if read.everybody is None:
        return await register.secrecy.hidden(register.cells, read.placed, groups, days, window)
    decisions = Decisions(read.placed)
    return await asyncio.to_thread(decisions.hidden, register.cells, read.everybody, groups, days, window)


async def _facts(connection: asyncpg.Connection, register: Register, asked: Asked, of: Mapping[int, int]) -> Deltas:
    """The facts of the cells that have a class."""
    far, last, everywhere = reach(asked.days, asked.window), int(asked.days.max()), len(of) == len(register.cells)
    wanted = Wanted(of, asked.measures, far, last, everywhere, asked.known_at)
    portions = [facts async for facts in ledger.of_cells(connection, wanted)]
    return Deltas(*np.concatenate([np.zeros((0, 4), np.int64), *portions]).T)


def read_by(metrics: Iterable[Metric]) -> frozenset[int] | None:
    """The measures that metrics are made of and who is there; all of them if pay is among them, which has many bins."""
    found = {measure for metric in metrics for measure, _ in reads(FORMULAS[metric.name])}
    return None if max(found) >= FIRST_PAY_BIN else frozenset(found | {Measure.headcount})
