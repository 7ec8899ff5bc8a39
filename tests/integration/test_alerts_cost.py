"""What the alerts service reads: as much as has changed, however many units and alerts there are."""

import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from services.alerts.domain.alert.observation import SeriesKey
from services.alerts.repository import due, kept_days, outbox
from services.alerts.rounds import judging
from services.alerts.rounds.judging import PORTION
from services.alerts.rounds.month_list import MonthList
from services.alerts.rounds.part_watch import PartWatch
from shared.contracts.metrics import RESTATED_DAYS, DayComputed, GroupComputed
from tests.integration.alerting import BAD, GOOD, TODAY, group
from tests.integration.alerts_workshop import Workshop, plan, told, workshop, write
from tests.integration.boarding import Asked, away

UNITS = 300
TARGETS = ("leavers", "sickness", "turnover")
RULED = """\
plan: rules
recipients: {hr: {email: hr@kommun.example}}
targets:
  - {id: rule, metric: leaver_rate, breach: {rule: shift, since: 2025-07-01}, notify: [hr]}
"""


@pytest.fixture
async def shop(postgres: str, tmp_path: Path) -> AsyncIterator[Workshop]:
    """A plan of three targets for many units, in tables that were filled a moment ago."""
    async with workshop(postgres) as opened:
        await opened.hear([told(f"unit-{n}", GOOD, parent=f"unit-{n // 10}" if n > 9 else None) for n in range(UNITS)])
        write(tmp_path, "plan.yaml", plan(*TARGETS))
        await opened.look(opened.watch(tmp_path))
        yield opened


async def read_by(shop: Workshop, work: Callable[[], Awaitable[object]]) -> Counter[str]:
    """Rows of each table that the work read, and tables that it went through from end to end."""
    before = await _read(shop)
    await work()
    return await _read(shop) - before


async def _read(shop: Workshop) -> Counter[str]:
    """One after another, all statements are those of one connection, which tells what it has read when it is asked."""
    await shop.pool.execute("select pg_stat_force_next_flush()")
    found = await shop.rows(
        "select relname, seq_scan, seq_tup_read + coalesce(idx_tup_fetch, 0) from pg_stat_user_tables"
    )
    return Counter({name: rows for name, _, rows in found}) + Counter({f"all of {name}": n for name, n, _ in found})


async def test_a_changed_group_costs_what_it_is_and_not_what_there_is(shop: Workshop):
    """Its values, its alerts and what waits; no table is gone through, not even the one that has just been emptied."""
    read = await read_by(shop, lambda: _as_the_service_does(shop, told("unit-77", BAD, revision=2)))
    assert await shop.rows("select distinct state from standings where unit = 'unit-77'") == [("firing",)]
    assert max(read[name] for name in ("due", "standings", "observations", "units", "groups")) <= 4 * len(TARGETS)
    assert not [name for name in read if name in {"all of due", "all of standings", "all of observations"}]


async def _as_the_service_does(shop: Workshop, one: GroupComputed) -> None:
    """It looks whether anything waits before it judges, and once more."""
    await shop.rounds.observe([one], [])
    while await shop.rounds.waiting():
        await shop.judging.some()


async def test_mails_that_leave_as_one_count_what_is_watched_without_reading_alerts(shop: Workshop):
    """Three alerts at once are one mail, which says how many units are watched: no alert of another unit is read."""
    read = await read_by(shop, lambda: shop.hear([told("unit-77", BAD, revision=2)]))
    ((around,),) = await shop.rows("select around::text from bundles")
    counts = {name: json.loads(around)[name] for name in ("open", "units", "watched")}
    assert counts == {"open": 3, "units": 1, "watched": UNITS}
    assert read["standings"] <= 4 * len(TARGETS)


