"""Whom contradictions on record are about, and their records."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import asyncpg

from services.metrics.domain.record.record import Stored
from services.metrics.ledger import statements as sql


class Anomaly(NamedTuple):
    """So many anomalies of a kind in a subject's record."""

    kind: str
    subject: str
    times: int


FIRST = ("", "")
"""Comes before every kind and subject."""


async def some(
    connection: asyncpg.Connection, kind: str | None, after: tuple[str, str], most: int
) -> Sequence[Anomaly]:
    """Those of a kind, or of any, by kind and subject; those that come after one."""
    return [Anomaly(*row) for row in await connection.fetch(sql.ANOMALOUS, kind, *after, most)]


async def records(connection: asyncpg.Connection, subjects: Iterable[str]) -> Mapping[str, list[Stored]]:
    """The whole records of some subjects."""
    found = defaultdict[str, list[Stored]](list)
    for subject, *row in await connection.fetch(sql.RECORDS, sorted(set(subjects))):
        found[subject].append(Stored(*row))
    return found
