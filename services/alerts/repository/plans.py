"""Versions of plans: kept for ever, the latest that is not withdrawn running."""

import hashlib
from datetime import datetime
from typing import NamedTuple

import asyncpg
import msgspec

from services.alerts.domain.plan import Plan


class Version(NamedTuple):
    """A version of a plan that runs, and the file it came from."""

    plan: Plan
    version: int
    source: str
    hash: str
    loaded: datetime


_RUNNING = """
select plan, version, source, hash, loaded from (
    select distinct on (plan) * from plans order by plan, version desc) latest
where withdrawn is null order by plan
"""
_PARSED = "select parsed::text from plans where plan = $1 and version = $2"
_ADOPT = """
insert into plans (plan, version, hash, source, text, parsed, loaded)
select $1, coalesce(max(version), 0) + 1, $2, $3, $4, $5::jsonb, $6 from plans where plan = $1
"""


class Running:
    """Reads the running versions, each once: a version never changes, and means for ever what it meant when adopted."""

    def __init__(self) -> None:
        """Nothing is parsed yet."""
        self._parsed: dict[tuple[str, int], Plan] = {}

    async def load(self, connection: asyncpg.Connection) -> dict[str, Version]:
        """The running version of each plan."""
        found = {}
        for row in await connection.fetch(_RUNNING):
            key = (row["plan"], row["version"])
            if key not in self._parsed:
                parsed = await connection.fetchval(_PARSED, *key)
                self._parsed[key] = msgspec.json.decode(parsed, type=Plan)
            found[row["plan"]] = Version(self._parsed[key], row["version"], row["source"], row["hash"], row["loaded"])
        return found


def digest(text: str) -> str:
    """What tells one text of a plan from another."""
    return hashlib.sha256(text.encode()).hexdigest()


async def adopt(connection: asyncpg.Connection, plan: Plan, text: str, source: str, now: datetime) -> None:
    """Let the plan, as ``text`` says it, run from now on, as its next version."""
    parsed = msgspec.json.encode(plan).decode()
    await connection.execute(_ADOPT, plan.id, digest(text), source, text, parsed, now)


async def withdraw(connection: asyncpg.Connection, plan: str, now: datetime) -> None:
    """Let the plan run no more; its versions stay."""
    await connection.execute("update plans set withdrawn = $2 where plan = $1 and withdrawn is null", plan, now)
