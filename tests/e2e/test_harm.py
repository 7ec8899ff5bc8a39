"""Harm: processes killed, database and broker restarted, again and again while a long log is folded."""

import random
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from datetime import date
from email import message_from_bytes, policy
from itertools import islice
from pathlib import Path

import asyncpg
import pytest

from cli.simulation.log import simulate
from cli.stack import Stack
from services.metrics.domain.entry import told
from services.metrics.domain.memory import Memory, by_subject
from services.metrics.domain.tally import Tally
from shared.contracts import envelope
from shared.contracts.envelope import CloudEvent
from tests import builders as make
from tests.integration.metering import (
    Facts,
    Message,
    Service,
    caught_up,
    fetch,
    message,
    net_anomalies,
    net_facts,
    send,
    standing,
)
from tests.polling import until

EVENTS = 100_000
REPLICAS = ("metrics", "metrics-2")
WAVES = 10
"""In each wave one replica is killed in the middle of a batch, then the other, and both come back."""
AT_ONCE = "500"
OTHERS = {2: ("postgres",), 5: ("kafka",), 7: ("postgres",)}
"""What else is killed in a wave."""
LAST = date(2025, 12, 31)


@pytest.fixture
async def replicas(tmp_path: Path) -> AsyncIterator[Stack]:
    """Two replicas of metrics in one consumer group, which commit a little at a time."""
    async with standing(tmp_path, *REPLICAS, STADGA_TODAY=LAST.isoformat(), STADGA_BATCH=AT_ONCE) as running:
        yield running


def log() -> list[CloudEvent]:
    """Two years of a municipality whose systems are late, wrong and contradictory, as it is handed over."""
    events = simulate(11, 1_000, 30, first=date(2024, 1, 1), last=LAST, hostility=1, troubled="auto")
    return list(islice(events, EVENTS))


def clean_pass(events: Iterable[CloudEvent]) -> tuple[Facts, dict[str, int]]:
    """Net facts and anomalies of the log folded once, in memory."""
    memory, tally = Memory(), Tally()
    memory.fold(by_subject((event.subject, told(event)) for event in events), tally)
    facts = {(*cell, measure, day): delta for (cell, measure, day), delta in tally.deltas.items() if delta}
    return facts, {kind: count for kind, count in tally.anomalies.items() if count}


async def folded(stack: Stack) -> int:
    """How many messages PostgreSQL holds; −1 while it is away."""
    try:
        rows = await fetch(stack.database_url, "select coalesce(sum(next), 0)::bigint as n from metrics.offsets")
    except (OSError, asyncpg.PostgresError):
        return -1
    return int(rows[0]["n"])


async def passes(stack: Stack, count: int) -> None:
    """Wait until more than so many messages are folded."""

    async def passed() -> bool:
        return await folded(stack) > count

    await until(passed, f"more than {count} messages to be folded", 90)


