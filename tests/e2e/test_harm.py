"""Harm: processes killed, database and broker restarted, again and again while a long log is folded."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack
from datetime import date
from itertools import islice
from pathlib import Path
from signal import SIGKILL

import asyncpg
import pytest

from cli.local.stack import Stack
from cli.simulation.log import simulate
from services.metrics.domain.facts.entry import entry_of
from services.metrics.domain.facts.tally import Tally
from services.metrics.domain.record.memory import Memory, by_subject
from shared.contracts import envelope
from shared.contracts.envelope import CloudEvent
from tests import builders as make
from tests.fakes.postmaster import HANG_UP, Postmaster, listening
from tests.integration.metering import (
    Facts,
    Message,
    Service,
    caught_up,
    fetch,
    killable,
    message,
    net_anomalies,
    net_facts,
    send,
    standing,
)
from tests.polling import until

EVENTS, WAVES = 10_000, 4
"""In each wave so many events come, one replica is killed in the middle of a batch, then the other; both come back."""
AT_ONCE = "500"
OTHERS = {1: "postgres", 2: "kafka"}
"""What else is killed in a wave."""
LAST = date(2025, 12, 31)


@pytest.fixture
async def stack(tmp_path: Path) -> AsyncIterator[Stack]:
    """Kafka and PostgreSQL."""
    async with standing(tmp_path) as running:
        yield running


def log(count: int) -> list[CloudEvent]:
    """Of two years of a municipality whose systems are late, wrong and contradictory, as it is handed over."""
    events = simulate(11, 1_000, 30, first=date(2024, 1, 1), last=LAST, hostility=1, troubled="auto")
    return list(islice(events, count))


def clean_pass(events: Iterable[CloudEvent]) -> tuple[Facts, dict[str, int]]:
    """Net facts and anomalies of the log folded once, in memory."""
    memory, tally = Memory(), Tally()
    memory.fold(by_subject((event.subject, entry_of(event)) for event in events), tally)
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

    await until(passed, f"more than {count} messages to be folded")


async def test_two_replicas_killed_again_and_again(stack: Stack):
    """Killed with −9 in each wave, PostgreSQL and Kafka restarted: net facts equal a clean pass."""
    await killed_again_and_again(stack, WAVES, OTHERS)


async def killed_again_and_again(stack: Stack, waves: int, others: Mapping[int, str]) -> None:
    """Fold a log while two replicas are killed in each wave and ``others`` in some; then compare with a clean pass."""
    events = log(waves * EVENTS)
    facts, anomalies = clean_pass(events)
    chance = random.Random(11)  # noqa: S311  (a seed makes the same harm each time)
    harm: Counter[str] = Counter()
    settings = {"STADGA_TODAY": LAST.isoformat(), "STADGA_BATCH": AT_ONCE}
    async with killable(stack, "metrics", **settings) as one, killable(stack, "metrics", **settings) as other:
        for wave in range(waves):
            await publish(stack, events[wave * EVENTS : (wave + 1) * EVENTS])
            for replica in chance.sample((one, other), 2):
                await passes(stack, wave * EVENTS + chance.randrange(EVENTS // 2))
                replica.kill()
                harm["killed"] += await replica.ended() == -SIGKILL
                harm["in the middle"] += await folded(stack) < (wave + 1) * EVENTS
            if wave in others:
                stack.kill(others[wave])
                await stack.restart(others[wave])
            await one.start()
            await other.start()
        await caught_up(stack)
    assert harm["in the middle"] >= waves
    assert harm["killed"] == 2 * waves
    assert await net_facts(stack.database_url) == facts
    assert await net_anomalies(stack.database_url) == anomalies
    assert not await fetch(stack.database_url, "select 1 from metrics.dead_letters")


async def publish(stack: Stack, events: Iterable[CloudEvent]) -> None:
    """Send events as ingest does."""
    messages = (Message(envelope.encode(event), event.subject.encode()) for event in events)
    await send(stack.kafka_bootstrap_servers, messages)


PLAN = """
plan: harm
settle: 0s
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
RECIPIENTS = ("hr", "head")
UNITS_A_WAVE = 8
WAVES = 3
"""In each the alerts service is killed at the first mail: it has arrived, and nobody told the service."""


def too_many_consultants(unit: str) -> list[make.Event]:
    """A unit where a third of the work has been done by consultants for two months."""
    staff = [make.employment_started(f"{unit}-{n}", "2024-01-01", unit) for n in range(2)]
    return [*staff, make.assignment_started(f"{unit}-k", "2025-11-01", unit)]


async def test_no_alert_is_lost(stack: Stack, tmp_path: Path):
    """Metrics, alerts and the mail server killed while alerts fire: each is mailed, repeats under the same id."""
    plan = tmp_path / "plan.yaml"
    plan.write_text(PLAN)
    postmaster, units = Postmaster(), list[str]()
    async with AsyncExitStack() as open_now:
        port = await open_now.enter_async_context(listening(postmaster))
        today = {"STADGA_TODAY": LAST.isoformat()}
        mailing = {"STADGA_PLANS": str(plan), "SMTP_URL": f"smtp://127.0.0.1:{port}"}
        metrics = await open_now.enter_async_context(killable(stack, "metrics", **today))
        alerts = await open_now.enter_async_context(killable(stack, "alerts", **today, **mailing))
        for wave in range(WAVES):
            postmaster.before_answer = lambda _: alerts.kill()
            fresh = [f"unit-{wave}-{n}" for n in range(UNITS_A_WAVE)]
            await send(
                stack.kafka_bootstrap_servers, (message(e) for unit in fresh for e in too_many_consultants(unit))
            )
            units += fresh
            await asyncio.wait_for(alerts.ended(), 90)
            postmaster.before_answer = lambda _: None
            metrics.kill()
            postmaster.to_data["hr@kommun.example"] = [HANG_UP]
            await metrics.ended()
            await metrics.start()
            await alerts.start()
        await until(lambda: firing(alerts.service, units), "all alerts to fire and to be mailed")
        await until(lambda: nothing_waits(stack), "the outbox to be empty")
        wanted = {(alert["episode"], to) for alert in await told_of(alerts.service) for to in RECIPIENTS}
        sent = await fetch(stack.database_url, "select episode, recipient, message_id from alerts.outbox")
    letters = {row["message_id"] for row in sent}
    assert {(row["episode"], row["recipient"]) for row in sent} == wanted
    assert (len(wanted), len(sent)) == (len(units) * len(RECIPIENTS),) * 2
    assert {identity for _, identity in postmaster.received} == letters
    assert len(postmaster.received) >= len(letters) + WAVES


async def firing(alerts: Service, units: list[str]) -> bool:
    """Whether the alerts of exactly these units fire."""
    return {alert["unit"] for alert in await told_of(alerts)} == set(units)


async def told_of(alerts: Service) -> list[dict[str, str]]:
    """The alerts that fire, as the API shows them."""
    answer = await alerts.ask("/v1/alerts", state="firing")
    return list(answer.json()["alerts"]) if answer.is_success else []


async def nothing_waits(stack: Stack) -> bool:
    """Whether every mail is known to be sent."""
    return not await fetch(stack.database_url, "select 1 from alerts.outbox where state <> 'sent'")
