"""Versions of plans: kept for ever, the latest that is not withdrawn running."""

from datetime import datetime

import asyncpg
import msgspec

from services.alerts.domain.plan.plan import Plan, Version, digest

_RUNNING = """
select plan, version, source, hash, loaded, changed from (
    select distinct on (plan) * from plans order by plan, version desc) latest
where withdrawn is null order by plan
"""
_PARSED = "select parsed::text from plans where plan = $1 and version = $2"
_ADOPT = """
insert into plans (plan, version, hash, source, text, parsed, changed, loaded)
select $1, coalesce(max(version), 0) + 1, $2, $3, $4, $5::jsonb, $6, $7 from plans where plan = $1
"""
_RESUME = """
update plans set withdrawn = null
where plan = $1 and hash = $2 and version = (select max(version) from plans where plan = $1) returning version
"""
_TEXT = "select text, source from plans where plan = $1 and hash = $2 order by version desc limit 1"


class Running:
    """Reads the running versions, each once: a version never changes, and means for ever what it meant when adopted.

    ``broken`` are those that this release cannot read, and why, as of the last reading.
    """

    def __init__(self) -> None:
        """Nothing is parsed yet."""
        self._parsed: dict[tuple[str, int], Plan | str] = {}
        self.broken: dict[str, str] = {}

    async def load(self, connection: asyncpg.Connection) -> dict[str, Version]:
        """The running version of each plan."""
        found: dict[str, Version] = {}
        broken: dict[str, str] = {}
        for row in await connection.fetch(_RUNNING):
            plan = await self._plan(connection, row["plan"], row["version"])
            if isinstance(plan, Plan):
                found[row["plan"]] = Version(plan, *(row[name] for name in Version._fields[1:]))
            else:
                broken[row["plan"]] = plan
        self.broken = broken
        return found

    async def _plan(self, connection: asyncpg.Connection, name: str, version: int) -> Plan | str:
        if (name, version) not in self._parsed:
            self._parsed[name, version] = _parsed(await connection.fetchval(_PARSED, name, version), name, version)
        return self._parsed[name, version]


def _parsed(stored: str, name: str, version: int) -> Plan | str:
    try:
        return msgspec.json.decode(stored, type=Plan)
    except msgspec.DecodeError as error:
        return f"version {version} of plan {name} cannot be read: {error}"


async def adopt(
    connection: asyncpg.Connection, plan: Plan, text: str, source: str, changed: datetime, now: datetime
) -> None:
    """Let the plan, as ``text`` says it, run from now on, as its next version; it was last ``changed`` then."""
    parsed = msgspec.json.encode(plan).decode()
    await connection.execute(_ADOPT, plan.id, digest(text), source, text, parsed, changed, now)


async def resume(connection: asyncpg.Connection, plan: str, text: str) -> bool:
    """Let the latest version of a plan that was withdrawn run again; False when it had another text, or never ran."""
    return await connection.fetchval(_RESUME, plan, digest(text)) is not None


async def withdraw(connection: asyncpg.Connection, plan: str, now: datetime) -> None:
    """Let the plan run no more; its versions stay."""
    await connection.execute("update plans set withdrawn = $2 where plan = $1 and withdrawn is null", plan, now)


async def history(connection: asyncpg.Connection) -> dict[str, dict[str, int]]:
    """By plan: the digest of every text that ever ran, and its latest version."""
    found: dict[str, dict[str, int]] = {}
    for plan, hashed, version in await connection.fetch("select plan, hash, version from plans order by plan, version"):
        found.setdefault(plan, {})[hashed] = version
    return found


async def text(connection: asyncpg.Connection, plan: str, hashed: str) -> tuple[str, str] | None:
    """The text of this digest and the file it came from, if it ever ran."""
    row = await connection.fetchrow(_TEXT, plan, hashed)
    return (row["text"], row["source"]) if row else None
