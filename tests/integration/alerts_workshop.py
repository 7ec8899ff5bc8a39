"""The judging side of the alerts service on a real database, without Kafka: values and plans in, rows out."""

import contextlib
import os
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import asyncpg
from prometheus_client import CollectorRegistry

from services.alerts.exposition import Exposition
from services.alerts.rounds.display import Display
from services.alerts.rounds.judging import PART as JUDGING
from services.alerts.rounds.judging import Judging
from services.alerts.rounds.plan_watch import PART as PLAN
from services.alerts.rounds.plan_watch import PlanWatch
from services.alerts.rounds.rounds import Rounds
from services.alerts.service import SCHEMA
from services.alerts.telemetry import Telemetry
from shared.contracts.metrics import GroupComputed
from shared.kit.clock import Clock
from shared.kit.database import pool
from shared.kit.health import Health
from tests.integration.alerting import TODAY, group


def link(plan: str, target: str, unit: str, episode: str) -> str:
    """Where a mail points."""
    return f"http://board/{plan}/{target}/{unit}/{episode}"


STILL = Clock(ZoneInfo("Europe/Stockholm"), TODAY)
"""A clock for which it is always today."""


class Workshop(NamedTuple):
    """One process of the service: its rounds, its judging, and what it shows."""

    pool: asyncpg.Pool
    clock: Clock
    telemetry: Telemetry
    exposition: Exposition
    health: Health
    rounds: Rounds
    judging: Judging
    display: Display

    async def hear(self, groups: Iterable[GroupComputed]) -> None:
        """Take in values, and judge all that is due."""
        await self.rounds.observe(list(groups), [])
        await self.judge()

    async def judge(self) -> None:
        """Judge until nothing is due."""
        while await self.judging.some():
            pass

    def watch(self, folder: Path) -> PlanWatch:
        """A watch over plan files that have been changed as the test says."""
        return PlanWatch(folder, 1, self.rounds, self.clock, self.telemetry, self.health)

    async def look(self, watch: PlanWatch) -> None:
        """Look at the files, and judge all that is due."""
        await watch.look()
        await self.judge()

    async def rows(self, query: str, *arguments: object) -> list[tuple[Any, ...]]:
        """What a query finds."""
        return [tuple(row) for row in await self.pool.fetch(query, *arguments)]

    async def states(self) -> dict[str, str]:
        """State of each alert that is watched, by target and unit."""
        found = await self.rows("select target || ' ' || unit, state from standings where watched")
        return dict(found)


@contextlib.asynccontextmanager
async def workshop(database: str, clock: Clock = STILL) -> AsyncIterator[Workshop]:
    """Open a process's worth of it; several may share a database."""
    telemetry = Telemetry(CollectorRegistry())
    health = Health(clock, PLAN, JUDGING)
    async with pool(database, SCHEMA) as opened:
        rounds = Rounds(opened, clock, telemetry)
        exposition = Exposition(telemetry.registry)
        yield Workshop(
            opened,
            clock,
            telemetry,
            exposition,
            health,
            rounds,
            Judging(rounds, clock, link, telemetry, health),
            Display(opened, exposition, telemetry),
        )


def write(folder: Path, name: str, text: str, changed: datetime = datetime(2026, 6, 1, tzinfo=UTC)) -> None:
    """A plan file, last changed then."""

    (folder / name).write_text(text)
    os.utime(folder / name, (changed.timestamp(), changed.timestamp()))


TARGETS = {
    "leavers": "leaver_rate_own_request",
    "sickness": "sick_rate",
    "turnover": "leaver_rate",
}


def plan(*targets: str, name: str = "plan", above: float = 0.2) -> str:
    """A plan for every unit: each target (see ``TARGETS``) fires at once above the limit."""
    asked = [
        f"  - {{id: {target}, metric: {TARGETS[target]}, breach: {{above: {above}}}, notify: [hr]}}"
        for target in targets or ("leavers",)
    ]
    head = [f"plan: {name}", "recipients: {hr: {email: hr@kommun.example}}", "settle: 0s", "targets:"]
    return "\n".join([*head, *asked, ""])


def told(unit: str, value: float, revision: int = 1, parent: str | None = None) -> GroupComputed:
    """Today's value of a unit, the same for every metric of ``TARGETS``."""
    one = group(unit, value, TODAY, revision)
    (measured,) = one.metrics.values()
    return GroupComputed(
        unit=unit,
        unit_name=one.unit_name,
        unit_path=(unit, parent, "*") if parent else (unit, "*"),
        occupation="*",
        as_of=TODAY,
        today=TODAY,
        window_days=365,
        revision=revision,
        metrics=dict.fromkeys(TARGETS.values(), measured),
    )
