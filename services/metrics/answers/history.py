"""Sums of any groups on any days, past or future, as known now or at an earlier time, straight from the ledger."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, ParamSpec, Protocol, TypeVar

import asyncpg
import numpy as np

from services.metrics.answers.register import Register
from services.metrics.answers.sums import SumsAtHand
from services.metrics.domain.coverage.coverage import Coverage, of_groups
from services.metrics.domain.disclosure.decisions import MonthStanding, combined
from services.metrics.domain.disclosure.remembered import Remembered
from services.metrics.domain.disclosure.told import MEASURES, Disclosed, by_month, disclosed, of_kinds, over, put_back
from services.metrics.domain.facts.measures import FIRST_PAY_BIN, NORM, Measure
from services.metrics.domain.sums.catalogue import FORMULAS
from services.metrics.domain.sums.kernels import Deltas, Ints, Window, reach, total
from services.metrics.domain.sums.periods import Month, Months
from services.metrics.domain.sums.selection import Classes, Selection, classes
from services.metrics.domain.sums.tree import Tree, Trees
from services.metrics.domain.values.answer import Answer
from services.metrics.ledger import describing, merging, telling
from services.metrics.ledger import reading as ledger
from services.metrics.ledger import statements as sql
from services.metrics.ledger.reading import Wanted
from services.metrics.ledger.telling import OutdatedError
from shared.contracts.catalogue import Metric
from shared.contracts.catalogue.disclosure import ByMonth

NOTHING = Deltas(*np.zeros((4, 0), np.int64))
Given = ParamSpec("Given")
Found = TypeVar("Found")


class TooDearError(Exception):
    """What was asked for takes more than any answer may; the message is one sentence."""


class Apart(Protocol):
    """Runs something that takes a while beside the event loop."""

    def __call__(self, work: Callable[Given, Found], *args: Given.args, **more: Given.kwargs) -> Awaitable[Found]:
        """What the work comes to."""


class View(NamedTuple):
    """The ledger, what this replica remembers of it, and where to compute."""

    pool: asyncpg.Pool
    register: Register
    apart: Apart

    @contextlib.asynccontextmanager
    async def state(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection that sees one state of the ledger throughout; only to read, and nothing else meanwhile."""
        async with (
            self.pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            await connection.execute(sql.FOR_QUESTIONS)
            yield connection


class Most(NamedTuple):
    """The most values of an answer, and how many metrics each group has of them."""

    values: int
    metrics: int


class HistoryQuestion(NamedTuple):
    """Which groups, on which days, over windows that end on them (one for all, or one for each day).

    ``measures`` are those to sum, all of them when None; ``known_at`` leaves out what was taken in later; ``norm`` is
    that of case points; ``most`` bounds the answer. Units are placed as they are on the day named last. ``periods`` are
    the whole months that values of health and the like tell of, day by day; none where none is asked for.
    """

    selection: Selection
    days: Ints
    window: Window
    measures: frozenset[int] | None = None
    known_at: datetime | None = None
    norm: float = NORM
    most: Most | None = None
    periods: Sequence[Months] = ()

    def of_health(self, metrics: Iterable[Metric]) -> bool:
        """Whether it asks for health, and of months of which that can be told."""
        return any(self.periods) and any(one.by_month is ByMonth.HEALTH for one in metrics)


class Counted(NamedTuple):
    """The answer for the asked-for groups, from all facts taken in up to ``revision``.

    ``provisional`` tells that this goes further than what was published: more is being taken in.
    """

    answer: Answer
    revision: int
    provisional: bool


class LedgerRead(NamedTuple):
    """What was read for an answer: the trees, that of the groups, the classes of cells and their facts.

    ``sums`` have what is told of health, as of the telling ``number``, after ``remembered``; where they do not, it is
    in the facts ``health``. ``known`` is since when each kind of events is known of each group.
    """

    trees: Trees
    placed: Tree
    alike: Classes
    facts: Deltas
    revision: int
    health: Deltas
    sums: SumsAtHand | None
    number: int
    remembered: Remembered
    known: Ints
    provisional: bool


async def count(view: View, asked: HistoryQuestion) -> Counted:
    """Sum the facts of the cells that matter; raises TooDearError, and OutdatedError if more is told all the time."""
    for is_last in (False, False, True):
        read = await _read(view, asked)
        groups, belongs = read.alike.groups, read.alike.belongs
        try:
            told = await _told(view, asked, read)
        except OutdatedError:
            if is_last:
                raise
            continue
        sums = await view.apart(total, read.facts, belongs, len(groups), asked.days, asked.window, asked.norm)
        return Counted(Answer(groups, sums, told, read.placed, read.known), read.revision, read.provisional)
    raise AssertionError("the last round returns")


async def _read(view: View, asked: HistoryQuestion) -> LedgerRead:
    """Read what an answer is made of, from one state of the ledger.

    Which cells matter takes time to tell, so it is told before, and again when others have come meanwhile. While a log
    is loaded others come all the time: those that came last are then left out.
    """
    async with view.state() as connection:
        await view.register.look(connection)
        then = await ledger.definitions(connection, asked.known_at) if asked.known_at else None
        covered = Coverage(await ledger.coverage_then(connection, asked.known_at)) if asked.known_at else None
    for is_last in (False, False, True):
        version, trees = view.register.version, view.register.trees if then is None else Trees(then)
        placed, alike = await view.apart(_classes, view.register, trees, asked)
        known = await view.apart(_known, view.register, covered or view.register.coverage, placed, asked, alike)
        async with view.state() as connection:
            await view.register.look(connection)
            if view.register.version == version or is_last:
                return await _facts_of(connection, view.register, asked, trees, placed, alike, known)
    raise AssertionError("the last round returns")


def _classes(register: Register, trees: Trees, asked: HistoryQuestion) -> tuple[Tree, Classes]:
    placed = trees.on(int(asked.days[-1]))
    alike = classes(register.under(asked.selection.unit, placed), placed, asked.selection)
    if asked.most and len(alike.groups) * len(asked.days) * asked.most.metrics > asked.most.values:
        raise TooDearError(
            f"{len(alike.groups)} groups × {len(asked.days)} points × {asked.most.metrics} metrics"
            f" are more than {asked.most.values} values: ask for fewer"
        )
    return placed, alike


def _known(register: Register, coverage: Coverage, placed: Tree, asked: HistoryQuestion, alike: Classes) -> Ints:
    units = {cell.unit for _, cell in register.under(asked.selection.unit, placed)}
    return of_groups(coverage.of_subtrees(units, placed), alike.groups)


async def _facts_of(
    connection: asyncpg.Connection,
    register: Register,
    asked: HistoryQuestion,
    trees: Trees,
    placed: Tree,
    alike: Classes,
    known: Ints,
) -> LedgerRead:
    if asked.known_at:
        await merging.check(connection, asked.known_at, "known_at")
        if asked.selection.within_units:
            await describing.check(connection, asked.known_at, "known_at", (register.cells[n] for n in alike.of))
    facts = await _facts(connection, register, asked, alike.of)
    revision = await ledger.revision(connection, asked.known_at)
    provisional = asked.known_at is None and (
        revision > await ledger.published(connection)
        or not (await ledger.held(connection)).isdisjoint(group.unit for group in alike.groups)
    )
    if not any(asked.periods):
        return LedgerRead(trees, placed, alike, facts, revision, NOTHING, None, 0, Remembered(), known, provisional)
    told, months = await telling.watermark(connection), _months(asked)
    kept = await telling.remembered(connection, months)
    await register.secrecy.look(connection, told)
    sums, health = await register.sums.look(connection, told, kept.until, months), NOTHING
    if sums is None:
        wanted = _wanted(register, asked, alike.of)._replace(
            measures=MEASURES, reach=months[0].first - 1, last=months[-1].last, without=told.later
        )
        health = await _read_all(connection, wanted)
    return LedgerRead(trees, placed, alike, facts, revision, health, sums, told.number, kept, known, provisional)


def _months(asked: HistoryQuestion) -> list[Month]:
    return sorted(set[Month]().union(*asked.periods))


async def _told(view: View, asked: HistoryQuestion, read: LedgerRead) -> Disclosed:
    """A month is decided for all groups at once; a question waits for the months it asks about, and for no other."""
    for month in _months(asked):
        if view.register.secrecy.decides(month):
            for kind in ByMonth:
                await view.apart(_standing, view.register, read, kind, month)
    return await view.apart(_told_by_month, view.register, asked, read)


def _told_by_month(register: Register, asked: HistoryQuestion, read: LedgerRead) -> Disclosed:
    """From months that are decided."""
    groups, months, masks = len(read.alike.groups), _months(asked), []
    if read.sums:
        raw = read.sums.by_month(read.number, read.alike, months)
    else:
        raw = by_month(read.health, read.alike.belongs, groups, months)
    for kind in ByMonth:
        hidden = {}
        for column, month in enumerate(months):
            hidden[month], kept = _standing(register, read, kind, month)
            for row, sums in kept.items():
                put_back(raw, row, column, sums, kind)
        masks.append(combined(hidden, asked.periods, groups))
    return disclosed(over(months, raw, asked.periods), asked.periods, of_kinds(masks))


def _standing(register: Register, read: LedgerRead, kind: ByMonth, month: Month) -> MonthStanding:
    """How the groups stand in a month; of one that was told of to nobody yet, nothing is told."""
    groups = read.alike.groups
    if month.last > read.remembered.until:
        return MonthStanding(np.ones(len(groups), bool), {})
    kept, cells = read.remembered.of(kind, month), lambda: register.cells
    return register.secrecy.standing(read.number, kind, cells, read.trees, read.placed, groups, month, kept)


async def _facts(
    connection: asyncpg.Connection, register: Register, asked: HistoryQuestion, of: Mapping[int, int]
) -> Deltas:
    """The facts of the cells that have a class; of no measures, none."""
    return NOTHING if asked.measures == frozenset() else await _read_all(connection, _wanted(register, asked, of))


def _wanted(register: Register, asked: HistoryQuestion, of: Mapping[int, int]) -> Wanted:
    far, last, everywhere = reach(asked.days, asked.window), int(asked.days.max()), len(of) == len(register.cells)
    return Wanted(of, asked.measures, far, last, everywhere, asked.known_at)


async def _read_all(connection: asyncpg.Connection, wanted: Wanted) -> Deltas:
    portions = [facts async for facts in ledger.of_cells(connection, wanted)]
    return Deltas(*np.concatenate([np.zeros((0, 4), np.int64), *portions]).T)


def read_by(metrics: Iterable[Metric]) -> frozenset[int] | None:
    """The measures that metrics are made of and who is there; all of them if pay is among them, which has many bins.

    What is told by month is read by itself: of nothing else, none.
    """
    found = {measure for one in metrics if not one.by_month for measure, _ in FORMULAS[one.name].reads}
    if not found:
        return frozenset()
    return None if max(found) >= FIRST_PAY_BIN else frozenset(found | {Measure.headcount})


CHEAP, DEAREST = 150_000, 6_000_000
"""Cells × months to decide on: each takes some 8 µs, so the first is about a second and the last about a minute."""


def cost(register: Register, asked: HistoryQuestion, metrics: int) -> int:
    """What an answer with so many metrics will cost, in cells × months to decide on; raises TooDearError."""
    placed = register.trees.on(int(asked.days[-1]))
    every, ours = len(register.cells), sum(1 for _ in register.under(asked.selection.unit, placed))
    months = set[Month]().union(*asked.periods)
    found = every * sum(map(register.secrecy.decides, months)) + ours * (len(asked.days) + metrics) // 10
    if found > DEAREST:
        raise TooDearError(
            f"this would take {found / DEAREST:.1f} times what any answer may: ask for fewer days, a longer step, a"
            " smaller unit or fewer metrics"
        )
    return found
