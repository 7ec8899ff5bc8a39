"""The access log: what is in it, who reads it, and that nobody looks unseen."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import asyncpg
import httpx
import pytest
from litestar import get
from litestar.exceptions import PermissionDeniedException
from litestar.params import FromPath
from prometheus_client import CollectorRegistry

from shared.access.needs import NEED, READ_METRICS
from shared.access.rights import Caller
from shared.kit.access import journal as log
from shared.kit.access import journal_routes
from shared.kit.access.guard import AnyRequest, Guard
from shared.kit.access.journal import Journal
from shared.kit.clock import Clock
from shared.kit.database import pool
from shared.kit.health import Health
from shared.kit.server import application
from tests.polling import until

CLOCK = Clock(ZoneInfo("UTC"))


class ByHeader:
    """In the place of sessions: whoever a header names."""

    leads_to = ""

    async def caller(self, request: AnyRequest) -> Caller | None:
        """With the one role that another header gives; nobody without."""
        if "who" not in request.headers:
            return None
        rights = {request.headers.get("role", "reader"): frozenset({"*"})}
        return Caller(request.headers["who"].title(), request.headers["who"], rights, "session")

    def csrf(self, _request: AnyRequest) -> str:
        """Forms carry nothing."""
        return ""

    def way_in(self, _request: AnyRequest) -> None:
        """Nowhere."""


@get("/v1/units/{unit:str}", opt={NEED: READ_METRICS})
async def look(unit: FromPath[str]) -> dict[str, str]:
    """Something to look at; one unit is refused."""
    if unit == "other":
        raise PermissionDeniedException
    return {}


class Noted(NamedTuple):
    """A service with a journal, and its database."""

    http: httpx.AsyncClient
    journal: Journal
    pool: asyncpg.Pool

    async def rows(self) -> list[tuple[object, ...]]:
        """Who, which unit, which metric, and the status of each entry, in order."""
        found = await self.pool.fetch("select who, unit, metric, status from access_log order by at")
        return [tuple(row) for row in found]


@pytest.fixture(params=["metrics", "alerts"])
async def noted(postgres: str, request: pytest.FixtureRequest) -> AsyncIterator[Noted]:
    """In either schema; nothing is written before the test says so."""
    async with pool(postgres, request.param) as opened:
        guard = Guard(signed_in=ByHeader())
        guard.journal = Journal(CLOCK, 400)
        app = application(
            "Looks",
            [look, journal_routes.route(lambda: opened)],
            Health(CLOCK),
            CollectorRegistry(),
            lambda: [b"all of it"],
            guard=guard,
        )
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
            yield Noted(http, guard.journal, opened)


@asynccontextmanager
async def written(noted: Noted) -> AsyncIterator[None]:
    """While the journal is kept; stopped as a service is."""
    task = asyncio.create_task(noted.journal.keep(noted.pool))
    await asyncio.sleep(0)  # lets it begin
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_answers_and_refusals_are_in_it_and_strangers_are_not(noted: Noted):
    """With the unit and the metric that were named; a normal stop writes what waits."""
    async with written(noted):
        await noted.http.get("/v1/units/a?metrics=headcount,fte", headers={"who": "anna"})
        await noted.http.get("/v1/units/other?metric=fte", headers={"who": "anna"})
        await noted.http.get("/v1/units/a", headers={"who": "eve", "role": "admin"})
        await noted.http.get("/metrics", headers={"who": "prometheus", "role": "admin"})
        await noted.http.get("/v1/units/a")
        await noted.http.get("/healthz")
    assert await noted.rows() == [
        ("anna", "a", "headcount,fte", 200),
        ("anna", "other", "fte", 403),
        ("eve", "a", None, 403),
    ]


async def test_auditors_alone_read_it_a_page_at_a_time(noted: Noted):
    """And are in it themselves."""
    auditor = {"who": "olle", "role": "auditor"}
    async with written(noted):
        for n in range(7):
            await noted.http.get(f"/v1/units/u{n}", headers={"who": "anna"})
        await until(lambda: _written(noted, 7), "all is written")
        assert (await noted.http.get("/v1/access-log", headers={"who": "anna"})).status_code == 403
        first = (await noted.http.get("/v1/access-log?most=5&who=anna", headers=auditor)).json()
        asked = {"most": "5", "who": "anna", "after": first["next"]}
        second = (await noted.http.get("/v1/access-log", params=asked, headers=auditor)).json()
        units = [one["unit"] for one in first["entries"] + second["entries"] if one["status"] == 200]
        assert units == [f"u{n}" for n in reversed(range(7))]
        assert second["next"] is None
        one = (await noted.http.get("/v1/access-log?unit=u3", headers=auditor)).json()["entries"]
        assert [(e["name"], e["through"], e["route"]) for e in one] == [("Anna", "session", "/v1/units/{unit}")]
        later = {"from": (datetime.now(UTC) + timedelta(hours=1)).isoformat()}
        assert (await noted.http.get("/v1/access-log", params=later, headers=auditor)).json()["entries"] == []
        for wrong in (
            "from=x",
            "after=x",
            "after=2026-01-01|x",
            "most=0",
            "format=pdf",
            "who=%00",
            "who=%00&format=csv",
        ):
            assert (await noted.http.get(f"/v1/access-log?{wrong}", headers=auditor)).status_code == 400
    assert ("olle", None, None, 200) in await noted.rows()


async def _may_look(noted: Noted) -> bool:
    """Whether a look is answered."""
    return (await noted.http.get("/v1/units/a", headers={"who": "anna"})).is_success


async def _written(noted: Noted, many: int) -> bool:
    return len(await noted.rows()) >= many


async def test_all_of_it_is_a_file(noted: Noted, monkeypatch: pytest.MonkeyPatch):
    """Page by page; no cell is a formula, whatever somebody asked for."""
    monkeypatch.setattr(journal_routes, "OF_A_FILE", 2)
    async with written(noted):
        for unit in ("a", "=cmd|' /C calc'!A0", "b,c", 'd"e', "å"):
            await noted.http.get("/v1/units/x", params={"metric": unit}, headers={"who": "anna"})
        await until(lambda: _written(noted, 5), "all is written")
        answer = await noted.http.get("/v1/access-log?format=csv", headers={"who": "olle", "role": "auditor"})
    assert answer.headers["content-type"].startswith("text/csv")
    head, *rows = csv.reader(io.StringIO(answer.text))
    assert head[:3] == ["id", "at", "who"]
    assert [row[head.index("metric")] for row in rows] == ["å", 'd"e', "b,c", "'=cmd|' /C calc'!A0", "a"]


async def test_what_no_table_holds_does_not_stop_the_log(noted: Noted):
    """NUL, halves of characters, and more than anybody reads."""
    async with written(noted):
        for query in ("metric=%00", "metric=%ED%A0%80", "metric=" + "x" * 50_000, "metric=%FF"):
            await noted.http.get(f"/v1/units/a?{query}", headers={"who": "anna"})
    assert len(await noted.rows()) == 4


async def test_nobody_looks_while_it_cannot_be_written(noted: Noted, monkeypatch: pytest.MonkeyPatch):
    """An answer waits for no database; but beyond so many entries nothing is answered. Nothing of them is lost."""
    monkeypatch.setattr(log, "WAITING", 3)
    statuses = [(await noted.http.get("/v1/units/a", headers={"who": "anna"})).status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 503, 503]
    assert (await noted.http.get("/healthz")).status_code == 200
    async with written(noted):
        await until(lambda: _written(noted, 3), "what waited is written")
        await until(lambda: _may_look(noted), "anybody may look again")
    assert len(await noted.rows()) == 4


async def test_an_outage_loses_and_repeats_nothing(noted: Noted):
    """What waits is written once, by whichever attempt."""
    await noted.http.get("/v1/units/a", headers={"who": "anna"})
    await noted.pool.execute("alter table access_log rename to gone")
    with pytest.raises(asyncpg.UndefinedTableError):
        await noted.journal.keep(noted.pool)
    await noted.pool.execute("alter table gone rename to access_log")
    async with written(noted):
        await until(lambda: _written(noted, 1), "it is written")
    assert len(await noted.rows()) == 1


async def test_rows_are_added_and_forgotten_and_never_changed(noted: Noted):
    """Not by whoever has the service's own login; what is older than it is kept goes."""
    async with written(noted):
        await noted.http.get("/v1/units/a", headers={"who": "anna"})
    for statement in ("update access_log set who = 'olle'", "delete from access_log", "truncate access_log"):
        with pytest.raises(asyncpg.RaiseError, match="added to, and nothing else"):
            await noted.pool.execute(statement)
    old = datetime.now(UTC) - timedelta(days=401)
    await noted.pool.execute(
        "insert into access_log select gen_random_uuid(), $1, who, name, through, method, route, unit, metric, status"
        " from access_log",
        old,
    )
    async with written(noted):
        await until(lambda: _only_one(noted), "the old one is forgotten")


async def _only_one(noted: Noted) -> bool:
    return len(await noted.rows()) == 1
