"""A unit that is closed with a successor, through metrics and alerts: its own alert ends, and the successor's fires.

Those who are still placed in it count with the successor, and are told as an anomaly until they are moved.
"""

from pathlib import Path
from typing import Any

from cli.local.stack import Stack
from tests import builders as make
from tests.e2e.test_small_file import day_before, leavers, mailed, numbers, staff
from tests.integration.metering import message, metrics, send, standing
from tests.polling import until

PLAN = """\
plan: units
settle: 0s
scope: {units: [old, new]}
recipients: {hr: {email: hr@kommun.example, language: en}}
targets:
  - {id: leavers, metric: leaver_rate, breach: {above: 0.2}, notify: [hr]}
"""
DEFINED = [make.unit_defined("old", name="Gamla"), make.unit_defined("new", name="Nya")]
BEFORE = [*DEFINED, *staff("old", 30), *leavers("old", 12), *staff("new", 20), *leavers("new", 2)]
CLOSED = make.unit_closed("old", day_before(1), successor="new")
MOVED = [make.employment_changed(f"old-{n}", day_before(0), unit="new", reason="reorganisation") for n in range(12, 30)]


async def alert(stack: Stack, unit: str) -> dict[str, Any]:
    """How the alert of a unit stands; nothing if it is not watched."""
    answer = await metrics(stack, "alerts").ask("/v1/alerts", unit=unit)
    found: list[dict[str, Any]] = answer.json()["alerts"] if answer.is_success else []
    return found[0] if found else {"state": None}


async def stands(stack: Stack, unit: str, state: str | None) -> bool:
    """Whether it is in that state."""
    return (await alert(stack, unit))["state"] == state


async def left_behind(stack: Stack) -> tuple[float, int]:
    """How many people Prometheus sees in closed units, and how many of them have samples."""
    answer = await metrics(stack).ask("/v1/anomalies", kind="in_closed_unit", limit="100")
    counted = await metrics(stack).counted("stadga_metrics_anomalies", kind="in_closed_unit")
    return counted, len(answer.json()["samples"])


async def test_the_successor_of_a_closed_unit_is_alarmed_of(tmp_path: Path):
    """With the numbers of both; moving its people changes them no more, and nobody is left in the closed one."""
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "plan.yaml").write_text(PLAN)
    old, both = (numbers(tmp_path, log, unit) for log, unit in ((BEFORE, "old"), ([*BEFORE, CLOSED], "new")))
    assert numbers(tmp_path, BEFORE, "new")[0] < 0.2 < both[0] < old[0]
    async with standing(tmp_path / "stack", STADGA_PLANS=str(tmp_path / "plans")) as stack:
        await stack.start(["mailbox", "metrics", "alerts"])
        servers = stack.kafka_bootstrap_servers
        await send(servers, map(message, BEFORE))
        await until(lambda: stands(stack, "old", "firing"), "the alert of the unit")
        await until(lambda: stands(stack, "new", "ok"), "the other unit to be judged")
        assert await left_behind(stack) == (0, 0)
        await send(servers, [message(CLOSED)])
        await until(lambda: stands(stack, "new", "firing"), "the alert of the successor")
        await until(lambda: stands(stack, "old", None), "the alert of the closed unit to end")

        async def there() -> bool:
            return await left_behind(stack) == (18, 18)

        await until(there, "those who were not moved to be told")
        assert await mailed(stack) == [("hold_met", "leavers", "old", *old), ("hold_met", "leavers", "new", *both)]
        await send(servers, map(message, MOVED))

        async def nobody() -> bool:
            return await left_behind(stack) == (0, 0)

        await until(nobody, "all to be moved")
        assert (await alert(stack, "new"))["value"] == both[0]
        assert len(await mailed(stack)) == 2
