"""One batch of messages: from bytes to rows and facts, in one transaction."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

import asyncpg
import msgspec
import structlog
from aiokafka import ConsumerRecord
from aiokafka.partitioner import DefaultPartitioner

from services.metrics import repository
from services.metrics.domain.cause import Source, causes
from services.metrics.domain.entry import Told, told
from services.metrics.domain.fold import Outcome, fold
from services.metrics.domain.record import Stored
from services.metrics.domain.tally import Fact, Tally
from services.metrics.domain.working import Need
from services.metrics.repository import Addition, Cells, Change, DeadLetter, Span
from shared.contracts import envelope

log = structlog.get_logger()

NOT_OURS = "measure/"
"""Subjects of events that belong to the alerts service."""

PARTITIONER = DefaultPartitioner()

REFUSED = (asyncpg.DataError, asyncpg.ProgramLimitExceededError, ValueError, OverflowError)
"""What PostgreSQL and its client say of a value that no retry makes storable."""

Subjects = dict[str, list[tuple[Told, ConsumerRecord]]]
"""Events by subject, each with the message it came in."""


class Arrived(NamedTuple):
    """Messages decoded, and what could not be read."""

    subjects: Subjects
    dead: list[DeadLetter]


class Written(NamedTuple):
    """What a batch came to: events folded, seen before and put aside, and facts added."""

    folded: int = 0
    duplicates: int = 0
    dead: int = 0
    facts: int = 0

    def plus(self, other: "Written") -> "Written":
        """Both together."""
        return Written(*(a + b for a, b in zip(self, other, strict=True)))


class Folded(NamedTuple):
    """One subject's outcome, its facts, and the types of the events it took."""

    subject: str
    outcome: Outcome
    tally: Tally
    types: list[str]


class Folding(NamedTuple):
    """Subjects folded, and those whose fold failed with the reason."""

    done: list[Folded]
    failed: dict[str, Exception]


def decode(messages: Iterable[ConsumerRecord]) -> Arrived:
    """Read messages; one that cannot be read is put aside and takes no other with it."""
    subjects: Subjects = defaultdict(list)
    dead = []
    for message in messages:
        try:
            event = envelope.decode(message.value)
            if not event.subject.startswith(NOT_OURS):
                subjects[event.subject].append((told(event), message))
        except (msgspec.MsgspecError, KeyError, TypeError, UnicodeDecodeError) as error:
            dead.append(_letter(message, error))
    return Arrived(subjects, dead)


def put_aside(messages: Iterable[ConsumerRecord], error: Exception) -> Arrived:
    """Messages that can be read and not be stored."""
    return Arrived({}, [_letter(message, error) for message in messages])


async def write(pool: asyncpg.Pool, cells: Cells, spans: Sequence[Span], arrived: Arrived, partitions: int) -> Written:
    """Fold what arrived and commit it with the positions; raises FencedError if the partitions moved on.

    ``partitions`` is how many the topic has. A subject belongs to the one that its name leads to; whoever finds it in
    another waits until nobody folds the first: two that fold one subject at once would each miss what the other adds.
    """
    mine = {span.partition for span in spans}
    homes = {(topic, home(subject, partitions)) for topic, _ in mine for subject in arrived.subjects}
    async with pool.acquire() as connection, connection.transaction():
        if not homes <= mine:
            await repository.lock(connection, homes | mine)
        await repository.advance(connection, spans)
        folding = await _fold(connection, arrived.subjects)
        written = await _save(connection, cells, folding.done, arrived.dead)
        for subject, error in folding.failed.items():
            log.error("a record could not be folded; its events are taken one by one", error=repr(error))
            for pair in arrived.subjects[subject]:
                written = written.plus(await _alone(connection, cells, subject, pair))
    return written


@lru_cache(maxsize=1 << 16)
def home(subject: str, partitions: int) -> int:
    """The partition that ingest, like any client with Java's partitioner, sends a subject to."""
    number: int = PARTITIONER(subject.encode(), range(partitions), ())
    return number


async def _alone(
    connection: asyncpg.Connection, cells: Cells, subject: str, pair: tuple[Told, ConsumerRecord]
) -> Written:
    done, failed = await _fold(connection, {subject: [pair]})
    return await _save(connection, cells, done, [_letter(pair[1], error) for error in failed.values()])


async def _fold(connection: asyncpg.Connection, subjects: Subjects) -> Folding:
    """Fold subjects side by side, so that each round of loading is one query for all of them."""
    names, tallies = list(subjects), [Tally() for _ in subjects]
    folds = [fold(s, [t for t, _ in subjects[s]], tally) for s, tally in zip(names, tallies, strict=True)]
    folding = Folding([], {})
    answers: dict[int, list[Stored] | None] = dict.fromkeys(range(len(names)))
    while answers:
        needs: dict[int, tuple[str, Need]] = {}
        for n, rows in answers.items():
            subject = names[n]
            try:
                needs[n] = subject, next(folds[n]) if rows is None else folds[n].send(rows)
            except StopIteration as end:
                types = [told.entry.type for told, _ in subjects[subject]]
                folding.done.append(Folded(subject, end.value, tallies[n], types))
            except Exception as error:  # noqa: BLE001  (whatever one record trips over must not stop its neighbours)
                folding.failed[subject] = error
        loaded = await repository.load(connection, needs) if needs else {}
        answers = {n: loaded.get(n, []) for n in needs}
    return folding


async def _save(
    connection: asyncpg.Connection, cells: Cells, done: Sequence[Folded], dead: list[DeadLetter]
) -> Written:
    events, duplicates = sum(len(f.types) for f in done), sum(f.outcome.duplicates for f in done)
    why = causes((Source(f.types, f.tally) for f in done), events)
    facts, anomalies = _sum(f.tally for f in done)
    new = [(f.subject, row) for f in done for row in f.outcome.new]
    changed = [(f.subject, row) for f in done for row in f.outcome.changed]
    units = {f.subject.partition("/")[2]: f.outcome.definitions for f in done if f.outcome.definitions is not None}
    numbers = await cells.numbers(chain((f.cell for f in facts), (cell for c in why for cell in c.cells or ())))
    await repository.save(connection, Change(new, changed, dead))
    if addition := Addition(events, facts, anomalies, why, units):
        await repository.append(connection, numbers, addition)
    return Written(events - duplicates, duplicates, len(dead), len(facts))


def _sum(tallies: Iterable[Tally]) -> tuple[list[Fact], dict[str, int]]:
    """Facts of many subjects as one: what meets in a cell on a day is one row. The tallies are emptied on the way."""
    total = Tally()
    deltas, anomalies = total.deltas, total.anomalies
    for tally in tallies:
        for place, delta in tally.deltas.items():
            if delta:
                deltas[place] += delta
        tally.deltas.clear()
        for kind, count in tally.anomalies.items():
            anomalies[kind] += count
    return total.facts(), {kind: count for kind, count in anomalies.items() if count}


def _letter(message: ConsumerRecord, error: Exception) -> DeadLetter:
    reason = f"{type(error).__name__}: {error}".replace("\0", "\\0")  # PostgreSQL's text cannot hold a NUL
    return DeadLetter(message.topic, message.partition, message.offset, message.key, message.value, reason)
