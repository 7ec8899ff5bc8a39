"""Two tenants on one Kafka and one PostgreSQL, alike in every reference, with marks by which each is recognised.

Both have the same units, persons, sources, ids of events, plans, recipients and secrets. What differs bears the name
of its tenant, which is a bird's, or is a number that only that tenant has.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import httpx
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord

from cli.local.stack import Stack, migrations, topics
from shared.access.tokens import sha256
from shared.contracts.envelope import BATCH
from shared.contracts.tenants import Tenant
from shared.contracts.topics import ALL
from tests import builders as make
from tests.conftest import beside, execute, here
from tests.polling import PATIENCE, until

TODAY = "2026-06-30"
UNIT, OCCUPATION = "ifo", "socialsekreterare"
PEOPLE = 14
SCOPES = "events:write, metrics:read, alerts:read, alerts:write, prometheus:scrape, operate, delegate, persons:manage"
PLAN = """\
plan: plan
title: Färre ärenden i {name}
settle: 0s
scope: {{units: [{unit}]}}
recipients:
  hr: {{email: hr@{name}.example, language: sv}}
targets:
  - id: cases
    metric: caseload
    breach: {{above: 10}}
    notify: [hr]
"""


class Neighbour:
    """One tenant: its services, and what it alone has. ``figure`` is how many cases each of its people has."""

    def __init__(self, name: str, figure: int, stack: Stack, database: str) -> None:
        """Nothing is started."""
        self.name, self.figure, self.stack, self.database = name, figure, stack, database
        self.tenant = Tenant(name)

    @property
    def token(self) -> str:
        """Of everything, at this tenant's services."""
        return token(self.name)

    def url(self, service: str) -> str:
        """Where a service answers."""
        return self.stack.address(service)

    def topic(self, number: int) -> str:
        """A topic of the contract, by its place there."""
        return self.tenant.topic(ALL[number]).name

    async def ask(self, service: str, path: str, *, token: str | None = None, **question: str) -> httpx.Response:
        """One GET, with its own token unless another is given."""
        async with httpx.AsyncClient(base_url=self.url(service), timeout=PATIENCE, trust_env=False) as client:
            headers = {"authorization": f"Bearer {self.token if token is None else token}"}
            return await client.get(path, params=question, headers=headers)

    async def post(self, events: list[make.Event], token: str | None = None, **headers: str) -> httpx.Response:
        """A batch of events, to its door."""
        async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
            said = {"authorization": f"Bearer {token or self.token}", "content-type": BATCH} | headers
            return await client.post(f"{self.url('ingest')}/v1/events", content=make.batch(events), headers=said)

    async def caseload(self) -> float | None:
        """Cases a person in the unit, today."""
        answer = await self.ask("metrics", "/v1/metrics", unit=UNIT, metrics="caseload")
        if answer.status_code != httpx.codes.OK:
            return None
        found = [group["metrics"]["caseload"].get("value") for group in answer.json()["groups"]]
        return found[0] if found else None

    def marks(self) -> "Marks":
        """What is this tenant's and nobody else's."""
        return Marks(self.name, self.figure)


class Marks:
    """Finds what is a tenant's in any text or bytes."""

    def __init__(self, name: str, figure: int) -> None:
        """Its name, in whatever case, as bytes and as PostgreSQL shows bytes; and its figure as a number."""
        spaced = rf"{figure // 1000}(?:\s|,|\xc2\xa0|\xe2\x80\xaf|&nbsp;)?{figure % 1000:03}"
        looked_for = rf"{name}|{name.encode().hex()}|(?<![\w.-]){spaced}(?:[.,]0)?(?![\w.-])"
        self._looked_for = re.compile(looked_for.encode("latin-1"), re.IGNORECASE)

    def found(self, text: str | bytes) -> list[str]:
        """What is found, with what stands around it."""
        body = text.encode(errors="replace") if isinstance(text, str) else text
        return [
            body[max(0, one.start() - 60) : one.end() + 60].decode(errors="replace")
            for one in self._looked_for.finditer(body)
        ]


def token(name: str) -> str:
    """The token of a tenant."""
    return f"token-of-{name}"


def log(figure: int, name: str) -> Iterator[make.Event]:
    """A unit, its people, and the cases of each; ids, references and times are the same whatever the figure is."""
    names = {"id": "unit", "time": "2025-01-01T08:00:00Z"}
    unit = {"effective": "2025-01-01", "name": f"Enheten {name}", "level": "unit"}
    yield make.event("hr.unit.defined.v1", f"unit/{UNIT}", unit, **names)
    for number in range(PEOPLE):
        yield make.employment_started(
            f"person-{number}", "2025-01-01", UNIT, OCCUPATION, id=f"start-{number}", case_holder=True
        )
        yield make.caseload_reported(f"person-{number}", "2026-06-01", figure, id=f"cases-{number}")