async def test_a_new_unit_costs_what_it_is(shop: Workshop):
    """Its own alerts are judged, and nothing of the others is read."""
    read = await read_by(shop, lambda: shop.hear([told("new", BAD, parent="unit-3")]))
    assert max(read[name] for name in ("due", "standings", "observations", "units", "groups")) <= 8 * len(TARGETS)


async def test_a_look_that_finds_nothing_new_reads_no_alert(shop: Workshop):
    """What is shown is what was judged since; after that, none."""
    await shop.display.refresh()
    await shop.hear([told("unit-77", BAD, revision=2)])
    assert (await read_by(shop, shop.display.refresh))["standings"] == len(TARGETS)
    assert (await read_by(shop, shop.display.refresh))["standings"] == 0


async def test_a_look_for_months_reads_what_changed(shop: Workshop, tmp_path: Path):
    """All is listed once; then nothing is read while nothing changes, and of a new unit what is its own."""
    write(tmp_path, "rules.yaml", RULED)
    await shop.look(shop.watch(tmp_path))
    listed = MonthList()

    async def look() -> None:
        async with shop.rounds.round() as now:
            await listed.catch_up(now, TODAY)

    await look()
    assert len(listed.due) == UNITS
    await shop.pool.execute(
        "insert into months_asked select unit, '*', 'leaver_rate', '2022-07-01', '2026-05-31', $1 from units", TODAY
    )
    listed = MonthList()
    await look()
    assert listed.due == {}
    assert not (await read_by(shop, look)).keys() & {"units", "months_asked", "months"}
    await shop.hear([told("new", GOOD, parent="unit-3")])
    read = await read_by(shop, look)
    assert list(listed.due) == [SeriesKey("new", "*", "leaver_rate")]
    assert (read["units"], read["months_asked"]) == (1, 0)


async def test_a_unit_that_moved_leaves_no_months_behind(shop: Workshop, tmp_path: Path):
    """One that has units below it is not judged itself: what was asked for it is forgotten, of no other unit."""
    write(tmp_path, "rules.yaml", RULED.replace("targets:", "scope: {units: [unit-299, unit-298]}\ntargets:"))
    await shop.look(shop.watch(tmp_path))
    listed = MonthList()
    async with shop.rounds.round() as now:
        await listed.catch_up(now, TODAY)
    assert {key.unit for key in listed.due} == {"unit-299", "unit-298"}
    asked = "insert into months_asked select unit, '*', 'leaver_rate', '2022-07-01', '2026-05-31', $1 from units"
    await shop.pool.execute(f"{asked} where unit in ('unit-298', 'unit-299')", TODAY)
    await shop.hear([told("unit-5", GOOD, 2, parent="unit-299")])
    async with shop.rounds.round() as now:
        await listed.catch_up(now, TODAY)
    assert await shop.rows("select unit from months_asked") == [("unit-298",)]
    assert {key.unit for key in listed.due} == {"unit-298", "unit-5"}
    await shop.hear([told("unit-5", GOOD, 3)])
    async with shop.rounds.round() as now:
        await listed.catch_up(now, TODAY)
    assert {key.unit for key in listed.due} == {"unit-298", "unit-299"}


PARTED = """\
plan: parts
recipients: {hr: {email: hr@kommun.example}}
targets:
  - {id: parted, metric: leaver_rate_own_request, by: gender, breach: {above: 0.2}, notify: [hr]}
"""
PARTS_KEPT = """
insert into part_values
select unit, '*', 'leaver_rate_own_request', 'f', '*', $1, '{"status": "suppressed", "definition": "d"}' from units
"""


