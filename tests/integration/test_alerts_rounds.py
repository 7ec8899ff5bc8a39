"""What a round of the alerts service costs, and whom a fault reaches, on a real database."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from services.alerts.rounds.judging import PORTION
from tests.integration.alerting import BAD, GOOD, TODAY, group
from tests.integration.alerts_workshop import Workshop, plan, told, workshop, write


@pytest.fixture
async def shop(postgres: str) -> AsyncIterator[Workshop]:
    """One process on a database of the test's own."""
    async with workshop(postgres) as opened:
        yield opened


async def running(shop: Workshop, folder: Path, text: str) -> None:
    """This plan runs, and what it asks for is judged."""
    write(folder, "plan.yaml", text)
    await shop.look(shop.watch(folder))


async def test_a_changed_value_judges_its_own_alert_only(shop: Workshop, tmp_path: Path):
    """Of many alerts one is judged when one value changes, and none when the same value is told again."""
    await running(shop, tmp_path, plan("leavers", "sickness"))
    await shop.hear(told(f"unit-{n}", GOOD) for n in range(30))
    (before,) = (await shop.rows("select max(round) from standings"))[0]
    await shop.hear([group("unit-3", BAD, TODAY, revision=2)])
    judged = "select target, unit, state from standings where round > $1"
    assert await shop.rows(judged, before) == [("leavers", "unit-3", "firing")]
    (before,) = (await shop.rows("select max(round) from standings"))[0]
    await shop.hear([group("unit-3", BAD, TODAY, revision=3)])
    assert await shop.rows(judged, before) == []


async def test_the_months_of_a_value_of_health_are_kept(shop: Workshop, tmp_path: Path):
    """They are stored with the value, shown with the alert, and a value of other months is judged anew."""
    await running(shop, tmp_path, plan("sickness"))
    one = told("unit", BAD)
    for revision, until in ((1, date(2026, 4, 30)), (2, date(2026, 5, 31))):
        measured = replace(one.metrics["sick_rate"], until=until)
        await shop.hear([replace(one, revision=revision, metrics={"sick_rate": measured})])
        assert await shop.rows("select until from observations") == [(until,)]
        assert await shop.rows("select view ->> 'until' from standings") == [(until.isoformat(),)]


async def test_a_new_unit_judges_its_own_alerts_and_no_others(shop: Workshop, tmp_path: Path):
    """A unit that comes, is renamed or gets one below it touches its own alerts and its parent's."""
    await running(shop, tmp_path, plan().replace("targets:", "scope: {units: [unit-0, unit-1]}\ntargets:"))
    await shop.hear([told("unit-0", GOOD), told("unit-1", GOOD)])
    assert set(await shop.states()) == {"leavers unit-0", "leavers unit-1"}
    (before,) = (await shop.rows("select max(round) from standings"))[0]
    await shop.hear([told("below", GOOD, parent="unit-0")])
    assert set(await shop.states()) == {"leavers below", "leavers unit-1"}
    judged = await shop.rows("select unit, watched from standings where round > $1 order by unit", before)
    assert judged == [("below", True), ("unit-0", False)]


async def test_a_closed_unit_is_not_judged_on_its_own(shop: Workshop, postgres: str, tmp_path: Path):
    """Its alert ends with it, in every process; its successor is judged, and so is the unit once it is open again."""
    await running(shop, tmp_path, plan("leavers"))
    await shop.hear([told("old", BAD), told("new", GOOD)])
    assert await shop.states() == {"leavers old": "firing", "leavers new": "ok"}
    async with workshop(postgres) as other:
        await shop.hear([replace(told("old", BAD, 2, parent="new"), closed=True)])
        assert await shop.states() == {"leavers new": "ok"}
        await other.hear([told("new", BAD, 3)])
        assert await other.states() == {"leavers new": "firing"}
        await other.hear([replace(told("old", BAD + 0.1, 4, parent="new"), closed=True)])
        assert await other.states() == {"leavers new": "firing"}
    await shop.hear([told("old", BAD, 5)])
    assert await shop.states() == {"leavers old": "firing", "leavers new": "firing"}


