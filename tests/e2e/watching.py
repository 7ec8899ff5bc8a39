"""A Prometheus that watches two replicas of each service, which judge a plan of the tests' own by a simulated town.

Each replica is scraped under two addresses. What a replica tells of a fact must come to the same however many tell it,
as for a moment two do while one takes over from another; what each counts of its own work must be added up.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date
from itertools import cycle
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from cli.connect.publishing import sender
from cli.connect.publishing.line import FilePlace, Line
from cli.local.stack import SERVICES, Stack
from cli.simulation.log import simulate
from shared.contracts.envelope import encode
from tests.integration.metering import caught_up, standing
from tests.polling import PATIENCE, until
from tests.real_prometheus import Prometheus, scraping

FIRST, LAST = date(2024, 11, 1), date(2025, 12, 31)
REPLICAS = {service: (service, f"{service}-2") for service in SERVICES}
PLAN = """\
plan: egen
settle: 0s
recipients:
  hr: {email: hr@kommun.example, language: sv}
targets:
  - {id: gone, metric: leaver_rate, breach: {above: 0.9}, notify: [hr]}
  - {id: gone-by-choice, metric: leaver_rate_own_request, breach: {above: 0.9}, notify: [hr]}
  - {id: ill, metric: sick_rate, breach: {above: 0.9}, notify: [hr], severity: info}
  - {id: hired-in, metric: agency_share, breach: {above: 0.9}, notify: [hr]}
  - {id: empty-desks, metric: vacancy_rate, breach: {above: 0.9}, notify: [hr]}
  - {id: too-much-to-do, metric: caseload, breach: {above: 1}, notify: [hr], severity: critical}
"""
SOURCES = """\
sources:
  hr-system:
    kinds: {employment: monthly}
    contact: {name: HR, email: hr@kommun.example}
"""


class Watched(NamedTuple):
    """A Prometheus, the stack it watches, since when, and a unit of it where an alert fires."""

    prometheus: Prometheus
    stack: Stack
    since: float
    unit: str

    def instances(self, *names: str) -> list[str]:
        """The addresses by which Prometheus calls replicas first."""
        return [self.stack.address(name).removeprefix("http://") for name in names]

    @property
    def once(self) -> list[str]:
        """Those of all replicas, each once."""
        return self.instances(*(name for pair in REPLICAS.values() for name in pair))

    @property
    def twice(self) -> list[str]:
        """The same, and each replica again."""
        return self.once + [again(instance) for instance in self.once]


def again(instance: str) -> str:
    """The other name of the same address."""
    return instance.replace("127.0.0.1", "localhost")


def filled(expression: str, unit: str, occupation: str = "*", window: str = "10s") -> str:
    """The expression as Grafana sends it."""
    given = {"$unit": unit, "$occupation": occupation, "$__rate_interval": window}
    for variable, value in given.items():
        expression = expression.replace(variable, value)
    return expression


@asynccontextmanager
async def watching(folder: Path) -> AsyncIterator[Watched]:
    """Two replicas of each service, fourteen months of two hundred people, and a Prometheus that has seen it come.

    The units are dealt to two shards, so that each replica of metrics tells of some of them.
    """
    (folder / "plan.yaml").write_text(PLAN)
    (folder / "sources.yaml").write_text(SOURCES)
    files = {"STADGA_PLANS": str(folder / "plan.yaml"), "STADGA_SOURCES": str(folder / "sources.yaml")}
    settings = {"STADGA_TODAY": LAST.isoformat(), "STADGA_SHARDS": "2", **files}
    named = [name for pair in REPLICAS.values() for name in pair]
    async with standing(folder / "stack", "mailbox", *named, **settings) as stack:
        hosts = {job: [stack.address(name).removeprefix("http://") for name in pair] for job, pair in REPLICAS.items()}
        both = {job: [*pair, *map(again, pair)] for job, pair in hosts.items()}
        async with scraping(folder, both | {"prometheus": []}) as prometheus:
            since = time.time()
            await until(lambda: _up(prometheus), "both replicas of each service are scraped")
            await asyncio.to_thread(publish, stack, log(11, 200))
            await caught_up(stack)
            firing = await until(lambda: fired(stack), "an alert to fire")
            yield Watched(prometheus, stack, since, firing[0]["unit"])


async def _up(prometheus: Prometheus) -> bool:
    """Whether Prometheus gets answers from two of each, by both names."""
    return await prometheus.targets() == sorted((service, "up") for service in SERVICES for _ in range(4))


def publish(stack: Stack, lines: Sequence[Line]) -> int:
    """Send to both replicas of ingest in turn; how many events were accepted."""
    accepted, batch = 0, len(lines) // 12 or 1
    doors = [sender.client(stack.address(name), "local") for name in REPLICAS["ingest"]]
    for door, begin in zip(cycle(doors), range(0, len(lines), batch), strict=False):
        accepted += sender.send(door, list(lines[begin : begin + batch]), 60, lambda _: None).accepted
    for door in doors:
        door.close()
    return accepted


def log(seed: int, people: int) -> list[Line]:
    """The log of a town whose systems are late, wrong and contradictory, between two rows that are no events."""
    events = simulate(seed, people, 4, first=FIRST, last=LAST, hostility=1, troubled="auto")
    lines = [Line(FilePlace("log", number), encode(event)) for number, event in enumerate(events)]
    nothing = Line(FilePlace("log", 0), b'{"specversion": "1.0"}')
    return [nothing, *lines, nothing]


async def alerts(stack: Stack) -> list[dict[str, Any]]:
    """Every alert as the API tells it."""
    async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
        answer = await client.get(f"{stack.address('alerts')}/v1/alerts")
    return list(answer.json()["alerts"]) if answer.is_success else []


async def fired(stack: Stack) -> list[dict[str, Any]]:
    """Those that fire."""
    return [alert for alert in await alerts(stack) if alert["state"] == "firing"]
