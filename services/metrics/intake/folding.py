"""Folding many subjects side by side, beside the event loop where it takes more than a moment.

While a thread folds, nothing else uses the connection: it is idle in its transaction, which PostgreSQL suffers for so
long and no longer. A fold shares nothing with another but what none of them changes.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import NamedTuple, ParamSpec, TypeVar

import asyncpg

from services.metrics.domain.facts.entry import ReadEntry
from services.metrics.domain.facts.tally import Tally
from services.metrics.domain.record.erasing import arriving
from services.metrics.domain.record.fold import Fold, FoldResult
from services.metrics.domain.record.record import Stored
from services.metrics.domain.record.refold import run
from services.metrics.domain.record.working import Need
from services.metrics.intake import repository
from shared.kit.database import IDLE_SECONDS

SMALL = 100_000
"""Bytes of events and records that are folded in some milliseconds: changing threads may take longer than that."""

P = ParamSpec("P")
R = TypeVar("R")


class FoldedBatch(NamedTuple):
    """One subject's outcome, its facts, and the types of the events it took."""

    subject: str
    outcome: FoldResult
    tally: Tally
    types: list[str]


class Subject(NamedTuple):
    """A subject whose events are being folded."""

    name: str
    events: Sequence[ReadEntry]
    tally: Tally
    fold: Fold

    def folded(self, outcome: FoldResult) -> FoldedBatch:
        """It is done."""
        refused = {one.place for one in outcome.refused}
        types = [t.entry.type for n, t in enumerate(self.events) if n not in refused]
        return FoldedBatch(self.name, outcome, self.tally, types)


def fold_unknown(subjects: Mapping[str, Sequence[ReadEntry]]) -> dict[str, FoldedBatch]:
    """Fold subjects that nothing is known of, by name: nothing needs to be loaded for these."""
    done = {}
    for name, events in subjects.items():
        subject = Subject(name, events, tally := Tally(), arriving(name, events, tally))
        done[name] = subject.folded(run(subject.fold))
    return done


async def fold_rest(
    connection: asyncpg.Connection, subjects: Mapping[str, Sequence[ReadEntry]], ahead: Mapping[str, FoldedBatch]
) -> list[FoldedBatch]:
    """Fold those that were not folded ``ahead`` of the transaction, and those that something has become known of."""
    known = await repository.known(connection, ahead) if ahead else set()
    rest = {name: events for name, events in subjects.items() if name not in ahead or name in known}
    return [*(one for name, one in ahead.items() if name not in known), *await fold_all(connection, rest)]


async def fold_all(connection: asyncpg.Connection, subjects: Mapping[str, Sequence[ReadEntry]]) -> list[FoldedBatch]:
    """Fold subjects side by side, so that each round of loading is one query for all of them."""
    tallies = ((name, events, Tally()) for name, events in subjects.items())
    work = [Subject(name, events, tally, arriving(name, events, tally)) for name, events, tally in tallies]
    done: list[FoldedBatch] = []
    answers: dict[int, list[Stored] | None] = dict.fromkeys(range(len(work)))
    size = sum(len(t.entry.raw) for events in subjects.values() for t in events)
    while answers:
        needs = await beside(connection, size, _round, work, answers, done)
        loaded = await repository.load(connection, needs) if needs else {}
        answers = {n: loaded.get(n, []) for n in needs}
        size += sum(len(row.body) for rows in loaded.values() for row in rows)
    return done


def _round(
    work: Sequence[Subject], answers: Mapping[int, list[Stored] | None], done: list[FoldedBatch]
) -> dict[int, tuple[str, Need]]:
    """Go on with each fold until it needs more, or is done."""
    needs = {}
    for n, rows in answers.items():
        subject = work[n]
        try:
            needs[n] = subject.name, next(subject.fold) if rows is None else subject.fold.send(rows)
        except StopIteration as end:
            done.append(subject.folded(end.value))
    return needs


async def beside(
    connection: asyncpg.Connection, size: int, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs
) -> R:
    """Work on so many bytes beside the event loop, if they are many; raises an error if PostgreSQL did not wait."""
    if size <= SMALL:
        return work(*args, **kwargs)
    began = time.monotonic()
    result = await asyncio.to_thread(work, *args, **kwargs)
    seconds = time.monotonic() - began
    if seconds >= IDLE_SECONDS and _is_closed(connection):
        raise asyncpg.IdleInTransactionSessionTimeoutError(
            f"PostgreSQL ended the session while a batch was folded: it waits {IDLE_SECONDS} s, it took {seconds:.0f} s"
        )
    return result


def _is_closed(connection: asyncpg.Connection) -> bool:
    """The pool takes a connection back once it is closed, and it then answers no question."""
    try:
        return bool(connection.is_closed())
    except asyncpg.InterfaceError:
        return True


@contextlib.asynccontextmanager
async def waits_explained() -> AsyncIterator[None]:
    """If PostgreSQL ended the session while it waited, raise that error, not the one of leaving the transaction."""
    try:
        yield
    except asyncpg.InterfaceError as error:
        if isinstance(error.__context__, asyncpg.IdleInTransactionSessionTimeoutError):
            raise error.__context__ from None
        raise
