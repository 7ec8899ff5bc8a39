"""The alerts API asked and ordered by someone who means harm: answered, never with a 500."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.alerts.api import handling, orders, stories
from services.alerts.api import views as api
from services.alerts.board import routes as board_routes
from services.alerts.board.board import Board
from services.alerts.metrics_service import MetricsService
from shared.contracts.dead_letters import Place, Retried
from shared.kit import dead_letter_routes, dead_letters
from shared.kit.access.guard import Guard
from shared.kit.server import application, process_metrics
from tests.integration.alerting import BAD
from tests.integration.alerts_workshop import Workshop, plan, told, workshop, write

NASTY = ["%00", "%ED%A0%80", "%FF", "..%2F..", "'; drop table alerts.plans;--", "*", "", "%", "x" * 5_000, "%E2%80%AE"]
WORD = st.one_of(st.sampled_from(NASTY), st.text(max_size=20).map(lambda text: httpx.QueryParams(q=text)["q"]))


@pytest.fixture
async def asked(postgres: str, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The routes over a database in which an alert fires."""
    async with workshop(postgres) as shop:
        write(tmp_path, "plan.yaml", plan())
        watch = shop.watch(tmp_path)
        await shop.look(watch)
        await shop.hear([told("unit", BAD)])
        yield client(shop, watch.adopt)


def client(shop: Workshop, adopt: orders.Adopt, guard: Guard | None = None) -> httpx.AsyncClient:
    """Without a server between."""

    async def again(pool: asyncpg.Pool, place: Place) -> Retried:
        async with pool.acquire() as connection, connection.transaction():
            return Retried(place, "failed" if await dead_letters.kept(connection, place) else "gone")

    handlers = [
        *api.routes(lambda: shop.pool, list, shop.clock),
        *stories.routes(lambda: shop.pool, shop.clock),
        *handling.routes(lambda: shop.pool, shop.clock),
        board_routes.router(
            Board(lambda: shop.pool, MetricsService("http://127.0.0.1:1"), shop.clock, "f@example.se", lambda: b"key")
        ),
        *orders.routes(lambda: shop.pool, adopt, shop.clock),
        *dead_letter_routes.routes(dead_letter_routes.Desk(lambda: shop.pool, again)),
    ]
    exposition = process_metrics(shop.telemetry.registry)
    app = application("Alerts", handlers, shop.health, shop.telemetry.registry, exposition, guard=guard)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://alerts")


async def test_names_that_nothing_can_have_are_refused(asked: httpx.AsyncClient):
    """NUL in a plan or a unit is the asker's fault, and said to be."""
    for query in ("plan=%00", "unit=%00", "plan=a%00b&history=true"):
        answer = await asked.get(f"/v1/alerts?{query}")
        assert (answer.status_code, answer.json()["detail"]) == (
            400,
            "a parameter holds characters that no name can have",
        )
    assert (await asked.get("/v1/alerts?plan=plan")).json()["alerts"][0]["unit"] == "unit"


HERE, NUL = '{"topic": "t", "partition": 1, "offset": 1}', '{"topic": "\\u0000", "partition": 1, "offset": 1}'
ORDERS = [
    ("POST", "/v1/dead-letters", f'{{"place": {HERE}, "why": "\\u0000"}}'),
    ("POST", "/v1/dead-letters", f'{{"place": {NUL}, "why": "x"}}'),
    ("GET", "/v1/dead-letters?after=%00/1/1", ""),
    ("GET", "/v1/dead-letters/%00/1/1", ""),
    *(
        ("POST", path, "[" * deep)
        for path in ("/v1/dead-letters/retry", "/v1/dead-letters", "/v1/plans/y/adopt", "/v1/mails/retry")
        for deep in (3_000, 5_000)
    ),
]


@pytest.mark.parametrize(("method", "path", "body"), ORDERS)
async def test_an_order_that_cannot_be_held_is_refused(asked: httpx.AsyncClient, method: str, path: str, body: str):
    """NUL in a text and a body without bottom are the asker's fault."""
    assert (await asked.request(method, _path(path), content=body)).status_code == 400


async def test_a_letter_of_a_topic_that_nothing_can_have_is_refused(asked: httpx.AsyncClient):
    """Among those to retry, it takes none of the others along."""
    answer = await asked.post("/v1/dead-letters/retry", content=f'{{"places": [{NUL}, {HERE}]}}')
    assert [one["became"] for one in answer.json()] == ["refused", "gone"]


async def test_no_question_or_order_is_answered_with_500(asked: httpx.AsyncClient):
    """Whatever stands in paths, queries and bodies of every route, the answer is one of the expected ones."""
    loop = asyncio.get_running_loop()

    def requests(first: str, second: str, body: object) -> list[httpx.Request]:
        raw = [f"/v1/alerts?plan={first}&unit={second}&state={first}", f"/v1/alerts?{first}={second}&history={first}"]
        raw += [f"/v1/mails?state={first}&most={second}", f"/v1/plans?{first}", f"/v1/mails?state=failed&most={first}"]
        gets = [asked.build_request("GET", _path(path)) for path in raw]
        orders = (f"/v1/plans/{first}/adopt", "/v1/plans/plan/adopt", "/v1/mails/retry")
        return [*gets, *(asked.build_request("POST", _path(path), json=body) for path in orders)]

    async def answers(sent: list[httpx.Request]) -> set[int]:
        return {(await asked.send(request)).status_code for request in sent}

    bodies = st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.just("\0"), st.just("a" * 64)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["sha256", "ids", "x"]), inner, max_size=3)
        ),
        max_leaves=5,
    )

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(WORD, WORD, bodies)
    def ask(first: str, second: str, body: object) -> None:
        found = asyncio.run_coroutine_threadsafe(answers(requests(first, second, body)), loop).result(60)
        assert found <= {200, 400, 404, 405}, (first, second, body)

    await asyncio.to_thread(ask)


def _path(raw: str) -> httpx.URL:
    """As a client sends it that checks nothing."""
    encoded = "".join(c if 32 < ord(c) < 127 and c not in '#\\^`{|}<>"' else "%3F" for c in raw)
    return httpx.URL("http://alerts").copy_with(raw_path=encoded.encode())
