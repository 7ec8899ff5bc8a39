"""What the evaluator goes through without stopping, and how little it sends for a change of the unit tree."""

from collections import Counter
from datetime import timedelta

import msgspec

from shared.contracts.metrics import GroupComputed
from tests import builders as make
from tests.integration.evaluating import Day, Evaluating, evaluating, published
from tests.polling import until

STAFF = [make.employment_started(f"p{n}", "2022-01-01", f"u{n % 10}", f"o{n % 3}") for n in range(200)]
UNITS = [make.unit_defined(f"u{n}", "2022-01-01", parent="d") for n in range(10)]
COST = {"from": "2024-06-29", "to": "2024-06-29", "personnel_cost": 1e10, "agency_cost": 1e10}
PUBLISHED, ANOMALIES = "stadga_metrics_published_total", "stadga_metrics_anomalies"


def people(unit: str) -> str:
    """The series of the headcount of a unit."""
    return f'stadga_headcount_people{{unit="{unit}",occupation="*"}}'


async def settled(running: Evaluating, unit: str, count: int) -> float:
    """Wait until the headcount of a unit is shown; how many groups have been published by then."""
    await until(lambda: running.shows(people(unit), f"{count}.0"), f"{count} people in {unit}")
    return running.counted(PUBLISHED)


async def test_a_cell_with_the_name_of_a_whole(kafka_with_topics: str, postgres: str):
    """It is told of and in no sum; everybody else is evaluated, before and after."""
    bad = make.employment_started("x", "2022-01-01", "u1", "*")
    async with evaluating(kafka_with_topics, postgres, Day(), [*STAFF, bad]) as running:
        await settled(running, "*", 200)
        assert running.counted(ANOMALIES, kind="cell_reserved_name") == 1
        await running.ledger.take(
            make.employment_started("y", "2022-01-01", "*"), make.employment_started("z", "2022-01-01")
        )
        await settled(running, "*", 201)
        assert running.counted(ANOMALIES, kind="cell_reserved_name") == 2
        assert running.health.ready


async def test_sums_past_the_range(kafka_with_topics: str, postgres: str):
    """A thousand of the largest costs of one day, and a million million cases: read at a start, and as they come."""
    costs = [make.event("hr.cost.reported.v1", "unit/u1", COST, id=f"c{n}") for n in range(2_000)]
    async with evaluating(kafka_with_topics, postgres, Day(), [*STAFF, *costs[:1_000]]) as running:
        await settled(running, "*", 200)
        await running.ledger.take(*costs[1_000:])
        await running.ledger.take(make.employment_started("y", "2022-01-01"))
        await settled(running, "*", 201)
    async with evaluating(kafka_with_topics, postgres, Day()) as running:
        await settled(running, "*", 201)
    shares = [
        g.metrics["agency_cost_share"] for g in await published(kafka_with_topics) if "agency_cost_share" in g.metrics
    ]
    assert max(share.denominator or 0 for share in shares) == 2e13
    assert min(share.denominator or 0 for share in shares) == 0


async def test_a_unit_that_nobody_is_in(kafka_with_topics: str, postgres: str):
    """To define it sends nothing."""
    async with evaluating(kafka_with_topics, postgres, Day(), [*STAFF, *UNITS]) as running:
        before = await settled(running, "*", 200)
        await running.ledger.take(make.unit_defined("new", "2022-01-01", parent="d"))
        await running.ledger.take(make.employment_started("y", "2022-01-01", "u0", "o0"))
        after = await settled(running, "*", 201)
    assert before > 40
    assert after - before <= 6  # who joined: the groups of u0, d and everything, each with all its days


async def test_a_unit_that_moves(kafka_with_topics: str, postgres: str):
    """Where it went, what it left and it itself are sent; the other units are not."""
    async with evaluating(kafka_with_topics, postgres, Day(), [*STAFF, *UNITS]) as running:
        await settled(running, "*", 200)
        known = Counter(map(msgspec.json.encode, await published(kafka_with_topics)))
        await running.ledger.take(make.unit_defined("u3", "2024-06-30", parent="e"))
        await settled(running, "e", 20)
        await until(lambda: running.shows(people("d"), "180.0"), "twenty fewer where it was")
    new = Counter(map(msgspec.json.encode, await published(kafka_with_topics))) - known
    told = [msgspec.json.decode(group, type=GroupComputed) for group in new]
    assert {group.unit for group in told} == {"u3", "d", "e"}
    assert {group.unit_path for group in told if group.unit == "u3"} == {("u3", "e", "*")}


async def test_cells_that_come_before_their_facts(kafka_with_topics: str, postgres: str):
    """A look between a cell's commit and that of its first facts does not miss it."""
    async with evaluating(kafka_with_topics, postgres, Day(), STAFF) as running:
        await settled(running, "*", 200)
        late = make.employment_started("late", "2022-01-01", "somewhere")
        await running.ledger.know(late)
        looked = running.counted("stadga_metrics_last_evaluation_timestamp_seconds")
        await running.ledger.take(make.employment_started("y", "2022-01-01"))
        await settled(running, "*", 201)
        assert looked
        await running.ledger.take(late)
        await settled(running, "somewhere", 1)
        assert running.counted("stadga_task_restarts_total", task="evaluation") == 0


async def test_a_clock_that_jumps(kafka_with_topics: str, postgres: str):
    """Values stay those of the day, and health says why; the day after begins as ever."""
    day = Day()
    async with evaluating(kafka_with_topics, postgres, day, STAFF) as running:
        await settled(running, "*", 200)
        day.now += timedelta(days=2_000)
        await until(lambda: running.health.report()[0].condition == "degraded", "health to say so")
        day.now -= timedelta(days=2_000) - timedelta(hours=6)
        await until(lambda: running.health.report()[0].condition == "ok", "health to be well")
    assert max(group.today.year for group in await published(kafka_with_topics)) == 2024