async def test_a_look_for_parts_reads_what_changed(shop: Workshop, tmp_path: Path):
    """All is listed once; then nothing of any unit is read while nothing changes, and of a new one what is its own."""
    write(tmp_path, "parts.yaml", PARTED)
    await shop.look(shop.watch(tmp_path))
    watch = PartWatch(shop.rounds, shop.clock, Asked(away))
    await watch.look()
    await shop.pool.execute(PARTS_KEPT, TODAY)
    read = await read_by(shop, watch.look)
    assert not read.keys() & {"units", "part_values", "standings"}
    assert read["parts_asked"] <= 2 * (RESTATED_DAYS + 1)
    await shop.hear([told("new", GOOD, parent="unit-3")])
    assert (await read_by(shop, watch.look))["units"] == 1
    await shop.hear([replace(told("unit-299", GOOD, 2, parent="unit-29"), closed=True)])
    assert (await read_by(shop, watch.look))["part_values"] <= 2
    left = await shop.rows("select unit from units except select unit from part_values order by unit")
    assert left == [("new",), ("unit-299",)]


async def test_a_target_that_is_gone_takes_its_parts_with_it(shop: Workshop, tmp_path: Path):
    """What is kept of it, and that it was asked for: a target that comes back is asked for anew, the same day, too."""
    write(tmp_path, "parts.yaml", PARTED)
    await shop.look(shop.watch(tmp_path))
    watch = PartWatch(shop.rounds, shop.clock, Asked(away))
    await watch.look()
    assert await shop.rows("select count(*) from parts_asked") == [(RESTATED_DAYS + 1,)]
    await shop.pool.execute(PARTS_KEPT, TODAY)
    write(tmp_path, "parts.yaml", PARTED.replace("by: gender", "by: age"))
    await shop.look(shop.watch(tmp_path))
    await watch.look()
    assert await shop.rows("select count(*) from part_values") == [(0,)]
    assert await shop.rows("select distinct by from parts_asked") == [("age",)]


async def test_what_is_watched_is_counted_as_it_stands(shop: Workshop, tmp_path: Path):
    """Through breaches, their ends, a closed unit, a plan that goes and one that comes back."""
    counted = "select plan, unit, alerts, open from watched_units where alerts > 0 order by plan, unit"
    standing = (
        "select plan, unit, count(*)::int, (count(*) filter (where state in ('firing', 'recovering')))::int"
        " from standings where watched group by plan, unit order by plan, unit"
    )
    write(tmp_path, "other.yaml", plan("sickness", name="other"))
    steps: list[Callable[[], Awaitable[object]]] = [
        lambda: shop.hear([told(f"unit-{n}", BAD, 2) for n in range(50, 90)]),
        lambda: shop.hear([told(f"unit-{n}", GOOD, 3) for n in range(60, 90)]),
        lambda: shop.look(shop.watch(tmp_path)),
        lambda: shop.hear([replace(told("unit-55", BAD, 4), closed=True)]),
        lambda: _withdrawn(shop, tmp_path),
        lambda: shop.look(shop.watch(tmp_path)),
    ]
    for step in steps:
        await step()
        assert await shop.rows(counted) == await shop.rows(standing)
    assert len(await shop.rows(counted)) > UNITS // 2


async def _withdrawn(shop: Workshop, folder: Path) -> None:
    """The second plan runs no more, and its file comes back afterwards."""
    text = (folder / "other.yaml").read_text()
    (folder / "other.yaml").unlink()
    watch = shop.watch(folder)
    while len(await shop.rounds.running()) > 1:
        await watch.look()
    await shop.judge()
    write(folder, "other.yaml", text)


async def test_who_lies_beside_whom_is_told_of_the_units_of_a_mail(shop: Workshop):
    """A unit beside which no other lies is told from one that has others beside it."""
    await shop.hear([told("alone", BAD, parent="unit-77"), told("unit-78", BAD, 2, parent="unit-7")])
    ((around,),) = await shop.rows("select around::text from bundles")
    assert '"only": ["alone"]' in around