async def test_a_plan_for_many_units_is_adopted_in_short_steps(shop: Workshop, postgres: str, tmp_path: Path):
    """Each transaction judges a portion; a process that dies between two leaves the rest to another one."""
    units = PORTION
    await shop.hear(told(f"unit-{n}", BAD) for n in range(units))
    write(tmp_path, "plan.yaml", plan("leavers", "sickness", "turnover"))
    await shop.watch(tmp_path).look()
    steps = [await shop.judging.some()]
    async with workshop(postgres) as other:
        while judged := await other.judging.some():
            steps.append(judged)
        assert (sum(steps), max(steps) <= PORTION, len(steps) > 2) == (3 * units, True, True)
        assert set((await other.states()).values()) == {"firing"}
    told_once = await shop.rows("select count(*), count(distinct (target, unit)) from transitions")
    assert told_once == [(3 * units, 3 * units)]
    assert await shop.rows("select count(*) from outbox") == [(3 * units,)]


async def test_a_round_that_fails_takes_nothing_from_the_next(shop: Workshop, tmp_path: Path):
    """A round begun while another of the process is being rolled back knows every unit that is on record."""
    await running(shop, tmp_path, plan())
    await shop.hear([told("unit-0", GOOD)])

    async def fails(begun: asyncio.Event) -> None:
        async with shop.rounds.round() as now:
            begun.set()
            for _ in range(20):
                await now.connection.execute("select 1")
            raise LookupError("a message that is refused")

    for revision in range(2, 32):
        begun = asyncio.Event()
        failing = asyncio.create_task(fails(begun))
        await begun.wait()
        assert await shop.judging.some() == 0
        with pytest.raises(LookupError, match="refused"):
            await failing
        await shop.rounds.observe([told("unit-0", GOOD if revision % 2 else BAD, revision=revision)], [])
        assert await shop.judging.some() == 1


async def test_values_need_not_wait_for_a_plan(shop: Workshop, tmp_path: Path):
    """While thousands of alerts of a new plan wait, a value that changes is judged with the next portion."""
    await running(shop, tmp_path, plan())
    await shop.hear(told(f"unit-{n}", GOOD) for n in range(2 * PORTION))
    write(tmp_path, "plan.yaml", plan("leavers", "sickness", "turnover"))
    await shop.watch(tmp_path).look()
    await shop.rounds.observe([told("unit-499", BAD, revision=2)], [])
    await shop.judging.some()
    fired = await shop.rows("select unit from standings where state = 'firing' group by unit")
    assert fired == [("unit-499",)]
    assert await shop.rows("select count(*) > 1000 from due") == [(True,)]


@pytest.mark.parametrize(
    "damage",
    [
        "update standings set memory = '{}' where unit = 'unit-1'",
        "update standings set memory = '[1]', view = '3' where unit = 'unit-1'",
        "update episodes set raised_with = '{\"status\": 1}' where unit = 'unit-1'",
        "update observations set status = 'splendid', value = null where unit = 'unit-1'",
    ],
)
async def test_an_alert_that_cannot_be_judged_stops_no_other(shop: Workshop, tmp_path: Path, damage: str):
    """Whatever is wrong with the records of one alert, the others are judged, and it is told."""
    await running(shop, tmp_path, plan("leavers"))
    await shop.hear([told(f"unit-{n}", BAD) for n in range(3)])
    await shop.pool.execute(damage)
    await shop.hear([told(f"unit-{n}", GOOD, revision=2) for n in (0, 2)])
    await shop.rounds.observe([], [])
    await shop.pool.execute("insert into due select plan, target, unit, false, now() from standings")
    await shop.judge()
    states = await shop.states()
    assert (states["leavers unit-0"], states["leavers unit-2"]) == ("ok", "ok")


