"""One batch of messages: from bytes to rows and facts, in one transaction."""

from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from itertools import chain
from types import MappingProxyType
from typing import NamedTuple

import asyncpg

from services.metrics.domain.facts.cause import Cause, Source, causes
from services.metrics.domain.facts.entry import ReadEntry
from services.metrics.domain.facts.reported import Firsts, Reported, merged
from services.metrics.domain.facts.tally import Fact, Tally
from services.metrics.domain.record.arrivals import Arrival, Delivery, arrivals
from services.metrics.domain.record.incoming import ErasedError, UnreadableError, Unseal, read, without_keys
from services.metrics.domain.record.room import Refusal
from services.metrics.domain.sources.recorded import SourceDay, recorded
from services.metrics.intake import folding, repository, touching
from services.metrics.intake.folding import FoldedBatch
from services.metrics.intake.homes import homes
from services.metrics.intake.repository import Addition, AnomalyCounts, BatchChange, Numbering, OffsetRange
from services.metrics.ledger import forgetting, rules, sources
from shared.contracts.dead_letters import OTHER_TENANT, Place, Retried
from shared.contracts.tenants import ALONE, Tenant
from shared.kit import dead_letters
from shared.kit.dead_letters import UNLIMITED, DeadLetter, Limits, Message

Subjects = dict[str, list[ReadEntry]]
"""Events by subject."""
FACT_BYTES = 50
"""That summing up a fact costs as much as folding so many bytes."""


class Arrived(NamedTuple):
    """Messages decoded, what is put aside, the messages that the events of each subject came in, what they bring of
    deliveries, by source, type and unit the first day they tell of, how many were erased, and the first days that the
    subjects of deliveries tell of.
    """

    subjects: Subjects
    dead: list[DeadLetter]
    messages: Mapping[str, Sequence[Message]]
    deliveries: Mapping[Delivery, Arrival]
    firsts: Firsts = MappingProxyType({})
    erased: int = 0
    reports: Mapping[str, Firsts] = MappingProxyType({})


Arrive = Callable[[Sequence[Message], Tenant], Awaitable[Arrived]]
"""How messages are read: ``decode``, with keys at hand where there are sealed ones."""


class Written(NamedTuple):
    """What a batch came to: events folded, seen before and put aside, facts added, events erased; messages whose key is
    another than their subject.
    """

    folded: int = 0
    duplicates: int = 0
    dead: int = 0
    facts: int = 0
    erased: int = 0
    wrong_keys: int = 0


class Taken(NamedTuple):
    """Events folded and seen before, facts added, by subject what its record had no room for, by delivery the units
    that it touches, and how many events are of persons who are erased.
    """

    folded: int
    duplicates: int
    facts: int
    refused: Mapping[str, Sequence[Refusal]]
    touched: Mapping[Delivery, Iterable[str]]
    ignored: int = 0


def decode(messages: Sequence[Message], tenant: Tenant = ALONE, unseal: Unseal = without_keys) -> Arrived:
    """Read messages; one that cannot be read, or is not the tenant's, is put aside and takes no other with it.

    One whose key is destroyed is erased. Raises what ``unseal`` raises but UnreadableError.
    """
    subjects: Subjects = defaultdict(list)
    origins: dict[str, list[Message]] = defaultdict(list)
    reports: dict[str, list[tuple[Reported, int]]] = defaultdict(list)
    dead, own, erased = [], [], 0
    for message in messages:
        try:
            arrival = read(message.value, tenant, unseal)
            if arrival:
                subjects[arrival.subject].append(arrival.told)
                origins[arrival.subject].append(message)
                reports[arrival.subject] += arrival.reported
        except ErasedError:
            erased += 1
        except UnreadableError as error:
            dead.append(letter(message, error.reason, str(error)))
            if error.reason == OTHER_TENANT:
                continue
        own.append(message.value)
    deliveries, firsts = arrivals(own), merged(chain.from_iterable(reports.values()))
    delivered = reports.keys() & {one for arrival in deliveries.values() for one in arrival.subjects}
    return Arrived(
        subjects, dead, origins, deliveries, firsts, erased, {one: merged(reports[one]) for one in delivered}
    )


