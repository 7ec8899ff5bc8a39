"""A text of a plan that somebody says shall run, and why one by which none can run does not."""

import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient
from prometheus_client import CollectorRegistry

from services.alerts.api import orders
from services.alerts.domain.plan.plan import Version, digest
from services.alerts.domain.plan.reading import PlanRefused, read
from services.alerts.rounds.plan_watch import PART, PlanWatch
from services.alerts.rounds.rounds import Rounds
from services.alerts.telemetry import Telemetry
from shared.kit.clock import Clock
from shared.kit.health import Health
from tests.unit.alerts.test_plan import SMALL

AHEAD = SMALL.replace("leaver_rate", "sick_rate").rstrip("}\n") + ", look_ahead: [30d]}\n"
CLOCK = Clock(ZoneInfo("Europe/Stockholm"), date(2026, 11, 28))
SINCE = datetime(2026, 1, 1, tzinfo=UTC)


class Before:
    """What ran before: this text, by the rules of then."""

    async def running(self) -> dict[str, Version]:
        return {"p": Version(read(SMALL), 2, "a.yaml", digest(SMALL), SINCE, SINCE)}

    async def text(self, plan: str, hashed: str) -> tuple[str, str] | None:
        return (AHEAD, "a.yaml") if (plan, hashed) == ("p", digest(AHEAD)) else None


def watch(folder: Path) -> PlanWatch:
    """Over a folder of plans."""
    rounds = cast("Rounds", Before())
    return PlanWatch(folder, 1, rounds, CLOCK, Telemetry(CollectorRegistry()), Health(CLOCK, PART))


@pytest.mark.parametrize("where", ["in a file", "in history"])
async def test_a_text_that_looks_ahead_at_health_cannot_be_adopted(where: str, tmp_path: Path):
    """Neither one that lies in the folder nor one that ran before; the fault is that of the check."""
    (tmp_path / "a.yaml").write_text(AHEAD if where == "in a file" else SMALL)
    with pytest.raises(PlanRefused, match=r"sick_rate is about health, which is told of whole months .* no day ahead"):
        await watch(tmp_path).adopt("p", digest(AHEAD))


async def test_a_text_that_runs_is_adopted_already(tmp_path: Path):
    """Nothing is done; another plan has no such text."""
    (tmp_path / "a.yaml").write_text(SMALL)
    assert await watch(tmp_path).adopt("p", digest(SMALL)) == 2
    assert await watch(tmp_path).adopt("p", digest("never seen")) is None
    assert await watch(tmp_path).adopt("q", digest(SMALL)) is None


class Pool:
    """Connections that nothing is asked of."""

    @contextlib.asynccontextmanager
    async def acquire(self) -> AsyncIterator[None]:
        yield


async def asked(folder: Path, text: str) -> Any:  # noqa: ANN401 -- JSON
    """What the service answers to the order."""
    handlers = orders.routes(lambda: cast("asyncpg.Pool", Pool()), watch(folder).adopt, CLOCK)
    async with AsyncTestClient(Litestar(handlers)) as http:
        return (await http.post("/v1/plans/p/adopt", json={"sha256": digest(text)})).json()


async def test_whoever_orders_it_is_told_why(tmp_path: Path):
    """With the line and the column, and not that there is no such text."""
    (tmp_path / "a.yaml").write_text(AHEAD)
    answer = await asked(tmp_path, AHEAD)
    assert answer["status_code"] == 400
    assert answer["detail"].startswith("this text can't run: ")
    assert "sick_rate is about health" in answer["detail"]
    assert (await asked(tmp_path, "never seen"))["status_code"] == 404
