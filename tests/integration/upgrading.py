"""Two neighbouring releases on one database and one Kafka: a load that goes on, and who of them runs meanwhile."""

import asyncio
import itertools
import sys
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date
from email import message_from_bytes
from functools import partial
from pathlib import Path
from signal import SIGKILL
from typing import NamedTuple

import httpx

from cli.local.stack import SERVICES, Stack, migrations, topics
from cli.offline.computing.log import Computed
from cli.simulation.log import simulate
from shared.contracts import envelope
from shared.contracts.catalogue import BY_NAME
from shared.contracts.envelope import BATCH
from shared.contracts.topics import HR_EVENTS
from tests import builders as make
from tests.conftest import here
from tests.harm import accounts
from tests.integration.computing import computed, every_row_of
from tests.integration.ingesting import everything
from tests.integration.metering import Killable, caught_up, fetch
from tests.integration.publications import latest_values, published
from tests.polling import until
from tests.previous import ROOT, Code

LAST = date(2025, 12, 31)
PEOPLE, UNITS = 150, 6
AT_ONCE = 40
AGAIN = 4
"""Every batch of so many is sent once more."""
HEADERS = {"authorization": "Bearer local", "content-type": BATCH}
TOPICS = "import asyncio, sys; from cli.local.stack import topics; asyncio.run(topics.create(sys.argv[1]))"
MIGRATE = "import asyncio, sys; from cli.local.stack import migrations; asyncio.run(migrations.migrate(sys.argv[1]))"
PLAN = """
plan: upgrade
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


def background(count: int) -> list[bytes]:
    """Events of a municipality whose systems are late, wrong and contradictory: with corrections and retractions."""
    events = simulate(7, PEOPLE, UNITS, first=date(2025, 1, 1), last=LAST, hostility=1, troubled="auto")
    return [envelope.encode(event) for event in itertools.islice(events, count)]


def breached(unit: str) -> list[bytes]:
    """A unit of which a third of the work has been done by consultants for two months."""
    staff = [make.employment_started(f"{unit}-{n}", "2024-01-01", unit) for n in range(2)]
    return [make.encoded(e) for e in (*staff, make.assignment_started(f"{unit}-k", "2025-11-01", unit))]


Told = dict[tuple[str, str, str, str], dict[str, object]]


class Load:
    """What is sent over HTTP, to whichever replica of ingest answers; what is not confirmed is sent again."""

    def __init__(self) -> None:
        """Nothing is sent yet, and there is nobody to send it to."""
        self.doors: set[str] = set()
        self.sent = self.repeated = 0
        self._turn = 0

    async def send(self, events: Sequence[bytes]) -> None:
        """All of it, some of it twice."""
        async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
            for start in range(0, len(events), AT_ONCE):
                some = events[start : start + AT_ONCE]
                twice = not (start // AT_ONCE) % AGAIN
                for _ in range(1 + twice):
                    await until(partial(self._taken, client, some), "a batch to be taken")
                self.sent += len(some)
                self.repeated += twice * len(some)

    async def _taken(self, client: httpx.AsyncClient, some: Sequence[bytes]) -> bool:
        doors = sorted(self.doors)
        if not doors:
            return False
        self._turn += 1
        door = doors[self._turn % len(doors)]
        try:
            answer = await client.post(f"{door}/v1/events", content=b"[" + b",".join(some) + b"]", headers=HEADERS)
        except httpx.TransportError:
            return False
        assert answer.status_code in {202, 503}, answer.text
        return answer.status_code == httpx.codes.ACCEPTED


class Release:
    """A replica of each service, of one release."""

    def __init__(self, stack: Stack, load: Load, settings: Mapping[str, str]) -> None:
        """Nothing runs yet."""
        self.replicas = {name: Killable(stack, name, **settings) for name in SERVICES}
        self._load = load

    async def start(self) -> None:
        """Start all, wait until each is sent work, and send it some."""
        for replica in self.replicas.values():
            await replica.start()
        await self._serve(self.replicas)
        self._load.doors.add(self.replicas["ingest"].service.url)

    async def _serve(self, names: Iterable[str]) -> None:
        for name in names:
            await until(partial(serves, self.replicas[name]), f"{name} to be ready")

    async def stop(self) -> None:
        """As whoever rolls out: no work any more, then an end in their own time."""
        self._load.doors.discard(self.replicas["ingest"].service.url)
        ended = await asyncio.gather(*(replica.terminate() for replica in self.replicas.values()))
        assert dict(zip(self.replicas, ended, strict=True)) == dict.fromkeys(self.replicas, 0)

    async def crash(self, *names: str) -> None:
        """End some with −9, start them again, and wait until each is sent work."""
        for name in names:
            self.replicas[name].kill()
            assert await self.replicas[name].ended() == -SIGKILL
            await self.replicas[name].start()
        await self._serve(names)

    async def kill(self) -> None:
        """Whatever is left of it."""
        for replica in self.replicas.values():
            replica.kill()
            await replica.ended()


async def serves(replica: Killable) -> bool:
    """Whether it is ready, in whatever words its release says so."""
    return (await replica.service.ask("/readyz")).status_code == httpx.codes.OK


class Pair(NamedTuple):
    """Both releases over one stack that the old one has set up, and the load."""

    stack: Stack
    load: Load
    old: Release
    new: Release

    async def migrate(self) -> None:
        """Bring the database and the topics to the new release, whoever runs."""
        await topics.create(self.stack.kafka_bootstrap_servers)
        await migrations.migrate(self.stack.database_url)


@asynccontextmanager
async def pair(folder: Path, code: Code) -> AsyncIterator[Pair]:
    """Kafka, PostgreSQL and a mailbox as the old release leaves them; neither release runs yet."""
    async with _started(folder, code) as both:
        await run(code, TOPICS, both.stack.kafka_bootstrap_servers)
        await run(code, MIGRATE, both.stack.database_url)
        yield both


@asynccontextmanager
async def alone(folder: Path) -> AsyncIterator[Pair]:
    """The same as the new release leaves them, of which the old one knows nothing."""
    async with _started(folder, Code(ROOT)) as both:
        await topics.create(both.stack.kafka_bootstrap_servers)
        await both.migrate()
        yield both


@asynccontextmanager
async def _started(folder: Path, code: Code) -> AsyncIterator[Pair]:
    plan = folder / "plan.yaml"
    plan.write_text(PLAN)
    settings = {"STADGA_TODAY": LAST.isoformat(), "STADGA_PLANS": str(plan)}
    stack = Stack(folder / "stack", here(**settings), leashed=True)
    async with AsyncExitStack() as stopped:
        stopped.push_async_callback(stack.stop)
        await stack.start(["kafka", "postgres", "mailbox"])
        load = Load()
        old, new = Release(stack, load, settings | code.environment), Release(stack, load, settings)
        for release in (old, new):
            stopped.push_async_callback(release.kill)
        yield Pair(stack, load, old, new)


async def run(code: Code, program: str, argument: str) -> None:
    """A few lines of Python with the code of a release."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, argument, env=here(**code.environment), cwd=code.folder
    )
    assert await process.wait() == 0


