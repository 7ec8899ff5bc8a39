"""Whom contradictions on record are about, and their records."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import asyncpg

from services.metrics.domain.facts.tally import ONE
from services.metrics.domain.record.record import JOB, Stored
from services.metrics.domain.values.closed import IN_CLOSED_UNIT, PEOPLE
from services.metrics.ledger import statements as sql


class Anomaly(NamedTuple):
    """So many anomalies of a kind in a subject's record."""

    kind: str
    subject: str
    times: int


FIRST = ("", "")
"""Comes before every kind and subject."""


async def some(
    connection: asyncpg.Connection, kind: str | None, after: tuple[str, str], most: int, closed: Iterable[str]
) -> Sequence[Anomaly]:
    """Those of a kind, or of any, by kind and subject; those that come after one.

    Whoever has ever worked in one of the ``closed`` units is among them: whether today, their record says.
    """
    names = [unit.encode() for unit in closed]
    found = await connection.fetch(sql.ANOMALOUS, kind, *after, most, IN_CLOSED_UNIT, JOB, names)
    return [Anomaly(*row) for row in found]


async def work_in(connection: asyncpg.Connection, units: Iterable[str], on: int) -> Mapping[str, int]:
    """How many people work in each of some units on a day; units with nobody are left out."""
    found = await connection.fetch(sql.WORK_IN, list(units), list(PEOPLE), on)
    return {unit: round(people / ONE) for unit, people in found}


async def records(connection: asyncpg.Connection, subjects: Iterable[str]) -> Mapping[str, list[Stored]]:
    """The whole records of some subjects."""
    found = defaultdict[str, list[Stored]](list)
    for subject, *row in await connection.fetch(sql.RECORDS, sorted(set(subjects))):
        found[subject].append(Stored(*row))
    return found
