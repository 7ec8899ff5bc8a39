"""How the values of days that had passed were restated: what the ledger held before each batch, and what it adds."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import asyncpg
import numpy as np

from services.metrics.answers.history import TooDearError, View, read_by
from services.metrics.answers.register import Register
from services.metrics.domain.coverage.coverage import of_groups
from services.metrics.domain.facts.cause import Late, late
from services.metrics.domain.sums.catalogue import FORMULAS
from services.metrics.domain.sums.groups import DIMENSIONS, Group
from services.metrics.domain.sums.kernels import Deltas, Ints, Sums, Window, reach
from services.metrics.domain.sums.selection import Selection, classes
from services.metrics.domain.sums.tree import Tree
from services.metrics.domain.values.restatement import ChangeAt, ValueChange, changes, states, value_changes
from services.metrics.ledger import describing, merging
from services.metrics.ledger import reading as ledger
from services.metrics.ledger.reading import Wanted
from shared.contracts.catalogue import Metric
from shared.contracts.metrics import ALL

MOMENT = timedelta(microseconds=1)
MOST = 1_000
"""Changes told of, the latest of them."""

MOST_STATES = (250_000, 25_000)
"""Batches × days, and of pay, which has many bins: each takes up to a kilobyte."""


class RevisionQuestion(NamedTuple):
    """A metric of a group, on days that follow one another; ``zone`` is where they begin and end."""

    metric: Metric
    group: Group
    days: Ints
    window: Window
    norm: float
    zone: ZoneInfo

    @property
    def settled(self) -> datetime:
        """When the first day had passed: what was known by then is no revision of any."""
        return datetime.combine(date.fromordinal(int(self.days[0]) + 1), time.min, self.zone)


class Revision(NamedTuple):
    """A change, the batch that brought it and the causes of that batch that can have had a part in it."""

    change: ValueChange
    batch: int
    at: datetime
    causes: list[Late]


class Restated(NamedTuple):
    """The revisions told of, how many earlier ones are not, and the units as placed on the last day."""

    revisions: list[Revision]
    omitted: int
    tree: Tree


class BatchFacts(NamedTuple):
    """Facts as columns, and the batch that each came with; 0 for what was known from the start."""

    columns: Deltas
    batches: Ints


async def revisions(view: View, asked: RevisionQuestion) -> Restated:
    """Every change of a value after its day, in the order it came in; raises TooDearError and ForgottenError."""
    async with view.state() as connection:
        await view.register.look(connection)
    register, measures = view.register, read_by([asked.metric])
    placed, ours = await view.apart(_placed, register, asked)
    async with view.state() as connection:
        await merging.check(connection, asked.settled - MOMENT, "from")
        if asked.group.is_within_unit:
            await describing.check(connection, asked.settled - MOMENT, "from", (register.cells[n] for n in ours))
        facts = await _facts(connection, asked, dict.fromkeys(ours, 0), measures)
        came = await ledger.came(connection, np.unique(facts.batches[facts.batches > 0]).tolist())
    if len(came) * len(asked.days) > MOST_STATES[measures is None]:
        raise TooDearError(f"{len(came)} batches changed it since: ask for fewer days than {len(asked.days)}")
    known = await view.apart(_known, register, placed, asked.group, 1 + len(came))
    sums, places = await view.apart(_changes, asked, facts, came, known)
    kept = places[-MOST:]
    found = await view.apart(value_changes, asked.metric, sums, kept, known)
    async with view.state() as connection:
        return Restated(await _explained(connection, asked, found, came, ours), len(places) - len(kept), placed)


def _placed(register: Register, asked: RevisionQuestion) -> tuple[Tree, set[int]]:
    """The units as they are on the last day, and the cells of the group."""
    placed, group = register.trees.on(int(asked.days[-1])), asked.group
    by = {name: value for name, value in zip(DIMENSIONS, group[1:], strict=True) if value != ALL}
    return placed, set(classes(register.under(group.unit, placed), placed, Selection(group.unit, fixed=by)).of)


def _known(register: Register, placed: Tree, group: Group, states: int) -> Ints:
    """Since when each kind of events is known of the group, alike of all states: as it is known now."""
    units = {cell.unit for _, cell in register.under(group.unit, placed)}
    return of_groups(register.coverage.of_subtrees(units, placed), [group]).repeat(states, axis=0)


async def _facts(
    connection: asyncpg.Connection, asked: RevisionQuestion, of: Mapping[int, int], measures: frozenset[int] | None
) -> BatchFacts:
    last = int(asked.days[-1])
    wanted = Wanted(of, measures, reach(asked.days, asked.window), last, known_at=asked.settled - MOMENT)
    known = [facts async for facts in ledger.of_cells(connection, wanted)]
    later = [facts async for facts in ledger.of_cells_since(connection, wanted)]
    first = [np.insert(rows, 0, 0, axis=1) for rows in known]
    batches, *columns = np.concatenate([np.zeros((0, 5), np.int64), *first, *later]).T
    return BatchFacts(Deltas(*columns), batches)


def _changes(
    asked: RevisionQuestion, facts: BatchFacts, came: Mapping[int, datetime], known: Ints
) -> tuple[Sums, list[ChangeAt]]:
    state = np.searchsorted(np.array([0, *came]), facts.batches)
    sums = states(facts.columns._replace(cells=state), 1 + len(came), asked.days, asked.window, asked.norm)
    since = [0, *(at.astimezone(asked.zone).toordinal() for at in came.values())]
    return sums, changes(asked.metric, sums, np.array(since)[:, np.newaxis] > asked.days, known)


async def _explained(
    connection: asyncpg.Connection,
    asked: RevisionQuestion,
    found: Sequence[ValueChange],
    came: Mapping[int, datetime],
    ours: set[int],
) -> list[Revision]:
    batches = list(came)
    causes = await ledger.causes(connection, sorted({batches[change.place.state - 1] for change in found}))
    measures = {measure for measure, _ in FORMULAS[asked.metric.name].reads}
    explained = []
    for change in found:
        batch, day = batches[change.place.state - 1], int(asked.days[change.place.day])
        known = came[batch].astimezone(asked.zone).toordinal()
        explained.append(Revision(change, batch, came[batch], late(causes[batch], ours, measures, day, known)))
    return explained


def cost(register: Register, asked: RevisionQuestion) -> int:
    """What an answer will cost at most, as that of other questions is told."""
    return len(register.cells) * len(asked.days)