async def plainly(messages: Sequence[Message], tenant: Tenant) -> Arrived:
    """``decode``, for what holds no sealed events: one is put aside."""
    return decode(messages, tenant)


def aside(message: Message, reason: str, error: str) -> Arrived:
    """A message that is put aside, whatever it says."""
    return Arrived({}, [letter(message, reason, error)], {}, arrivals([message.value]))


def letter(message: Message, reason: str, error: str) -> DeadLetter:
    """A message to be put aside; of another tenant's its place alone."""
    at = message.topic, message.partition, message.offset
    if reason == OTHER_TENANT:
        return DeadLetter(*at, None, None, reason, error)
    return DeadLetter(*at, message.key, message.value, reason, error)


async def write(
    pool: asyncpg.Pool,
    cells: Numbering,
    spans: Sequence[OffsetRange],
    arrived: Arrived,
    limits: Limits,
    partitions: int,
    ahead: Mapping[str, FoldedBatch] = MappingProxyType({}),
) -> tuple[Written, list[DeadLetter]]:
    """Fold what arrived and commit it with the positions; what it came to, and what was put aside.

    ``partitions`` is how many the topic has. ``ahead`` are subjects that were folded already, when nothing was known
    of them.

    A subject belongs to the partition that its name leads to. Whoever finds it in another waits until nobody folds that
    one: two that fold one subject at once would each miss what the other adds.

    Raises FencedError if the partitions moved on, RulesError and RemakingError if the ledger is counted otherwise,
    TooManyError if too many messages would be put aside.
    """
    async with folding.waits_explained(), pool.acquire() as connection, connection.transaction():
        await rules.claim(connection)
        mine = {span.partition for span in spans}
        places = homes(arrived.subjects, partitions)
        wanted = {(topic, place) for topic in {topic for topic, _ in mine} for place in places}
        if not wanted <= mine:
            await repository.lock(connection, wanted | mine)
        await repository.advance(connection, spans)
        await dead_letters.bury(connection, arrived.dead, limits)
        taken = await take(connection, cells, arrived, ahead)
        await repository.arrive(connection, arrived.deliveries, taken.touched)
        full = [
            letter(arrived.messages[subject][one.place], "record_full", one.why)
            for subject, refused in taken.refused.items()
            for one in refused
        ]
        await dead_letters.bury(connection, full, UNLIMITED)
    letters = [*arrived.dead, *full]
    erased = arrived.erased + taken.ignored
    return Written(taken.folded, taken.duplicates, len(letters), taken.facts, erased, wrong_keys(arrived)), letters


def wrong_keys(arrived: Arrived) -> int:
    """How many messages have another key than the subject of their event: somebody else sent them.

    They are folded all the same: whoever finds a subject in another partition waits for its own.
    """
    keys = ((subject.encode(), some) for subject, some in arrived.messages.items())
    return sum(one.key != key for key, some in keys for one in some)


async def again(
    pool: asyncpg.Pool, cells: Numbering, place: Place, tenant: Tenant = ALONE, arrive: Arrive = plainly
) -> Retried:
    """Take a message that was put aside into its record after all, in one transaction that keeps it if it fails.

    One that was erased meanwhile is no longer kept.
    """
    async with pool.acquire() as connection, connection.transaction():
        await rules.claim(connection)
        await repository.lock_all(connection)
        kept = await dead_letters.kept(connection, place)
        if kept is None:
            return Retried(place, "gone")
        if kept.reason == OTHER_TENANT:
            return Retried(place, "refused", OTHER_TENANT)
        arrived = await arrive([kept], tenant)
        if arrived.dead:
            return Retried(place, "refused", arrived.dead[0].reason)
        if (await take(connection, cells, arrived)).refused:
            return Retried(place, "refused", "record_full")
        await dead_letters.forget(connection, place)
    return Retried(place, "taken")


