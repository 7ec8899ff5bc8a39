"""One batch of messages: from bytes to rows and facts, in one transaction."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

import asyncpg

from services.metrics import repository, rules
from services.metrics.domain.cause import Source, causes
from services.metrics.domain.entry import Told
from services.metrics.domain.fold import Outcome, fold
from services.metrics.domain.incoming import UnreadableError, read
from services.metrics.domain.record import Stored
from services.metrics.domain.tally import Fact, Tally
from services.metrics.domain.working import Need
from services.metrics.homes import homes
from services.metrics.repository import Addition, Change, Numbering, Span
from shared.contracts.dead_letters import Place, Retried
from shared.kit import dead_letters
from shared.kit.dead_letters import DeadLetter, Limits, Message

Subjects = dict[str, list[Told]]
"""Events by subject."""


class Arrived(NamedTuple):
    """Messages decoded, and what is put aside."""

    subjects: Subjects
    dead: list[DeadLetter]


class Written(NamedTuple):
    """What a batch came to: events folded, seen before and put aside, and facts added."""

    folded: int = 0
    duplicates: int = 0
    dead: int = 0
    facts: int = 0


class Folded(NamedTuple):
    """One subject's outcome, its facts, and the types of the events it took."""

    subject: str
    outcome: Outcome
    tally: Tally
    types: list[str]


def decode(messages: Iterable[Message]) -> Arrived:
    """Read messages; one that cannot be read is put aside and takes no other with it."""
    subjects: Subjects = defaultdict(list)
    dead = []
    for message in messages:
        try:
            if arrival := read(message.value):
                subjects[arrival.subject].append(arrival.told)
        except UnreadableError as error:
            dead.append(letter(message, error.reason, str(error)))
    return Arrived(subjects, dead)


def letter(message: Message, reason: str, error: str) -> DeadLetter:
    """A message to be put aside."""
    at = message.topic, message.partition, message.offset
    return DeadLetter(*at, message.key, message.value, reason, error)


async def write(
    pool: asyncpg.Pool, cells: Numbering, spans: Sequence[Span], arrived: Arrived, limits: Limits, partitions: int
) -> Written:
    """Fold what arrived and commit it with the positions; ``partitions`` is how many the topic has.

    A subject belongs to the partition that its name leads to. Whoever finds it in another waits until nobody folds that
    one: two that fold one subject at once would each miss what the other adds.

    Raises FencedError if the partitions moved on, RulesError and RemakingError if the ledger is counted otherwise,
    TooManyError if too many messages would be put aside.
    """
    async with pool.acquire() as connection, connection.transaction():
        await rules.claim(connection)
        mine = {span.partition for span in spans}
        places = homes(arrived.subjects, partitions)
        wanted = {(topic, place) for topic in {topic for topic, _ in mine} for place in places}
        if not wanted <= mine:
            await repository.lock(connection, wanted | mine)
        await repository.advance(connection, spans)
        await dead_letters.bury(connection, arrived.dead, limits)
        written = await take(connection, cells, arrived.subjects)
    return written._replace(dead=len(arrived.dead))


async def again(pool: asyncpg.Pool, cells: Numbering, place: Place) -> Retried:
    """Take a message that was put aside into its record after all, in one transaction that keeps it if it fails."""
    async with pool.acquire() as connection, connection.transaction():
        await rules.claim(connection)
        await repository.lock_all(connection)
        kept = await dead_letters.kept(connection, place)
        if kept is None:
            return Retried(place, "gone")
        arrived = decode([kept])
        if arrived.dead:
            return Retried(place, "refused", arrived.dead[0].reason)
        await take(connection, cells, arrived.subjects)
        await dead_letters.forget(connection, place)
    return Retried(place, "taken")


async def take(connection: asyncpg.Connection, cells: Numbering, subjects: Subjects) -> Written:
    """Fold subjects and save what that changes, in a transaction of the caller's."""
    done = await _fold(connection, subjects)
    return await _save(connection, cells, done)


async def _fold(connection: asyncpg.Connection, subjects: Subjects) -> list[Folded]:
    """Fold subjects side by side, so that each round of loading is one query for all of them."""
    names, tallies = list(subjects), [Tally() for _ in subjects]
    folds = [fold(s, subjects[s], tally) for s, tally in zip(names, tallies, strict=True)]
    done: list[Folded] = []
    answers: dict[int, list[Stored] | None] = dict.fromkeys(range(len(names)))
    while answers:
        needs: dict[int, tuple[str, Need]] = {}
        for n, rows in answers.items():
            subject = names[n]
            try:
                needs[n] = subject, next(folds[n]) if rows is None else folds[n].send(rows)
            except StopIteration as end:
                types = [told.entry.type for told in subjects[subject]]
                done.append(Folded(subject, end.value, tallies[n], types))
        loaded = await repository.load(connection, needs) if needs else {}
        answers = {n: loaded.get(n, []) for n in needs}
    return done


async def _save(connection: asyncpg.Connection, cells: Numbering, done: Sequence[Folded]) -> Written:
    events, duplicates = sum(len(f.types) for f in done), sum(f.outcome.duplicates for f in done)
    why = causes((Source(f.types, f.tally) for f in done), events)
    facts, anomalies = added(f.tally for f in done)
    new = [(f.subject, row) for f in done for row in f.outcome.new]
    changed = [(f.subject, row) for f in done for row in f.outcome.changed]
    units = {f.subject.partition("/")[2]: f.outcome.definitions for f in done if f.outcome.definitions is not None}
    numbers = await cells.numbers(chain((f.cell for f in facts), (cell for c in why for cell in c.cells or ())))
    await repository.save(connection, Change(new, changed))
    if addition := Addition(events, facts, anomalies, why, units):
        await repository.append(connection, numbers, addition)
    return Written(events - duplicates, duplicates, 0, len(facts))


def added(tallies: Iterable[Tally]) -> tuple[list[Fact], dict[str, int]]:
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
