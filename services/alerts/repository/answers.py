"""Answers of evaluations as they were given: a row whenever another thing is said, for ever."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime

import asyncpg
import msgspec
import structlog

from services.alerts.domain.evaluation.given import Given, kept
from shared.contracts.evaluations import Evaluation

log = structlog.get_logger()

_SAVE = """
insert into evaluations (plan, measure, metric, given, day, hash, answer) values ($1, $2, $3, $4, $5, $6, $7::jsonb)
on conflict do nothing
"""
_LOAD = """
select measure, metric, day, answer::text from evaluations where plan = $1 order by given
"""

By = Mapping[tuple[str, str], Sequence[Given]]
"""By measure and metric, the oldest first."""


async def save(connection: asyncpg.Connection, answer: Evaluation, digest: str, day: date, now: datetime) -> None:
    """It was given on that day, by the version of the plan with this digest."""
    body = msgspec.json.encode(kept(answer)).decode()
    await connection.execute(_SAVE, answer.plan, answer.measure, answer.metric, now, day, digest, body)


async def load(connection: asyncpg.Connection, plan: str) -> By:
    """All that were given of a plan; what this release cannot read is left out."""
    found: defaultdict[tuple[str, str], list[Given]] = defaultdict(list)
    for measure, metric, day, stored in await connection.fetch(_LOAD, plan):
        try:
            found[measure, metric].append(Given(day, msgspec.json.decode(stored, type=Evaluation)))
        except msgspec.DecodeError as error:
            log.warning("an answer that was given cannot be read", plan=plan, measure=measure, reason=str(error))
    return found