@asynccontextmanager
async def neighbours(folder: Path, **settings: str) -> AsyncIterator[tuple[Neighbour, Neighbour]]:
    """Both, with their services running, and their logs taken in."""
    shared = Stack(folder / "shared", here(), leashed=True)
    both: list[Neighbour] = []
    try:
        await shared.start(["kafka", "postgres", "mailbox"])
        for name, figure in (("alfagylling", 4_219), ("betatrast", 7_873)):
            both.append(await _moved_in(name, figure, shared, folder, settings))
        await asyncio.gather(*(_settled(one) for one in both))
        yield both[0], both[1]
    finally:
        await asyncio.gather(*(one.stack.stop() for one in both))
        await shared.stop()


async def _moved_in(name: str, figure: int, shared: Stack, folder: Path, settings: dict[str, str]) -> Neighbour:
    home, database = folder / name, beside(shared.database_url, name)
    home.mkdir()
    await execute(shared.database_url, f"create database {name}")
    told = _settings(name, home, folder) | shared.environment() | {"DATABASE_URL": database} | settings
    stack = Stack(home / "stack", here(**told), leashed=True)
    one = Neighbour(name, figure, stack, database)
    await topics.create(shared.kafka_bootstrap_servers, tenant=one.tenant)
    await migrations.migrate(database, one.tenant)
    await stack.start()
    return one


def _settings(name: str, home: Path, folder: Path) -> dict[str, str]:
    """What the two have in common but for the name."""
    plans, key = home / "plans", folder / "link.key"
    plans.mkdir()
    key.write_bytes(b"k" * 40)
    (plans / "plan.yaml").write_text(PLAN.format(name=name, unit=UNIT))
    held = f"{{sha256: {sha256(token(name))}, scopes: [{SCOPES}], sources: ['*']}}"
    (home / "tokens.yaml").write_text(f"tenant: {name}\ntokens: {{all: {held}}}\n")
    (home / "token").write_text(token(name))
    return {
        "STADGA_TENANT": name,
        "STADGA_TODAY": TODAY,
        "STADGA_TOKENS_FILE": str(home / "tokens.yaml"),
        "STADGA_METRICS_TOKEN_FILE": str(home / "token"),
        "STADGA_PLANS": str(plans),
        "STADGA_LINK_KEY_FILE": str(key),
        "STADGA_PSEUDONYM_KEY": "one key for both, by mistake",
        "STADGA_MAIL_POLL": "0.1",
        "STADGA_DEAD_LETTERS_IN_A_ROW": "0",
        "STADGA_DEAD_LETTERS_A_MINUTE": "0",
    }


async def _settled(one: Neighbour) -> None:
    """Until its log has come to a value, and the value to an alert."""
    answer = await one.post(list(log(one.figure, one.name)))
    assert answer.json() == {"accepted": 2 * PEOPLE + 1, "rejected": [], "duplicates": [], "warnings": []}, answer.text

    async def valued() -> bool:
        return await one.caseload() == one.figure

    async def raised() -> bool:
        answer = await one.ask("alerts", "/v1/alerts")
        return [alert["state"] for alert in answer.json()["alerts"]] == ["firing"]

    await until(valued, f"{one.name} has its value")
    await until(raised, f"{one.name} has its alert")


async def everything(servers: str, topic: str) -> list[ConsumerRecord]:
    """Every message of a topic that can be read now."""
    async with AIOKafkaConsumer(
        topic, bootstrap_servers=servers, auto_offset_reset="earliest", isolation_level="read_committed"
    ) as consumer:
        ends, records = await consumer.end_offsets(consumer.assignment()), []
        while any([await consumer.position(tp) < end for tp, end in ends.items()]):
            records += [one for some in (await consumer.getmany(timeout_ms=200)).values() for one in some]
    return records


Sent = tuple[bytes | None, bytes | None, list[tuple[str, bytes]]]


async def send(servers: str, topic: str, records: list[Sent]) -> set[tuple[int, int]]:
    """Messages onto a topic, as (key, value, headers); where they came to stand."""
    async with AIOKafkaProducer(bootstrap_servers=servers, acks="all") as producer:
        sent = [await producer.send(topic, value, key, headers=headers) for key, value, headers in records]
        told = await asyncio.gather(*sent)
    return {(one.partition, one.offset) for one in told}


async def every_row(database: str) -> dict[str, str]:
    """Every table of every schema of a database, as text."""
    connection = await asyncpg.connect(database)
    try:
        found: list[Any] = await connection.fetch(
            "select schemaname, tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"
        )
        return {
            f"{schema}.{table}": "\n".join(
                row[0]
                for row in await connection.fetch(f'select t::text from "{schema}"."{table}" t')  # noqa: S608
            )
            for schema, table in found
        }
    finally:
        await connection.close()
