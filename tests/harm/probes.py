"""How long it takes from an event to its value, to the step of its alert and to the mail, all the while.

A probe is a unit of its own that gets a consultant too many once, by an event over HTTP like any other.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from itertools import count, islice
from typing import Any, Literal, NamedTuple

import httpx
import msgspec
from aiokafka.partitioner import DefaultPartitioner

from cli.local.stack import Stack
from shared.contracts import envelope
from shared.contracts.envelope import STRUCTURED, CloudEvent
from shared.contracts.metrics import ALL
from shared.contracts.topics import WORKFORCE_ALERTS, WORKFORCE_METRICS, Topic
from tests.harm.sender import AGAIN, BUSY, HEADERS
from tests.integration.ingesting import each_record
from tests.integration.metering import fetch

Stage = Literal["value", "step", "mail"]
STAGES: tuple[Stage, ...] = ("value", "step", "mail")
STAFF = 3
NAME = b"probe-unit-"
ONE_PARTITION = WORKFORCE_METRICS._replace(partitions=1)
"""The values of all probes lie on the first partition, so that the others need not be read."""
PLAN = """\
plan: probes
settle: 0s
title: {sv: Prov, en: Probes}
time_zone: Europe/Stockholm
language: en
recipients: {probe: {email: probe@kommun.example}}
targets:
  - id: agency
    metric: agency_share
    by: unit
    breach: {above: 0.5}
    clear: {below: 0.4}
    hold: 0d
    clear_hold: 0d
    severity: warning
    notify: [probe]
"""
MAILED = """
select occasion ->> 'unit' as unit, min(sent) as sent from alerts.outbox
where state = 'sent' and address = 'probe@kommun.example' group by 1
"""


class Seen(NamedTuple):
    """When a probe's event was accepted (``time.monotonic``), and how many seconds after it each stage was reached."""

    at: float
    after: dict[Stage, float]


class Probes:
    """One after another, at a steady pace."""

    def __init__(self, ingest: str, number: int, today: date) -> None:
        """``ingest`` is its URL; so many at the most."""
        self._ingest, self._today = ingest, today
        self._units = list(islice(_units(), number))
        self.accepted: dict[str, tuple[float, float]] = {}
        """When, by both clocks: that of ``time.monotonic`` and that of the machine."""

    def staff(self) -> list[CloudEvent]:
        """Those who work there before: three at a fifth each."""
        works = {"effective": "2024-01-01", "occupation": "socialsekreterare", "fte": 0.2}
        return [
            _event("employment", f"person/{unit}-{n}", {**works, "unit": unit})
            for unit in self._units
            for n in range(STAFF)
        ]

    async def send(self, seconds: float) -> None:
        """One each so many seconds; the next one is late while one is not accepted."""
        async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
            for unit in self._units:
                await self._accepted(client, unit)
                await asyncio.sleep(seconds)

    async def _accepted(self, client: httpx.AsyncClient, unit: str) -> None:
        works = {"effective": self._today.isoformat(), "occupation": "socialsekreterare", "fte": 1, "unit": unit}
        body = envelope.encode(_event("assignment", f"assignment/{unit}", works))
        while not await self._posted(client, body):
            await asyncio.sleep(AGAIN)
        self.accepted[unit] = time.monotonic(), time.time()

    async def _posted(self, client: httpx.AsyncClient, body: bytes) -> bool:
        try:
            answer = await client.post(
                f"{self._ingest}/v1/events", content=body, headers={**HEADERS, "content-type": STRUCTURED}
            )
        except httpx.HTTPError:
            return False
        if answer.status_code not in BUSY:
            answer.raise_for_status()
        return answer.status_code == httpx.codes.ACCEPTED

    async def mailed(self, stack: Stack) -> bool:
        """Whether the mail of every probe has gone."""
        return self.accepted.keys() <= (await _mails(stack)).keys()

    async def seen(self, stack: Stack) -> dict[str, Seen]:
        """What became of each that was accepted."""
        servers = stack.kafka_bootstrap_servers
        reached: dict[Stage, dict[str, float]] = {
            "value": await _first(servers, ONE_PARTITION, _has_consultant),
            "step": await _first(servers, WORKFORCE_ALERTS, _fires),
            "mail": await _mails(stack),
        }
        return {
            unit: Seen(at, {stage: found[unit] - accepted for stage, found in reached.items() if unit in found})
            for unit, (at, accepted) in self.accepted.items()
        }


async def _mails(stack: Stack) -> dict[str, float]:
    return {row["unit"]: row["sent"].timestamp() for row in await fetch(stack.database_url, MAILED)}


async def _first(servers: str, topic: Topic, is_it: Callable[[dict[str, Any]], bool]) -> dict[str, float]:
    """When the first message of each probe's unit that is it was put on the topic."""
    found: dict[str, float] = {}
    async for record in each_record(servers, topic):
        if NAME in (record.key or b""):
            told = msgspec.json.decode(record.value)["data"]
            if is_it(told):
                found.setdefault(told["unit"], record.timestamp / 1000)
    return found


def _has_consultant(told: dict[str, Any]) -> bool:
    share = told.get("metrics", {}).get("agency_share", {}).get("value")
    return told.get("occupation") == ALL and (share or 0) > 0.5


def _fires(told: dict[str, Any]) -> bool:
    return bool(told.get("plan") == "probes" and told.get("new") == "firing")


def _units() -> Iterator[str]:
    """Names whose values are on the first partition."""
    deal, partitions = DefaultPartitioner(), list(range(WORKFORCE_METRICS.partitions))
    for n in count():
        name = f"{NAME.decode()}{n}"
        if deal(f"{name}|{ALL}".encode(), partitions, partitions) == partitions[0]:
            yield name


def _event(kind: str, subject: str, data: dict[str, object]) -> CloudEvent:
    return CloudEvent(
        specversion="1.0",
        id=subject,
        source="probes",
        type=f"hr.{kind}.started.v1",
        subject=subject,
        time=datetime.now(UTC),
        knownfrom=date(2024, 1, 1),
        data=msgspec.Raw(msgspec.json.encode(data)),
    )