async def test_two_replicas_killed_twenty_times(replicas: Stack):
    """Killed with −9 twenty times, PostgreSQL restarted twice and Kafka once: net facts equal a clean pass."""
    events = log()
    facts, anomalies = clean_pass(events)
    chance = random.Random(11)  # noqa: S311  (a seed makes the same harm each time)
    kills: Counter[str] = Counter()
    in_the_middle = 0
    part = len(events) // WAVES
    for wave in range(WAVES):
        await publish(replicas, events[wave * part : (wave + 1) * part])
        for replica in chance.sample(REPLICAS, len(REPLICAS)):
            await passes(replicas, wave * part + chance.randrange(part // 2))
            replicas.kill(replica)
            kills[replica] += 1
            in_the_middle += await folded(replicas) < (wave + 1) * part
        for other in OTHERS.get(wave, ()):
            replicas.kill(other)
            kills[other] += 1
            await replicas.restart(other)
        for replica in REPLICAS:
            await replicas.restart(replica)
    await caught_up(replicas, 120)
    assert kills == {"metrics": 10, "metrics-2": 10, "postgres": 2, "kafka": 1}
    assert in_the_middle >= WAVES
    assert await net_facts(replicas.database_url) == facts
    assert await net_anomalies(replicas.database_url) == anomalies
    assert not await fetch(replicas.database_url, "select 1 from metrics.dead_letters")


async def publish(stack: Stack, events: Iterable[CloudEvent]) -> None:
    """Send events as ingest does."""
    messages = (Message(envelope.encode(event), event.subject.encode()) for event in events)
    await send(stack.kafka_bootstrap_servers, messages)


PLAN = """
plan: harm
title: {sv: Prov, en: Trial}
time_zone: Europe/Stockholm
recipients:
  hr: {email: hr@kommun.example, language: sv, name: HR}
  head: {email: head@kommun.example, language: en, name: head}
targets:
  - id: agency
    metric: agency_share
    by: unit
    breach: {above: 0.25}
    clear: {below: 0.20}
    hold: 14d
    clear_hold: 14d
    severity: warning
    notify: [hr, head]
"""
RECIPIENTS = ("hr@kommun.example", "head@kommun.example")
UNITS_A_WAVE = 12
CHAIN = ("alerts", "mailbox", "metrics")


@pytest.fixture
async def chain(tmp_path: Path) -> AsyncIterator[Stack]:
    """Metrics, alerts and a mailbox, with a plan of one target."""
    plan = tmp_path / "plan.yaml"
    plan.write_text(PLAN)
    settings = {"STADGA_TODAY": LAST.isoformat(), "STADGA_PLANS": str(plan)}
    async with standing(tmp_path, "mailbox", "metrics", "alerts", **settings) as running:
        yield running


def too_many_consultants(unit: str) -> list[make.Event]:
    """A unit where a third of the work has been done by consultants for two months."""
    staff = [make.employment_started(f"{unit}-{n}", "2024-01-01", unit) for n in range(2)]
    return [*staff, make.assignment_started(f"{unit}-k", "2025-11-01", unit)]


async def test_no_alert_is_lost(chain: Stack):
    """Metrics, alerts and the mail server killed in turn while alerts fire: each is mailed, repeats under one id."""
    units: list[str] = []
    for killed in CHAIN:
        fresh = [f"{killed}{n}" for n in range(UNITS_A_WAVE)]
        before = len(received(chain))
        messages = (message(event) for unit in fresh for event in too_many_consultants(unit))
        await send(chain.kafka_bootstrap_servers, messages)
        units += fresh
        await until(lambda before=before: len(received(chain)) > before, "the first mails", 90)
        for part in CHAIN:
            chain.kill(part)
        for part in CHAIN[::-1]:
            await chain.restart(part)
    wanted = {(unit, to) for unit in units for to in RECIPIENTS}
    await until(lambda: received(chain).keys() >= wanted, f"{len(wanted)} mails", 120)
    assert received(chain).keys() == wanted
    assert {len(ids) for ids in received(chain).values()} == {1}
    assert await firing(chain) == set(units)
    assert not await fetch(chain.database_url, "select 1 from alerts.outbox where state <> 'sent'")


def received(stack: Stack) -> dict[tuple[str, str], set[str]]:
    """The Message-IDs of all that arrived, by the unit the mail is about and the recipient."""
    found: dict[tuple[str, str], set[str]] = {}
    for file in stack.mail_folder.glob("*.eml"):
        mail = message_from_bytes(file.read_bytes(), policy=policy.default)
        unit = str(mail["Subject"]).partition(":")[0]
        found.setdefault((unit, mail["X-Envelope-To"]), set()).add(mail["Message-ID"])
    return found


async def firing(stack: Stack) -> set[str]:
    """The units whose alert fires."""
    answer = await Service(stack.address("alerts")).ask("/v1/alerts", state="firing")
    return {alert["unit"] for alert in answer.json()["alerts"]}
