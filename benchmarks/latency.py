"""(b) From event to e-mail: single events posted at a steady rate, each of some making one unit's alert fire."""

import asyncio
import json
import tempfile
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from statistics import quantiles
from time import time
from typing import Any, NamedTuple

import httpx

from benchmarks.rig import rig
from cli.local.stack import Stack

RATE = 200
SECONDS = 75
UNITS = 100
TODAY = "2025-06-30"
WARM_UP = 25
"""Seconds of the same load before the first that counts: the first values of all units are published and judged."""
STAFF = 3

PLAN = """
plan: latency
settle: 0s
title: {sv: Latens, en: Latency}
time_zone: Europe/Stockholm
language: en
recipients: {hr: {email: hr@kommun.example}}
targets:
  - id: agency
    metric: agency_share
    by: unit
    breach: {above: 0.5}
    clear: {below: 0.4}
    hold: 0d
    clear_hold: 0d
    severity: warning
    notify: [hr]
"""


Event = dict[str, Any]


class Latency(NamedTuple):
    """Mails that came, and the time from posting the event to the mail in the mailbox, in seconds."""

    mails: int
    p50: float
    p99: float


async def measure() -> Latency:
    """Post at the rate; every unit gets a consultant too many once, the other events are caseload reports."""
    with tempfile.TemporaryDirectory(prefix="stadga-plan-") as folder:
        (Path(folder) / "latency.yaml").write_text(PLAN)
        async with rig(STADGA_TODAY=TODAY, STADGA_PLANS=folder, STADGA_MAILS_PER_HOUR="1000") as stack:
            await stack.start(("ingest", "metrics", "alerts"))
            async with httpx.AsyncClient(headers={"authorization": "Bearer local"}, timeout=30) as client:
                url = f"{stack.address('ingest')}/v1/events"
                await _post_batch(client, url, [_staff(unit, n) for unit in range(UNITS) for n in range(STAFF)])
                posted = await _post_steadily(client, url)
            return await _arrivals(stack, posted)


async def _post_batch(client: httpx.AsyncClient, url: str, events: list[Event]) -> None:
    content = json.dumps(events)
    answer = await client.post(url, content=content, headers={"content-type": "application/cloudevents-batch+json"})
    answer.raise_for_status()


async def _post_steadily(client: httpx.AsyncClient, url: str) -> dict[str, float]:
    """Post one event each 1/RATE s without waiting for the answers; returns when each unit's consultant was posted."""
    posted: dict[str, float] = {}
    start, answers = time(), []
    for n in range(RATE * SECONDS):
        await asyncio.sleep(max(0.0, start + n / RATE - time()))
        unit, turn = divmod(n - RATE * WARM_UP, RATE * (SECONDS - WARM_UP) // UNITS)
        if turn == 0 and 0 <= unit < UNITS:
            posted[f"unit-{unit:03}"] = time()
            event = _consultant(unit)
        else:
            event = _cases(n)
        answers.append(asyncio.create_task(_post_one(client, url, event)))
    await asyncio.gather(*answers)
    return posted


async def _post_one(client: httpx.AsyncClient, url: str, event: Event) -> None:
    headers = {"content-type": "application/cloudevents+json"}
    (await client.post(url, content=json.dumps(event), headers=headers)).raise_for_status()


async def _arrivals(stack: Stack, posted: dict[str, float]) -> Latency:
    """When each unit's first mail was written to the mailbox, less when its event was posted."""
    deadline = time() + 60
    while len(list(stack.mail_folder.glob("*.eml"))) < len(posted) and time() < deadline:
        await asyncio.sleep(0.2)
    delays = []
    for path in stack.mail_folder.glob("*.eml"):
        subject = str(message_from_bytes(path.read_bytes(), policy=default)["subject"])
        unit = next(u for u in posted if u in subject)
        delays.append(path.stat().st_mtime - posted[unit])
    cuts = quantiles(delays, n=100, method="inclusive")
    return Latency(len(delays), cuts[49], cuts[98])


def _event(number: str, kind: str, subject: str, data: Event) -> Event:
    envelope = {"specversion": "1.0", "id": number, "source": "bench", "type": f"hr.{kind}.v1", "subject": subject}
    return envelope | {"time": datetime.now(UTC).isoformat(), "data": data}


def _staff(unit: int, n: int) -> Event:
    data = {"effective": "2024-01-01", "unit": f"unit-{unit:03}", "occupation": "socialsekreterare", "fte": 0.2}
    return _event(f"s{unit}-{n}", "employment.started", f"person/b{unit}-{n}", data)


def _consultant(unit: int) -> Event:
    """One full-time consultant beside three employees at a fifth each: 62 % agency."""
    data = {"effective": TODAY, "unit": f"unit-{unit:03}", "occupation": "socialsekreterare", "fte": 1}
    return _event(f"c{unit}", "assignment.started", f"assignment/c{unit}", data)


def _cases(n: int) -> Event:
    data = {"effective": TODAY, "open_cases": n % 20}
    return _event(f"l{n}", "caseload.reported", f"person/b{n % UNITS}-{n % STAFF}", data)