async def take(
    connection: asyncpg.Connection,
    cells: Numbering,
    arrived: Arrived,
    ahead: Mapping[str, FoldedBatch] = MappingProxyType({}),
) -> Taken:
    """Fold what arrived and save what that changes, in a transaction of the caller's."""
    firsts = await repository.earlier(connection, arrived.firsts)
    earliest = await repository.earliest(connection, firsts) if arrived.deliveries else set()
    done = await folding.fold_rest(connection, arrived.subjects, ahead)
    taken, moved = await _save(connection, cells, done, firsts, arrived.deliveries)
    counted = {one.subject for one in done if not one.outcome.ignored and not one.outcome.erased}
    reports = {one: told for one, told in arrived.reports.items() if one in counted}
    return taken._replace(touched=touching.touched(arrived.deliveries, moved, reports, firsts, earliest))


async def _save(
    connection: asyncpg.Connection,
    cells: Numbering,
    done: Sequence[FoldedBatch],
    firsts: Firsts,
    deliveries: Mapping[Delivery, Arrival],
) -> tuple[Taken, Mapping[str, Iterable[str]]]:
    events, duplicates = sum(len(f.types) for f in done), sum(f.outcome.duplicates for f in done)
    size = sum(len(f.tally.deltas) for f in done) * FACT_BYTES
    moved = touching.moved(done, deliveries)
    why, came, facts, anomalies = await folding.beside(connection, size, _sums, done, events)
    new = [(f.subject, row) for f in done for row in f.outcome.new]
    changed = [(f.subject, row) for f in done for row in f.outcome.changed]
    units = {f.subject.partition("/")[2]: f.outcome.definitions for f in done if f.outcome.definitions is not None}
    numbers = await cells.numbers(chain((f.cell for f in facts), (cell for c in why for cell in c.cells or ())))
    gone = [(f.subject, key) for f in done for key in f.outcome.gone]
    await repository.save(connection, BatchChange(new, changed, gone))
    erased = [f.outcome.erased for f in done if f.outcome.erased]
    redescribed = frozenset[str]().union(*(one.units for one in erased))
    if addition := Addition(events, facts, anomalies, why, units, firsts, redescribed):
        await repository.append(connection, numbers, addition)
    await sources.add(connection, came)
    await forgetting.forget(connection, {f.subject for f in done if f.outcome.erased})
    await forgetting.let_go(connection, [event for one in erased for event in one.events])
    await forgetting.settle(connection, {f.subject for f in done if f.outcome.trimmed})
    refused = {f.subject: f.outcome.refused for f in done if f.outcome.refused}
    ignored = sum(f.outcome.ignored for f in done)
    return Taken(events - duplicates - ignored, duplicates, len(facts), refused, {}, ignored), moved


def _sums(
    done: Sequence[FoldedBatch], events: int
) -> tuple[list[Cause], Counter[SourceDay], list[Fact], AnomalyCounts]:
    """What folds add together, why, and what came of each source for the first time."""
    came = recorded(entry for f in done for entry in f.outcome.came)
    why = causes((Source(f.types, f.tally) for f in done), events)
    return why, came, *added((f.subject, f.tally) for f in done)


def added(tallies: Iterable[tuple[str, Tally]]) -> tuple[list[Fact], AnomalyCounts]:
    """Facts of many subjects as one: what meets in a cell on a day is one row. The tallies are emptied on the way.

    Anomalies are counted by subject.
    """
    total = Tally()
    deltas, anomalies = total.deltas, AnomalyCounts()
    for subject, tally in tallies:
        for place, delta in tally.deltas.items():
            if delta:
                deltas[place] += delta
        tally.deltas.clear()
        anomalies |= {(kind, subject): count for kind, count in tally.anomalies.items() if count}
    return total.facts(), anomalies