def noticed(units: Collection[str]) -> list[tuple[str, str, str]]:
    """What ``mailed`` is of units that are breached once."""
    return [(unit, to, "hold_met") for unit in sorted(units) for to in sorted(RECIPIENTS)]


async def same_in_the_end(stack: Stack, folder: Path, units: Collection[str]) -> None:
    """What the new release says, once all is told, is what one pass over ``hr.events`` comes to."""
    differ = list[str]()

    async def told() -> bool:
        differ[:] = (await as_a_clean_pass(stack, folder))[:20]
        return not differ

    await caught_up(stack)
    try:
        await until(told, "all to be as by a clean pass")
    except AssertionError:
        assert differ == []
    await until(lambda: each_once(stack, units), "each unit to be noticed once, by everybody")
    await until(lambda: arrived_as_sent(stack), "every mail to have arrived")


async def each_once(stack: Stack, units: Collection[str]) -> bool:
    """Whether each of the units was noticed once by everybody."""
    return await mailed(stack, units) == noticed(units)


async def mailed(stack: Stack, units: Collection[str]) -> list[tuple[str, str, str]]:
    """Of alerts of some units: unit, recipient and reason of each notice there is."""
    query = (
        "select unit, recipient, reason from alerts.outbox join alerts.episodes e on e.id = episode order by 1, 2, 3"
    )
    return [tuple(row) for row in await fetch(stack.database_url, query) if row["unit"] in units]


async def arrived_as_sent(stack: Stack) -> bool:
    """Whether every notice is sent, and what arrived has the Message-IDs that they left under, and no other."""
    rows = await fetch(stack.database_url, "select state, message_id from alerts.outbox")
    arrived = [message_from_bytes(file.read_bytes()) for file in stack.mail_folder.glob("*.eml")]
    return {row["state"] for row in rows} == {"sent"} and {row["message_id"] for row in rows} == {
        mail["Message-ID"] for mail in arrived
    }


async def log_of(stack: Stack, folder: Path) -> Computed:
    """What is on ``hr.events``, as ``stadga compute`` reads it."""
    file = folder / "log.jsonl"
    file.write_bytes(b"\n".join(r.value for r in await everything(stack.kafka_bootstrap_servers, HR_EVENTS)))
    return computed([file])


async def as_a_clean_pass(stack: Stack, folder: Path) -> list[str]:
    """What the ledger, and what is published, say otherwise than one pass over ``hr.events`` by this release.

    Health aside: what was told of a month stays told.
    """
    differ = await accounts.facts_differ(stack)
    told, today = await last_told(stack), LAST.isoformat()
    clean = every_row_of(await log_of(stack, folder), today)
    return differ + [
        f"{unit} {who} {name}: {told.get((unit, who, today, name))} published, {value} clean"
        for (unit, who), values in clean.items()
        for name, value in values.items()
        if not BY_NAME[name].by_month and told.get((unit, who, today, name)) != value
    ]


async def last_told(stack: Stack) -> Told:
    """The last published values, by unit, occupation, day and metric, but for health."""
    found = latest_values(await published(stack))
    return {
        place: {side: told for side, told in value.items() if side != "definition"}
        for place, value in found.items()
        if not BY_NAME[place[-1]].by_month
    }
