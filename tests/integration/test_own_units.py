"""Whoever is bound to some units gets nothing of others but values: refused by name, left out of lists."""

import re
from pathlib import Path

import httpx
import pytest

from services.alerts.board.sv import SV
from services.alerts.domain.source.telling import SourceTold
from services.alerts.repository import sources
from shared.access.rights import Caller
from shared.contracts.sources import KindReported, SourceContact, SourceReported
from shared.kit.access.guard import AnyRequest, Guard
from tests import builders as make
from tests.integration.alerting import BAD, TODAY
from tests.integration.alerts_workshop import plan, told, workshop, write
from tests.integration.asking import asking
from tests.integration.test_alerts_hostile import client
from tests.integration.test_metrics_anomalies import LOG, take_in


class ByHeader:
    """In the place of sessions: a reader of the units that a header names, and what another names everywhere."""

    leads_to = ""

    async def caller(self, request: AnyRequest) -> Caller:
        """Whoever comes."""
        units = frozenset(request.headers["units"].split(","))
        also = {role: frozenset({"*"}) for role in request.headers.get("also", "").split()}
        return Caller("Anna", "anna", {"reader": units, "handler": units} | also, "session")

    def csrf(self, _request: AnyRequest) -> str:
        """Forms carry nothing."""
        return ""

    def way_in(self, _request: AnyRequest) -> None:
        """Everybody is signed in."""


GUARD = Guard(signed_in=ByHeader())


@pytest.mark.parametrize(
    "path",
    [
        "/v1/revisions?metric=headcount",
        "/v1/as-known?metric=headcount",
        "/v1/anomalies?",
        "/v1/reports/sickness?year=2023",
    ],
)
async def test_metrics_of_other_units_are_refused(postgres: str, path: str):
    """The own subtree is answered; another unit, all of them, and one that nobody knows are not."""
    async with asking(postgres, LOG, guard=GUARD) as found:

        async def refused(unit: str, units: str = "d") -> bool:
            answer = await found.client.get(f"{path}&unit={unit}", headers={"units": units})
            return answer.status_code == httpx.codes.FORBIDDEN

        assert [await refused(unit) for unit in ("d", "u1", "u2", "*", "nowhere")] == [False, False, True, True, True]
        assert [await refused(unit, "*") for unit in ("u2", "*")] == [False, False]


async def test_where_other_units_lie_is_left_out(postgres: str):
    """Of the own subtree it is told, and that there is a whole."""
    async with asking(postgres, LOG, guard=GUARD) as found:
        for units, seen in (("u1", {"*", "u1"}), ("d", {"*", "d", "u1"})):
            answer = await found.client.get("/v1/units", headers={"units": units})
            assert {one["unit"] for one in answer.json()["units"]} == seen


async def test_values_of_other_units_are_told(postgres: str):
    """Disclosure control has passed them for everybody."""
    async with asking(postgres, LOG, guard=GUARD) as found:
        for path in ("/v1/metrics", "/v1/series"):
            answer = await found.client.get(path, params={"unit": "u2"}, headers={"units": "d"})
            assert answer.status_code == httpx.codes.OK
            assert answer.json()["groups"][0]["unit"] == "u2"


async def test_samples_name_own_units_alone(postgres: str):
    """Somebody who worked in two units is found by either head, who is not told of the other."""
    async with asking(postgres, guard=GUARD) as found:
        moved = make.employment_changed("p1", "2024-02-01", unit="u2", employment="a", id="moved")
        await take_in(found.pool, [*LOG, moved])
        for unit in ("u1", "u2"):
            answer = await found.client.get("/v1/anomalies", params={"unit": unit}, headers={"units": unit})
            assert answer.json()["kinds"] == []
            named = {one["subject"]: one["units"] for one in answer.json()["samples"]}
            assert named["person/p1"] == [unit]


async def test_alerts_of_other_units_are_refused_or_left_out(postgres: str, tmp_path: Path):
    """With their steps, by name and in the list; a handler of one subtree is no reader of another."""
    async with workshop(postgres) as shop:
        write(tmp_path, "plan.yaml", plan())
        watch = shop.watch(tmp_path)
        await shop.look(watch)
        await shop.hear([told("unit", BAD), told("other", BAD)])
        async with client(shop, watch.adopt, GUARD) as asked:

            async def seen(units: str, **question: str) -> tuple[int, set[str]]:
                answer = await asked.get("/v1/alerts", params={"history": "true"} | question, headers={"units": units})
                found = answer.json()
                return answer.status_code, {
                    one["unit"] for some in ("alerts", "transitions") for one in found.get(some) or ()
                }

            assert await seen("*") == (200, {"unit", "other"})
            assert await seen("unit") == (200, {"unit"})
            assert await seen("other") == (200, {"other"})
            assert await seen("nowhere") == (200, set())
            assert (await seen("unit", unit="other"))[0] == httpx.codes.FORBIDDEN
            assert (await seen("unit", unit="nowhere"))[0] == httpx.codes.FORBIDDEN
            assert (await seen("unit", unit="*"))[0] == httpx.codes.FORBIDDEN
            assert (await seen("unit", unit="unit")) == (200, {"unit"})


