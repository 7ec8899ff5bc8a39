"""The alerts service as a process of its own, the values it is fed, and what it made of them."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import msgspec
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from shared.contracts import envelope
from shared.contracts.metrics import COMPUTED, GroupComputed, MetricValue, key
from shared.contracts.topics import WORKFORCE_ALERTS, WORKFORCE_METRICS, Topic
from tests.conftest import Mail
from tests.polling import PATIENCE, until

TODAY = date(2026, 6, 30)
BAD, GOOD = 0.30, 0.05

PLAN = """\
plan: {plan}
settle: 0s
scope: {{units: [{units}]}}
recipients:
  hr: {{email: hr@kommun.example, language: sv}}
  head: {{email: chef@kommun.example, language: en}}
targets:
  - id: leavers
    metric: leaver_rate_own_request
    breach: {{above: {above}}}
    clear: {{below: 0.10}}
    hold: 14d
    look_ahead: [30d]
    notify: [hr, head]
"""


def plan(*units: str, name: str = "plan", above: float = 0.20) -> str:
    """A plan for these units: above 20 % for 14 days fires, below 10 % resolves."""
    return PLAN.format(plan=name, units=", ".join(units), above=above)


def group(unit: str, value: float | None, as_of: date, revision: int = 1, today: date = TODAY) -> GroupComputed:
    """The leaver rate of a unit of a hundred; None is suppressed."""
    measured = MetricValue(
        status="suppressed" if value is None else "final",
        definition="stadga:leaver_rate_own_request:1",
        value=value,
        numerator=None if value is None else 100 * value,
        denominator=None if value is None else 100,
        low=None if value is None else value * 0.7,
        high=None if value is None else value * 1.4,
    )
    return GroupComputed(
        unit=unit,
        unit_name=f"Enheten {unit}",
        unit_path=(unit, "*"),
        occupation="*",
        as_of=as_of,
        today=today,
        window_days=365,
        revision=revision,
        metrics={"leaver_rate_own_request": measured},
    )


def history(unit: str, value: float, days: int = 20, revision: int = 1) -> list[GroupComputed]:
    """The same value on each of the last ``days`` days."""
    return [group(unit, value, TODAY - timedelta(back), revision) for back in reversed(range(days))]


def message(values: GroupComputed) -> bytes:
    """As the metrics service sends it."""
    return envelope.encode(
        envelope.CloudEvent(
            specversion="1.0",
            id=uuid4().hex,
            source="stadga/metrics",
            type=COMPUTED,
            subject=f"group/{values.unit}/{values.occupation}",
            time=datetime(2026, 6, 30, tzinfo=UTC),
            data=msgspec.Raw(msgspec.json.encode(values)),
        )
    )


async def publish(servers: str, groups: Iterable[GroupComputed]) -> None:
    """Onto ``workforce.metrics``, each group in its partition."""
    await send(servers, [(key(values), message(values)) for values in groups])


async def send(
    servers: str, messages: Iterable[tuple[bytes | None, bytes | None]], topic: Topic = WORKFORCE_METRICS
) -> None:
    """Any bytes onto a topic, as (key, value)."""
    producer = AIOKafkaProducer(bootstrap_servers=servers, acks="all")
    await producer.start()
    try:
        for name, body in messages:
            await producer.send_and_wait(topic.name, body, key=name)
    finally:
        await producer.stop()


async def alerts_topic(servers: str, plan_name: str) -> list[dict[str, Any]]:
    """Every event of a plan that is on ``workforce.alerts`` now."""
    consumer = AIOKafkaConsumer(
        WORKFORCE_ALERTS.name, bootstrap_servers=servers, group_id=None, auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        ends = await consumer.end_offsets(consumer.assignment())
        events = []
        while any([await consumer.position(part) < end for part, end in ends.items()]):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                events += [msgspec.json.decode(record.value) for record in records]
    finally:
        await consumer.stop()
    return [event for event in events if event["data"]["plan"] == plan_name]


def mails(messages: Iterable[bytes]) -> list[EmailMessage]:
    """What arrived, parsed."""
    return [message_from_bytes(one, policy=policy.default) for one in messages]


async def all_arrived(database: str, smtp: Mail, notices: int) -> bool:
    """Whether so many notices are sent, and what arrived has the Message-IDs that they left under, and no other."""
    sent = await rows(database, "select message_id from outbox where state = 'sent'")
    return len(sent) == notices and {name for (name,) in sent} == {
        mail["Message-ID"] for mail in mails(smtp.messages())
    }


class Watcher:
    """The service: started, killed, started again on the same port; ``get`` asks its API."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        """``settings`` are environment variables; plans lie in ``folder``/plans."""
        self.plans = folder / "plans"
        self.plans.mkdir()
        self._log = (folder / "alerts.log").open("ab")
        self.port = _free_port()
        self._environment = {
            **os.environ,
            "STADGA_ALERTS_PORT": str(self.port),
            "STADGA_PLANS": str(self.plans),
            "STADGA_PLANS_POLL": "0.2",
            "STADGA_MAIL_POLL": "0.1",
            "STADGA_ALERTS_GROUP": f"alerts-{uuid4().hex}",
            "STADGA_TODAY": TODAY.isoformat(),
            **settings,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def on(self, day: date) -> None:
        """From its next start on it is that day."""
        self._environment["STADGA_TODAY"] = day.isoformat()

    async def post(self, path: str, body: dict[str, Any], key: str) -> httpx.Response:
        """An order, under a key of its own."""
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}") as client:
            return await client.post(path, json=body, headers={"Idempotency-Key": key})

    def start(self) -> None:
        """A new process."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "services.alerts"], env=self._environment, stdout=self._log, stderr=self._log
        )

    def kill(self) -> None:
        """End it as a crash would."""
        self._stop(signal.SIGKILL)

    def stop(self) -> None:
        """End it as an operator would."""
        self._stop(signal.SIGTERM)

    def _stop(self, how: signal.Signals) -> None:
        if self._process:
            self._process.send_signal(how)
            self._process.wait(PATIENCE)
            self._process = None

    async def get(self, path: str, **query: str) -> Any:  # noqa: ANN401 -- JSON
        """The answer's JSON; None while nobody answers."""
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}") as client:
            try:
                answer = await client.get(path, params=query)
            except httpx.TransportError:
                return None
        return answer.json() if answer.status_code in {200, 503} and path != "/metrics" else answer.text

    async def problems(self) -> dict[str, str] | None:
        """What /readyz says does not work, by part; None while nobody answers."""
        said = await self.get("/readyz")
        return None if said is None else {one["name"]: one["problem"] for one in said["parts"] if one["problem"]}

    async def sent_work(self) -> bool:
        """Whether whoever sends requests would send them here."""
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}") as client:
            return (await client.get("/readyz")).status_code == httpx.codes.OK

    async def ready(self) -> None:
        """Wait until every part works."""

        async def well() -> bool:
            return await self.problems() == {}

        await until(well, "the alerts service is ready")

    async def states(self, **query: str) -> dict[str, str]:
        """State by unit."""
        answer = await self.get("/v1/alerts", **query)
        return {one["unit"]: one["state"] for one in (answer or {}).get("alerts", [])}


@contextlib.asynccontextmanager
async def watching(folder: Path, **settings: str) -> AsyncIterator[Watcher]:
    """The service with these settings, not started yet; killed at the end."""
    watcher = Watcher(folder, settings)
    try:
        yield watcher
    finally:
        await asyncio.to_thread(watcher.kill)


async def rows(database: str, query: str, *arguments: object) -> list[tuple[Any, ...]]:
    """What a query finds in the schema of the service."""
    connection = await asyncpg.connect(database, server_settings={"search_path": "alerts"})
    try:
        return [tuple(row) for row in await connection.fetch(query, *arguments)]
    finally:
        await connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def started(watcher: Watcher, text: str) -> None:
    """With this plan, and ready."""
    (watcher.plans / "plan.yaml").write_text(text)
    watcher.start()
    await watcher.ready()


async def in_states(watcher: Watcher, expected: dict[str, str], plan_name: str = "plan") -> None:
    """Wait until the alerts of a plan stand so."""

    async def so() -> bool:
        return await watcher.states(plan=plan_name) == expected

    await until(so, f"the alerts are {expected}")
