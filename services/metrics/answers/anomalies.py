"""Samples of contradictions on record: whose they are, and which events have a part in them."""

from collections.abc import Mapping, Sequence, Set
from datetime import UTC, datetime
from typing import NamedTuple

from services.metrics.answers.history import View
from services.metrics.domain.facts.entry import source_of
from services.metrics.domain.record import contradictions
from services.metrics.domain.record.contradictions import Count
from services.metrics.domain.record.record import Stored
from services.metrics.domain.sums.tree import Tree
from services.metrics.domain.values.closed import IN_CLOSED_UNIT
from services.metrics.ledger import anomalies as ledger
from services.metrics.ledger import reading, sources
from services.metrics.ledger.anomalies import Anomaly
from shared.contracts.anomalies import IN_FUTURE, AnomalousEvent, AnomalySample
from shared.contracts.metrics import ALL

AT_ONCE = 25
"""Records that are read together."""
MOST_READ = 250
"""Records that are read for one answer, at most: of a unit that few of them belong to there are then fewer samples."""


class AnomalyQuestion(NamedTuple):
    """Of which kind (None: of any), of which unit on which day, after which sample, and how many."""

    kind: str | None
    unit: str
    day: int
    after: tuple[str, str]
    most: int


class FoundAnomalies(NamedTuple):
    """How many of each kind there are in all; samples, and the last one looked at if there may be more."""

    counts: Mapping[str, int]
    samples: Sequence[AnomalySample]
    last: tuple[str, str] | None


async def find(view: View, asked: AnomalyQuestion) -> FoundAnomalies:
    """Look at records until there are enough samples; all of one state of the ledger."""
    samples, after, read = list[AnomalySample](), asked.after, 0
    async with view.state() as connection:
        await view.register.look(connection)
        placed = view.register.trees.on(asked.day)
        closed = await ledger.work_in(connection, placed.closed, asked.day)
        every = await reading.anomalies(connection) | {
            IN_CLOSED_UNIT: sum(closed.values()),
            IN_FUTURE: await sources.ahead(connection, datetime.now(UTC).date()),
        }
        counts = {kind: count for kind, count in every.items() if count}
        while read < MOST_READ and len(samples) < asked.most:
            met = await ledger.some(connection, asked.kind, after, min(AT_ONCE, asked.most - len(samples)), closed)
            records = await ledger.records(connection, (one.subject for one in met))
            samples += await view.apart(_samples, met, records, placed, asked, closed.keys())
            read += len(met)
            if not met:
                return FoundAnomalies(counts, samples, None)
            after = met[-1].kind, met[-1].subject
    return FoundAnomalies(counts, samples, after)


def _count(one: Anomaly, closed: Set[str], day: int) -> Count:
    """What makes it one: of a closed unit no record tells by itself that it is closed."""
    if one.kind == IN_CLOSED_UNIT:
        return contradictions.in_units(one.subject, closed, day)
    return contradictions.of_kind(one.subject, one.kind)


def _samples(
    met: Sequence[Anomaly],
    records: Mapping[str, Sequence[Stored]],
    placed: Tree,
    asked: AnomalyQuestion,
    closed: Set[str],
) -> list[AnomalySample]:
    found = []
    for one in met:
        told = contradictions.read(records[one.subject])
        units = contradictions.units(one.subject, told)
        count = _count(one, closed, asked.day)
        is_one = one.kind != IN_CLOSED_UNIT or count(told)
        if is_one and (asked.unit == ALL or any(asked.unit in placed.path(mine) for mine in units)):
            events = contradictions.events(told, count)
            shown = [
                AnomalousEvent(source_of(e.key), e.id, e.type, datetime.fromtimestamp(e.at / 1e6, UTC)) for e in events
            ]
            found.append(AnomalySample(one.kind, one.subject, units, one.times, shown))
    return found
