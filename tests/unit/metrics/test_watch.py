"""Watching sources: a registry that cannot be used changes nothing, and a source is late by time alone."""

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.metrics import watch
from services.metrics.watch import SourceWatch
from shared.kit.clock import Clock
from shared.kit.health import Health
from tests.polling import until

REGISTRY = "sources: {hr: {kinds: {absence: daily}, contact: {name: A, email: a@kommun.example}}}"
FRIDAY = date(2025, 3, 7)


class Ledger:
    """Absences that were recorded on one day, and nothing else."""

    async def fetch(self, _: str, sources: list[str], *rest: Any) -> list[tuple[object, ...]]:  # noqa: ANN401
        """As the statements give them: what came if days are asked about, else no undefined unit."""
        return [(name, "hr.absence.started.v1", FRIDAY.toordinal(), 5) for name in sources] if rest else []


async def test_a_source_is_late_although_nothing_arrives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(watch, "EVERY", 0)
    file = tmp_path / "sources.yaml"
    file.write_text(REGISTRY)
    health = Health(Clock(ZoneInfo("UTC"), read=lambda: datetime(2025, 3, 9, tzinfo=UTC)), "sources")
    watching = SourceWatch(str(file), Clock(ZoneInfo("UTC")), health)

    ledger: Any = Ledger()
    assert [bool(one.late) for one in (await watching.look(ledger, date(2025, 3, 8))).reports] == [False]
    late = await watching.look(ledger, date(2025, 3, 9))
    assert [one.fresh_until for one in late.stale.late] == [FRIDAY]

    file.write_text(REGISTRY.replace("daily", "often"))
    assert (await watching.look(ledger, date(2025, 3, 9))) == late
    [part] = health.report()
    assert part.condition == "degraded"
    assert ":1:33: " in str(part.problem)

    file.unlink()
    assert (await watching.look(ledger, date(2025, 3, 9))) == late

    file.write_text(REGISTRY.replace("daily", "weekly"))
    assert [bool(one.late) for one in (await watching.look(ledger, date(2025, 3, 9))).reports] == [False]
    assert [part.condition for part in health.report()] == ["ok"]


async def test_without_a_registry_nothing_is_waited_for():
    """The service is ready."""
    health, ledger = Health(Clock(ZoneInfo("UTC")), "sources"), Ledger()
    watching = SourceWatch("", Clock(ZoneInfo("UTC")), health)
    task = asyncio.ensure_future(watching.keep(ledger))  # type: ignore[arg-type]
    try:
        await until(lambda: health.report()[0].condition == "ok", "health to wait for nothing")
    finally:
        task.cancel()
