"""The same log taken in by the stream and loaded whole, and all that came of it, to be compared."""

import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from signal import SIGKILL
from typing import Any, NamedTuple
from uuid import uuid4

import msgspec

from cli.local.stack import Stack, migrations
from cli.simulation.log import simulate
from services.metrics.domain.record.record import SIZE, Section, Stored
from services.metrics.domain.record.refold import content
from shared.contracts import envelope
from shared.contracts.subjects import PERSON_PREFIX
from shared.contracts.topics import HR_EVENTS
from tests import builders as make
from tests.conftest import beside, execute
from tests.integration.metering import (
    Facts,
    Killable,
    Message,
    caught_up,
    fetch,
    killable,
    message,
    net_anomalies,
    net_facts,
)
from tests.polling import until

STREAM = {"STADGA_LOAD": "0", "STADGA_BATCH": "1000"}
WHOLE = {"STADGA_LOAD": "1"}
SAME = (
    "select topic, part, next, digest, stopped from metrics.offsets order by part",
    'select topic, partition, "offset", reason, error from metrics.dead_letters order by partition, "offset"',
    "select source, type, day, events from metrics.source_days order by 1, 2, 3",
    "select source, type, unit, declared, min(first) from metrics.coverage group by 1, 2, 3, 4 order by 1, 2, 3, 4",
    """select source, delivery, max(count), array_agg(distinct event order by event), array(
        select distinct unit from metrics.arrivals one, unnest(one.units) unit where one.key = arrivals.key order by 1)
    from metrics.arrivals, unnest(events) event group by key, source, delivery order by 1, 2""",
    "select sum(events) from metrics.batches",
)
"""What must be the same in every column."""
WRITING = """
select 1 from pg_stat_activity where datname = current_database() and backend_xid is not null
"""


class Ledger(NamedTuple):
    """Net facts, net anomalies, what each row of each record says, and the rest of what a batch writes."""

    facts: Facts
    anomalies: dict[str, int]
    records: dict[tuple[str, str], tuple[Any, ...]]
    rest: list[object]


async def ledger(url: str) -> Ledger:
    """All that came of a log."""
    rows = await fetch(url, "select subject, key, section, lo, hi, body from metrics.parts")
    records = {(subject, key): (*place, _says(Stored(key, *place, body))) for subject, key, *place, body in rows}
    units = await fetch(url, "select distinct on (ref) ref, definitions from metrics.units order by ref, batch desc")
    defined = {ref: sorted(msgspec.msgpack.decode(definitions)) for ref, definitions in units}
    rest = [list(map(tuple, await fetch(url, query))) for query in SAME]
    return Ledger(await net_facts(url), await net_anomalies(url), records, [defined, *rest])


def _says(row: Stored) -> object:
    """Of a part what it says: the order of its events says nothing."""
    return row.body if row.is_event else content(row) or row.body


def log(people: int) -> list[Message]:
    """A hostile log in any order with repeats; half a delivery, poison, and what other services read are in it."""
    told = simulate(11, people, 20, first=date(2023, 10, 1), last=date(2024, 4, 30), hostility=1, troubled="auto")
    messages = [Message(envelope.encode(event), event.subject.encode()) for event in told]
    staff = [make.employment_started(f"late{n}", "2024-02-01", f"u{n}", source="late") for n in range(50)]
    messages += [message({**event, "delivery": "half", "deliverycount": 60}) for event in staff]
    messages += [Message(b"no event %d" % n, b"k%d" % n) for n in range(40)]
    messages += [message(make.measure_updated("plan", f"m{n}", "2024-01-01")) for n in range(20)]
    chance = random.Random(people)  # noqa: S311  (a seed makes the same order each time)
    messages += chance.sample(messages, len(messages) // 5)
    chance.shuffle(messages)
    return messages


async def database(stack: Stack, to: str = "heads") -> str:
    """URL of a new database with every migration, or those up to one."""
    name = f"ledger_{uuid4().hex}"
    await execute(stack.database_url, f"create database {name}")
    url = beside(stack.database_url, name)
    await migrations.migrate(url, to=to)
    return url


@asynccontextmanager
async def taking(stack: Stack, url: str, **settings: str) -> AsyncIterator[Killable]:
    """A metrics service over a database of its own, to be killed."""
    own = {"DATABASE_URL": url, "STADGA_GROUP": url.rsplit("_", 1)[1], **settings}
    async with killable(stack, "metrics", **own) as process:
        yield process


async def batches(url: str) -> int:
    """How many transactions of events there were."""
    [row] = await fetch(url, "select count(*) from metrics.batches where events > 0")
    return int(row["count"])


async def taken(url: str) -> int:
    """How many partitions are taken in, or begun to be."""
    [row] = await fetch(url, "select count(*) from metrics.offsets where next > 0")
    return int(row["count"])


async def writes(url: str) -> bool:
    """Whether a transaction has written something, and is not over."""
    return bool(await fetch(url, WRITING))


def loaders(process: Killable) -> list[int]:
    """The processes that load for a service."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return [int(pid) for pid in children if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]


async def killed_while_loading(stack: Stack, url: str, times: int) -> Counter[str]:
    """Load the log into a database; the service is killed so many times meanwhile: as processes begin, while a
    transaction writes, once another partition is taken.
    """
    harm = Counter[str]()
    async with taking(stack, url, **WHOLE) as service:
        for time in range(times):
            before = await taken(url)
            moments = {
                "begun": lambda: loaders(service),
                "writing": lambda: writes(url),
                "one more": lambda before=before: _more(url, before),
            }
            moment = list(moments)[time % len(moments)]
            await until(moments[moment], moment)
            left = loaders(service)
            service.kill()
            harm["killed"] += await service.ended() == -SIGKILL
            await gone(left)
            harm["in the middle"] += await taken(url) < HR_EVENTS.partitions
            await service.start()
        await caught_up(stack, url)
    return harm


async def gone(processes: list[int]) -> None:
    """Wait until none of these processes is left."""
    await until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in processes), "the processes that load to end")


async def _more(url: str, before: int) -> bool:
    return await taken(url) > before


def sizes(told: Ledger) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """By person, the events and absences that each record says it holds, and those that it does hold."""
    said, held = dict[str, list[int]](), dict[str, list[int]]()
    for (subject, key), (section, _, _, says) in told.records.items():
        if not subject.startswith(PERSON_PREFIX):
            continue
        if key == SIZE:
            said[subject] = msgspec.msgpack.decode(says)
            continue
        counts = held.setdefault(subject, [0, 0])
        counts[0] += key[0].isdigit()
        counts[1] += section == Section.absence
    return said, held
