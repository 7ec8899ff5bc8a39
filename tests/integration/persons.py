"""A town with people who have left, what is published of it, and where a person could still be found."""

from typing import Any

import asyncpg
import httpx
from aiokafka import AIOKafkaConsumer, TopicPartition

from cli.local.stack import Stack
from shared.contracts.topics import HR_EVENTS
from tests import builders as make
from tests.integration.metering import UNTOLD, Service, caught_up, ends, fetch
from tests.polling import PATIENCE, until

LEFT = "left-long-ago"
COLLEAGUES = 14
DAYS = ("2023-06-30", "2023-12-31", "2024-03-31", "2024-05-01")
_TABLES = """
select quote_ident(table_schema) || '.' || quote_ident(table_name) as name from information_schema.tables
where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')
"""


def town() -> list[make.Event]:
    """Two units of women of the same age and occupation, and one person who is alone in hers, who has left."""
    told = [make.unit_defined("stad", level="municipality")]
    told += [make.unit_defined(unit, parent="stad") for unit in ("u1", "u2")]
    for n in range(2 * COLLEAGUES):
        unit = f"u{1 + n % 2}"
        told.append(make.employment_started(f"c{n}", "2021-01-01", unit, gender="f", born=1980, id=f"c{n}"))
        month = f"2023-0{1 + n % 9}"
        told.append(make.absence_started(f"c{n}", f"a{n}", f"{month}-05", last_day=f"{month}-11", id=f"ca{n}"))
    return told


def of_person(person: str = LEFT, born: int = 1960, gender: str = "m") -> list[make.Event]:
    """An employment that ended, illness, a move, hours, a correction, something retracted, and a contradiction."""
    time = make.time_reported(person, "2023-05-01", "2023-05-31", 150, id=f"{person}-t")
    return [
        make.employment_started(person, "2022-02-01", gender=gender, born=born, monthly_pay=41_000, id=f"{person}-s"),
        make.absence_started(person, "x", "2023-02-06", id=f"{person}-a"),
        make.absence_ended(person, "x", "2023-03-20", id=f"{person}-b"),
        time,
        make.corrected(time, worked_hours=140, id=f"{person}-c"),
        make.employment_changed(person, "2023-08-01", unit="u2", id=f"{person}-m"),
        make.milestone_reached(person, "introduction_completed", "2022-04-01", id=f"{person}-i"),
        make.employment_ended(person, "2023-10-31", id=f"{person}-e"),
        make.time_reported(person, "2024-02-01", "2024-02-29", 100, id=f"{person}-w"),
    ]


async def ask(service: Service, path: str, body: object) -> httpx.Response:
    """One POST."""
    async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
        return await client.post(service.url + path, json=body)


async def erased(service: Service, *persons: str) -> dict[str, Any]:
    """Persons erased, and that said on hr.events."""
    answer = await ask(service, "/v1/persons/erasings", {"persons": persons, "why": "a test"})
    assert answer.status_code == httpx.codes.ACCEPTED, answer.text
    await said(service)
    found: dict[str, Any] = answer.json()
    return found


async def said(service: Service) -> None:
    """All erasings are done."""

    async def done() -> bool:
        answer = await service.ask("/v1/persons/erasings")
        return answer.is_success and all(one["done"] for one in answer.json()["erasings"])

    await until(done, "erasings to be done")


async def settled(stack: Stack, url: str) -> None:
    """All is taken in, and all of it is told."""
    await caught_up(stack, url)

    async def told() -> bool:
        [row] = await fetch(url, UNTOLD)
        return row["count"] == 0

    await until(told, "health to be told of")


async def values(service: Service, **question: str) -> list[Any]:
    """What is published of all groups on several days."""
    return [await service.groups(day, **question) for day in DAYS]


async def places(url: str, name: str) -> list[str]:
    """Where in the database a name stands, as text or as bytes: table and row."""
    connection = await asyncpg.connect(url)
    try:
        found = []
        for table in [row["name"] for row in await connection.fetch(_TABLES)]:
            rows = await connection.fetch(f"select * from {table}")  # noqa: S608
            found += [f"{table} {tuple(row)}" for row in rows if any(_holds(value, name) for value in row)]
        return found
    finally:
        await connection.close()


def _holds(value: object, name: str) -> bool:
    return name.encode() in value if isinstance(value, bytes) else name in str(value)


async def messages(servers: str) -> list[tuple[bytes | None, bytes | None]]:
    """Keys and values of hr.events."""
    found = []
    async with AIOKafkaConsumer(bootstrap_servers=servers, isolation_level="read_committed") as consumer:
        for partition, end in (await ends(servers)).items():
            at = TopicPartition(HR_EVENTS.name, partition)
            consumer.assign([at])
            await consumer.seek_to_beginning(at)
            while await consumer.position(at) < end:
                records = await consumer.getmany(at, timeout_ms=1_000)
                found += [(one.key, one.value) for some in records.values() for one in some]
    return found


async def by_unit(url: str) -> dict[tuple[str, int, int], int]:
    """Net facts of each unit, whoever they are of."""
    rows = await fetch(
        url,
        """select unit, measure, day, sum(delta)::bigint as delta from metrics.facts join metrics.cells on id = cell
        group by 1, 2, 3 having sum(delta) <> 0""",
    )
    return {(row["unit"], row["measure"], row["day"]): row["delta"] for row in rows}


def differences(found: list[Any], wanted: list[Any]) -> list[str]:
    """Values that differ, in words."""
    return [
        f"{day} {group} {name}: {one.get(group, {}).get(name)} is not {other.get(group, {}).get(name)}"
        for day, one, other in zip(DAYS, found, wanted, strict=True)
        for group in sorted(one.keys() | other.keys())
        for name in sorted(one.get(group, {}).keys() | other.get(group, {}).keys())
        if one.get(group, {}).get(name) != other.get(group, {}).get(name)
    ]