async def test_a_plan_is_marked_some_units_at_a_time(
    shop: Workshop, postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """No step marks more than it may; what waits is told from the start; another process goes on where one ended."""
    monkeypatch.setattr(judging, "MARKED", 90)
    write(tmp_path, "other.yaml", plan(*TARGETS, name="other"))
    await shop.watch(tmp_path).look()
    wanted, done = UNITS * len(TARGETS), 0
    assert await shop.rows("select count(*) from due") == [(0,)]
    async with workshop(postgres) as other:
        while await other.rounds.waiting():
            async with other.pool.acquire() as connection:
                assert await due.count(connection) == wanted - done
            done += (judged := await other.judging.some())
            assert judged <= 90
    assert done == wanted
    judged_by = "select count(*) from standings where watched and plan = 'other'"
    assert await shop.rows(judged_by) == [(wanted,)]


async def test_a_plan_that_goes_while_it_is_marked_leaves_nothing_behind(
    shop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Marked in part, it is withdrawn and marked anew for what it asked for; a unit that came meanwhile is judged."""
    monkeypatch.setattr(judging, "MARKED", 90)
    write(tmp_path, "other.yaml", plan(*TARGETS, name="other"))
    await shop.watch(tmp_path).look()
    await shop.judging.some()
    await shop.rounds.observe([told("aaa", BAD, parent="unit-3")], [])
    await _withdrawn(shop, tmp_path)
    while await shop.rounds.waiting():
        await shop.judging.some()
    assert await shop.rows("select distinct plan from standings where watched") == [("plan",)]
    assert await shop.rows("select count(*) from standings where watched") == [((UNITS + 1) * len(TARGETS),)]


async def test_no_mail_leaves_for_what_is_still_to_be_marked(
    shop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A value that a new version of the plan lets pass is not mailed by the old one, nor told of in a summary."""
    text = plan(*TARGETS).replace("settle: 0s", "settle: 2m")
    write(tmp_path, "plan.yaml", text)
    await shop.look(shop.watch(tmp_path))
    await shop.hear([told("unit-77", BAD, revision=2)])
    monkeypatch.setattr(judging, "MARKED", 90)
    write(tmp_path, "plan.yaml", text.replace("above: 0.2", "above: 0.9"))
    await shop.watch(tmp_path).look()
    await shop.judging.some()
    later = shop.clock.now() + timedelta(hours=1)
    async with shop.pool.acquire() as connection, connection.transaction():
        assert await outbox.release(connection, later, TODAY) == []
    await shop.judge()
    assert await shop.rows("select reason from outbox where state = 'settling'") == []


async def test_a_plan_is_judged_a_portion_at_a_time(shop: Workshop, tmp_path: Path):
    """While nothing else waits each round is full, so that there are as few as can be."""
    write(tmp_path, "other.yaml", plan(*TARGETS, name="other"))
    await shop.watch(tmp_path).look()
    steps = []
    while judged := await shop.judging.some():
        steps.append(judged)
    assert steps[:-1] == [PORTION] * (UNITS * len(TARGETS) // PORTION)


async def test_values_are_read_as_they_were_told(shop: Workshop):
    """To the last digit, with every day they tell of."""
    odd = (0.1 + 0.2, 1e-17, 5e-324, 1.7976931348623157e308, 2 / 3)
    one = group("odd", odd[0], TODAY)
    ((name, measured),) = one.metrics.items()
    values = [replace(measured, value=value, low=-value, high=None, until=date(2026, 5, 31)) for value in odd]
    days = [TODAY - timedelta(back) for back in range(len(odd))]
    others = tuple(DayComputed(as_of=on, metrics={name: value}) for on, value in zip(days[1:], values[1:], strict=True))
    await shop.hear([replace(one, metrics={name: values[0]}, other_days=others)])
    async with shop.pool.acquire() as connection:
        kept = await kept_days.load(connection, [SeriesKey("odd", "*", name), SeriesKey("none", "*", name)])
    ((key, series),) = kept.items()
    observed = [row.observation(measured.definition) for row in series.read()]
    assert key.unit == "odd"
    assert {one.as_of: one.measured for one in observed} == dict(zip(days, values, strict=True))