async def test_a_metric_that_a_release_renamed_stops_no_other(shop: Workshop, postgres: str, tmp_path: Path):
    """Its alerts are told of as not judged, with the reason, and are judged again once they can be."""
    await running(shop, tmp_path, plan("leavers", "sickness"))
    await shop.hear([told(f"unit-{n}", GOOD) for n in range(3)])
    renamed = "update plans set parsed = replace(parsed::text, $1, $2)::jsonb"
    await shop.pool.execute(renamed, "sick_rate", "sickness_rate")
    async with workshop(postgres) as release:
        await release.rounds.mark_unjudged()
        await release.hear([told(f"unit-{n}", BAD, revision=2) for n in range(3)])
        states = await release.states()
        assert [states[f"leavers unit-{n}"] for n in range(3)] == ["firing"] * 3
        found = await release.rows("select distinct target, error from unjudged")
        assert found == [("sickness", 'LookupError: metric "sickness_rate" is not in the catalogue')]
        await release.display.refresh()
        assert release.telemetry.registry.get_sample_value("stadga_alerts_unjudged") == 3
    await shop.rounds.mark_unjudged()
    await shop.judge()
    assert await shop.rows("select count(*) from unjudged") == [(0,)]


async def test_a_plan_that_cannot_be_read_stops_no_other_and_ends_nothing(
    shop: Workshop, postgres: str, tmp_path: Path
):
    """A stored version that a release does not understand keeps its alerts as they stand."""
    await running(shop, tmp_path, plan())
    write(tmp_path, "other.yaml", plan("sickness", name="other"))
    await shop.look(shop.watch(tmp_path))
    await shop.hear([told("unit", BAD)])
    await shop.pool.execute("update plans set parsed = '{}' where plan = 'plan'")
    async with workshop(postgres) as release:
        await release.pool.execute("insert into due select plan, target, unit, false, now() from standings")
        await release.hear([told("unit", GOOD, revision=2)])
        assert await release.states() == {"leavers unit": "firing", "sickness unit": "ok"}
        assert [row[0] for row in await release.rows("select plan from unjudged")] == ["plan"]


async def test_of_two_values_of_one_publication_the_later_is_kept_and_it_is_told(shop: Workshop, tmp_path: Path):
    """Two batches published under one number: the second is the truth, and that there were two is a fault."""
    await running(shop, tmp_path, plan())
    await shop.hear([group("unit", GOOD, TODAY, revision=2)])
    await shop.hear([group("unit", BAD, TODAY, revision=2)])
    assert await shop.states() == {"leavers unit": "firing"}
    count = shop.telemetry.registry.get_sample_value
    assert count("stadga_alerts_contradictions_total") == 1
    await shop.hear([group("unit", BAD, TODAY, revision=2)])
    assert count("stadga_alerts_contradictions_total") == 1


async def test_a_forged_publication_that_was_once_believed_heals(shop: Workshop, tmp_path: Path):
    """Values kept under a number out of reach give way to true ones."""
    await running(shop, tmp_path, plan())
    await shop.hear([group("unit", BAD, TODAY, revision=1 << 62)])
    assert await shop.states() == {"leavers unit": "firing"}
    await shop.hear([group("unit", GOOD, TODAY, revision=7)])
    assert await shop.states() == {"leavers unit": "ok"}


async def test_one_process_of_two_shows_the_alerts(shop: Workshop, postgres: str, tmp_path: Path):
    """What the other one judged is shown by the one that shows; one that stands by shows none."""
    await running(shop, tmp_path, plan())
    async with workshop(postgres) as other:
        await other.hear([told("unit", BAD)])
        await shop.display.refresh()
        await other.hear([told("unit", GOOD, revision=2), told("unit-2", BAD)])
        await shop.display.refresh()
        lines = b"".join(shop.exposition.scraped()).decode().splitlines()
        shown = [line.rsplit(" ", 1)[1] for line in lines if line.startswith("stadga_alert_state{")]
        assert shown == ["0", "3"]
        assert b"stadga_alert_state{" not in b"".join(other.exposition.scraped())
    shop.display.stand_by()
    assert b"stadga_alert_state{" not in b"".join(shop.exposition.scraped())
