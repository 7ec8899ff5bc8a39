"""Versions of plans: kept for ever, the latest that is not withdrawn running."""

import hashlib
from datetime import datetime
from typing import NamedTuple

import asyncpg

from services.alerts.domain.plan import Plan
from services.alerts.domain.plan_reading import read


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
_ADOPT = """
insert into plans (plan, version, hash, source, text, loaded)
select $1, coalesce(max(version), 0) + 1, $2, $3, $4, $5 from plans where plan = $1
returning version
"""


class Running:
    """Reads the running versions; a version's text never changes, so each is parsed once."""

    def __init__(self) -> None:
        """Nothing is parsed yet."""
        self._parsed: dict[tuple[str, int], Plan] = {}

    async def load(self, connection: asyncpg.Connection) -> dict[str, Version]:
        """The running version of each plan."""
        found = {}
        for row in await connection.fetch(_RUNNING):
            key = (row["plan"], row["version"])
            if key not in self._parsed:
                text = await connection.fetchval("select text from plans where plan = $1 and version = $2", *key)
                self._parsed[key] = read(text)
            found[row["plan"]] = Version(self._parsed[key], row["version"], row["source"], row["hash"], row["loaded"])
        return found


def digest(text: str) -> str:
    """What tells one text of a plan from another."""
    return hashlib.sha256(text.encode()).hexdigest()


async def adopt(connection: asyncpg.Connection, plan: str, text: str, source: str, now: datetime) -> int:
    """Let this text run from now on, as the plan's next version."""
    version: int = await connection.fetchval(_ADOPT, plan, digest(text), source, text, now)
    return version


async def withdraw(connection: asyncpg.Connection, plan: str, now: datetime) -> None:
    """Let the plan run no more; its versions stay."""
    await connection.execute("update plans set withdrawn = $2 where plan = $1 and withdrawn is null", plan, now)
