"""What people do about alerts, over HTTP: orders are carried out once, and no look changes anything."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.alerts.api import handling, stories, views
from shared.kit.server import application, process_metrics
from tests.integration.alerting import BAD, TODAY
from tests.integration.alerts_workshop import Workshop, plan, told, workshop, write

ALERT = "/v1/alerts/plan/leavers/unit"
LOOKS = ("/v1/alerts", "/v1/alerts?history=true", "/v1/alerts?state=firing", "/v1/plans", ALERT)
ORDERS: dict[str, dict[str, Any]] = {
    "acknowledge": {"until": "2026-07-10", "note": "vi tar det"},
    "assign": {"to": "hr"},
    "comment": {"note": "ny chef i augusti"},
    "snooze": {"until": "2026-07-20", "note": "semester"},
    "unsnooze": {},
    "unacknowledge": {},
}


@pytest.fixture
async def shop(postgres: str, tmp_path: Path) -> AsyncIterator[Workshop]:
    """An alert that fires and was told of."""
    async with workshop(postgres) as opened:
        write(tmp_path, "plan.yaml", plan())
        await opened.look(opened.watch(tmp_path))
        await opened.hear([told("unit", BAD)])
        yield opened


@pytest.fixture
async def http(shop: Workshop) -> AsyncIterator[httpx.AsyncClient]:
    """The routes, without a server between."""
    handlers = [
        *views.routes(lambda: shop.pool, list, shop.clock),
        *stories.routes(lambda: shop.pool, shop.clock),
        *handling.routes(lambda: shop.pool, shop.clock),
    ]
    exposition = process_metrics(shop.telemetry.registry)
    app = application("Alerts", handlers, shop.health, shop.telemetry.registry, exposition)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://alerts") as client:
        yield client


async def everything(shop: Workshop) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of the service."""
    tables = await shop.rows("select table_name from information_schema.tables where table_schema = 'alerts'")
    return {name: await shop.rows(f"select t::text from alerts.{name} t order by 1") for (name,) in tables}  # noqa: S608


def key(name: str) -> dict[str, str]:
    """The header that an order is known by."""
    return {"Idempotency-Key": name}


async def test_a_hundred_looks_change_nothing(shop: Workshop, http: httpx.AsyncClient):
    """As scanners of mails do: every page there is, and every order fetched instead of posted."""
    before = await everything(shop)
    for _ in range(100):
        for path in LOOKS:
            assert (await http.get(path)).status_code == 200
            assert (await http.head(path)).status_code in {200, 405}
    for order in ORDERS:
        assert (await http.get(f"{ALERT}/{order}")).status_code == 405
    assert await everything(shop) == before


async def test_orders_posted_again_are_one_row_each(shop: Workshop, http: httpx.AsyncClient):
    """Each answers what holds then, and is a step for workforce.alerts."""
    for name, body in ORDERS.items():
        answers = [await http.post(f"{ALERT}/{name}", json=body, headers=key(name)) for _ in range(20)]
        assert {answer.status_code for answer in answers} == {200}, answers[0].text
        if name == "snooze":
            now = answers[0].json()
            assert (now["acknowledged"]["by"], now["acknowledged"]["until"]) == ("local", "2026-07-10")
            assert (now["assigned"], now["comments"], now["snoozed"]["note"]) == ("hr", 1, "semester")
            (shown,) = (await http.get("/v1/alerts")).json()["alerts"]
            assert shown["handling"] == now
    rows = await shop.rows("select kind, day, by from handlings order by seq")
    kinds = ("acknowledged", "assigned", "commented", "snoozed", "awakened", "unacknowledged")
    assert rows == [(kind, TODAY, "local") for kind in kinds]
    query = "select body ->> 'kind' from transitions where type = 'workforce.alert.handled.v1' order by seq"
    assert await shop.rows(query) == [(kind,) for kind in kinds]


async def test_orders_at_once_under_one_key_are_one_row(shop: Workshop, http: httpx.AsyncClient):
    """A button pressed twice, a proxy that repeats: all are answered alike."""
    asked = [http.post(f"{ALERT}/acknowledge", json={"note": "jag"}, headers=key("k")) for _ in range(20)]
    answers = await asyncio.gather(*asked)
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert await shop.rows("select count(*) from handlings") == [(1,)]


async def test_the_story_has_all_of_it(http: httpx.AsyncClient):
    """Steps, mails, what was done, values by day; an address is nowhere in it."""
    await http.post(f"{ALERT}/comment", json={"note": "<b>ny</b> chef"}, headers=key("c"))
    answer = await http.get(ALERT)
    story = answer.json()
    assert [step["reason"] for step in story["steps"]] == ["hold_met"]
    (mail,) = story["mails"]
    assert (mail["recipient"], mail["reason"], mail["state"]) == ("hr", "hold_met", "pending")
    assert [(one["kind"], one["note"]) for one in story["handlings"]] == [("commented", "<b>ny</b> chef")]
    assert [(one["on"], one["value"]) for one in story["values"]] == [(TODAY.isoformat(), BAD)]
    assert (story["alert"]["state"], story["alert"]["handling"]) == ("firing", {"comments": 1})
    assert "kommun.example" not in answer.text


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/v1/alerts/plan/leavers/unti/comment", {"note": "?"}, 404),
        ("/v1/alerts/plan/leavers/%00/comment", {"note": "?"}, 400),
        (f"{ALERT}/comment", {"note": "   "}, 400),
        (f"{ALERT}/comment", {"note": "\0"}, 400),
        (f"{ALERT}/comment", {"note": "x" * 1_001}, 400),
        (f"{ALERT}/comment", {"note": "?", "by": "chefen"}, 400),
        (f"{ALERT}/snooze", {"until": TODAY.isoformat(), "note": "?"}, 400),
        (f"{ALERT}/snooze", {"until": "2030-01-01", "note": "?"}, 400),
        (f"{ALERT}/snooze", {"until": "2026-07-20"}, 400),
        (f"{ALERT}/unsnooze", {}, 409),
        (f"{ALERT}/unacknowledge", {}, 409),
    ],
)
async def test_what_cannot_be_done_is_refused(
    shop: Workshop, http: httpx.AsyncClient, path: str, body: dict[str, Any], code: int
):
    """With the reason, and without a row."""
    answer = await http.post(path, json=body, headers=key("k"))
    assert answer.status_code == code, answer.text
    assert await shop.rows("select count(*) from handlings") == [(0,)]


async def test_a_day_that_cannot_be_is_named(http: httpx.AsyncClient):
    """Where it stands in the body."""
    answer = await http.post(f"{ALERT}/snooze", json={"until": "2030-01-01", "note": "?"}, headers=key("k"))
    assert answer.json()["path"] == "$.until"


async def test_a_key_is_needed_and_is_one_order(shop: Workshop, http: httpx.AsyncClient):
    """The same key for another body, another order or another alert is a conflict."""
    await shop.hear([told("other", BAD)])
    assert (await http.post(f"{ALERT}/comment", json={"note": "a"})).status_code == 400
    assert (await http.post(f"{ALERT}/comment", json={"note": "a"}, headers=key("k"))).status_code == 200
    for path, body in (
        (f"{ALERT}/comment", {"note": "b"}),
        (f"{ALERT}/acknowledge", {"note": "a"}),
        ("/v1/alerts/plan/leavers/other/comment", {"note": "a"}),
    ):
        assert (await http.post(path, json=body, headers=key("k"))).status_code == 409
    assert await shop.rows("select count(*) from handlings") == [(1,)]
    assert (await http.post(f"{ALERT}/comment", content=b"note=a", headers=key("l"))).status_code in {400, 415}
