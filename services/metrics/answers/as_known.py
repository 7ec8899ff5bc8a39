"""Values and units as they were known in the evening of each day, from one reading of the ledger's rows."""

from collections.abc import Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

import asyncpg
import numpy as np

from services.metrics.answers.history import TooDearError, View, read_by
from services.metrics.answers.register import Register
from services.metrics.domain.sums.diagonals import KnownFacts
from services.metrics.domain.sums.kernels import LAG
from services.metrics.domain.sums.windows import days_of
from services.metrics.domain.values import as_known
from services.metrics.domain.values.as_known import AskedAsKnown, Course, Known, Placed
from services.metrics.ledger import describing
from services.metrics.ledger import reading as ledger
from services.metrics.ledger.reading import Wanted
from shared.contracts.metrics import ALL

LONGEST = 366
"""Days of a window of twelve months, at most."""
A_CELL_A_MONTH = 6
"""Cells × days that cost what a cell of a month does whose health is decided on."""
DEAREST = 4_000_000
"""Cells × days."""


class Span(NamedTuple):
    """Days by number, by the calendar of a zone."""

    first: int
    last: int
    zone: ZoneInfo


class FoundAsKnown(NamedTuple):
    """Values in any order, the first day on which anything was known of the group, and the ledger's first day."""

    values: Sequence[Known]
    since: int | None
    loaded: int


class FoundUnits(NamedTuple):
    """Units, in the order in which they were told of, and the ledger's first day."""

    units: Sequence[Placed]
    loaded: int


async def values(view: View, span: Span, asked: AskedAsKnown) -> FoundAsKnown:
    """The values of a group; raises TooDearError.

    Where somebody of a group within a unit was erased, it counts as loaded on that day: how it was described before is
    not told. Units may then have lain elsewhere, so which cells are the group's is told again.
    """
    async with view.state() as connection:
        every = await _course(connection, view.register, span)
    while True:
        course = await view.apart(as_known.ever, every, asked)
        if (asks := len(course.cells) * (span.last - span.first + 1)) > DEAREST:
            raise TooDearError(f"this would take {asks / DEAREST:.1f} times what any answer may: ask for fewer days")
        async with view.state() as connection:
            if (described := await _described(connection, course, span, asked)) <= course.loaded:
                met = await ledger.met_of(connection, span.zone.key, course.loaded, sorted(course.cells))
                facts = await _facts(connection, course, span, asked)
                return await view.apart(_found, course._replace(met=met), facts, asked)
        every = every._replace(loaded=described)


async def _described(connection: asyncpg.Connection, course: Course, span: Span, asked: AskedAsKnown) -> int:
    """The day from which on a group is described as it is now; 0 if it always was."""
    since = await describing.since(connection, course.cells.values()) if asked.group.is_within_unit else None
    return since.astimezone(span.zone).toordinal() if since else 0


async def units(view: View, span: Span) -> FoundUnits:
    """Where each unit lay."""
    async with view.state() as connection:
        course = await _course(connection, view.register, span)
        met = await ledger.met_by_day(connection, span.zone.key, course.loaded)
    course = course._replace(met={n: day for n, day in met.items() if n in course.cells})
    return FoundUnits(await view.apart(_placed, course), course.loaded)


async def _course(connection: asyncpg.Connection, register: Register, span: Span) -> Course:
    """Of all cells, none of them met yet."""
    await register.look(connection)
    zone = span.zone.key
    loaded = await ledger.first_taken_in(connection, zone)
    definitions = await ledger.definitions_by_day(connection, zone)
    firsts = await ledger.coverage_by_day(connection, zone)
    return Course(span.first, span.last, loaded, register.cells, {}, definitions, firsts)


async def _facts(connection: asyncpg.Connection, course: Course, span: Span, asked: AskedAsKnown) -> KnownFacts:
    """The rows are the numbers of cells."""
    far = span.first + min(asked.offsets) - max(LONGEST, days_of(asked.window, span.last), LAG)
    last = span.last + max(asked.offsets)
    wanted = Wanted({n: n for n in course.cells}, read_by([asked.metric]), far, last)
    portions = [rows async for rows in ledger.of_cells_by_day(connection, wanted, span.zone.key)]
    known, rows, measures, days, deltas = np.concatenate([np.zeros((0, 5), np.int64), *portions]).T
    return KnownFacts(rows, measures, known, days, deltas)


def _found(course: Course, facts: KnownFacts, asked: AskedAsKnown) -> FoundAsKnown:
    spans = course.spans()
    found = list(as_known.known_values(course, spans, facts, asked))
    return FoundAsKnown(found, as_known.since(course, spans, asked), course.loaded)


def _placed(course: Course) -> list[Placed]:
    return list(as_known.placed(course))


def cost(register: Register, span: Span, unit: str = ALL) -> int:
    """What an answer will cost at most, as that of other questions is told."""
    cells = sum(1 for _ in register.under(unit, register.trees.on(span.last)))
    return cells * (span.last - span.first + 1) // A_CELL_A_MONTH