async def test_pages_and_orders_about_other_units_are_refused(postgres: str, tmp_path: Path):
    """Nothing is done about an alert of somebody else's, and no page shows it; nor does the table of promises."""
    async with workshop(postgres) as shop:
        write(tmp_path, "plan.yaml", plan())
        watch = shop.watch(tmp_path)
        await shop.look(watch)
        await shop.hear([told("unit", BAD), told("other", BAD)])
        [(target,)] = await shop.rows("select distinct target from standings")
        async with client(shop, watch.adopt, GUARD) as asked:
            mine, key = {"units": "unit"}, {"idempotency-key": "one"}
            for unit, status in (("unit", 200), ("other", 403), ("nowhere", 403)):
                alert = f"alerts/plan/{target}/{unit}"
                assert (await asked.get(f"/v1/{alert}", headers=mine)).status_code == status
                shown = (await asked.get(f"/board/{alert}", headers=mine)).status_code
                assert shown == (404 if unit == "nowhere" else status)
                done = await asked.post(f"/v1/{alert}/comment", json={"note": "seen"}, headers=mine | key)
                assert done.status_code == status, done.text
            assert (await asked.get("/board/units/other", headers=mine)).status_code == 403
            assert await shop.rows("select unit, by from handlings") == [("unit", "Anna")]
            for page in ("/board/promises", "/board"):
                shown = (await asked.get(page, headers=mine)).text
                assert f"/board/alerts/plan/{target}/unit" in shown
                assert f"/board/alerts/plan/{target}/other" not in shown
            assert "/other" in (await asked.get("/board/promises", headers={"units": "*"})).text


REPORT = SourceReported(
    source="hr-system",
    today=TODAY,
    contact=SourceContact("Personalsystemet", "hr@kommun.example", "sv"),
    kinds=(KindReported(kind="employments", cadence="daily", late=True),),
    unknown_units=("hemlig-enhet",),
)
ASIDE = """
insert into dead_letters (topic, partition, "offset", reason, error) values ('hr.events', 0, 1, 'not_json', 'no')
returning topic
"""


@pytest.mark.parametrize(
    ("asks", "whole"),
    [
        ({"units": "unit"}, False),
        ({"units": "unit", "also": "auditor"}, True),
        ({"units": "unit", "also": "admin"}, True),
        ({"units": "*"}, True),
    ],
)
async def test_how_sources_stand_is_told_everybody_and_what_they_failed_in_not(
    postgres: str, tmp_path: Path, asks: dict[str, str], whole: bool
):
    """Counts over all units and the names of unknown ones are for who sees all, audits or operates."""
    async with workshop(postgres) as shop:
        write(tmp_path, "plan.yaml", plan())
        watch = shop.watch(tmp_path)
        await shop.look(watch)
        await shop.hear([told("unit", BAD), told("other", BAD)])
        await shop.rows(ASIDE)
        async with shop.pool.acquire() as connection:
            await sources.save(connection, [REPORT], [SourceTold(dropped={})])
        async with client(shop, watch.adopt, GUARD) as asked:
            answer = await asked.get("/board/data", headers=asks | {"accept-language": "sv"})
    assert answer.status_code == httpx.codes.OK
    assert "hr-system" in answer.text
    assert SV.is_late in answer.text
    assert [text in answer.text for text in ("hemlig-enhet", SV.refused, SV.put_aside["not_json"], SV.mails)] == [
        whole
    ] * 4
    assert (SV.not_whole in answer.text) is not whole


async def test_the_start_page_leads_to_own_units(postgres: str, tmp_path: Path):
    """And nowhere where the visitor is refused; whoever may see all is led to all."""
    async with workshop(postgres) as shop:
        write(tmp_path, "plan.yaml", plan())
        watch = shop.watch(tmp_path)
        await shop.look(watch)
        await shop.hear([told("unit", BAD), told("other", BAD)])
        async with client(shop, watch.adopt, GUARD) as asked:

            async def led_to(units: str) -> list[str]:
                page = await asked.get("/board/?find=t", headers={"units": units})
                found = re.findall(r'href="(/board/units/[^"]+)"', page.text)
                assert found or units == "nowhere"
                assert {(await asked.get(path, headers={"units": units})).status_code for path in found} <= {200}
                return found

            assert set(await led_to("unit")) == {"/board/units/unit"}
            assert {"/board/units/*", "/board/units/other"} <= set(await led_to("*"))
            assert await led_to("nowhere") == []
            other = (await asked.get("/board/metrics/headcount?unit=other", headers={"units": "unit"})).text
            assert 'href="/board/units/other"' not in other
