"""Messages that no service should have sent: each is put aside with the reason, and its neighbours are folded."""

import asyncio
import itertools
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import msgspec
import pytest

from cli.local.stack import Stack
from services.metrics.domain.record import room
from tests import builders as make
from tests.conftest import execute
from tests.integration.metering import (
    Message,
    caught_up,
    clean_pass,
    fetch,
    message,
    metrics,
    net_facts,
    send,
    standing,
)
from tests.polling import until

PARTITION = 3
STADGA = Path(sys.executable).with_name("stadga")
_numbers = itertools.count()


@pytest.fixture(scope="module")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """A metrics service on real Kafka and PostgreSQL."""
    async with standing(tmp_path_factory.mktemp("poison"), "metrics") as running:
        yield running


def event(**fields: object) -> make.Event:
    """An event of a person of its own."""
    return make.employment_started(f"p{next(_numbers)}", "2024-01-01", **fields)


def raw(value: bytes | None, **more: object) -> Message:
    """A message of any bytes."""
    return Message(value, b"k", PARTITION, **more)


def without(name: str) -> make.Event:
    """An event that lacks an attribute."""
    return {key: value for key, value in event().items() if key != name}


EVENT = event()
LONG = "".join(chr(0x4E00 + n * n * 7919 % 20_899) for n in range(500))
"""Text as long as the contract lets it be, of characters that do not compress."""
BACKWARDS = make.time_reported(EVENT["subject"][7:], "2024-03-02", "2024-03-01", 8, overtime_hours=1)
POISON = [
    (b"\x00\xff garbage", "not_json", ""),
    (b"", "empty_message", ""),
    (None, "empty_message", ""),
    (b"null", "wrong_type", ""),
    (b'{"id": "\xe5"}', "not_json", ""),
    (make.encoded(EVENT).replace(b'"data":{', b'"data":{"deep":' + b"[" * 100_000), "not_json", "recursion"),
    (make.encoded(EVENT | {"type": "hr.person.promoted.v1"}), "unknown_type", "hr.person.promoted.v1"),
    (make.encoded(EVENT | {"subject": "vacancy/v"}), "wrong_type", "$.subject"),
    (make.encoded(EVENT | {"subject": "person/"}), "wrong_type", "$.subject"),
    (
        make.encoded(EVENT | {"data": {"effective": "soon", "unit": "u", "occupation": "o"}}),
        "wrong_type",
        "$.effective",
    ),
    (make.encoded(EVENT | {"data": {"effective": "9999-12-31", "unit": "u", "occupation": "o"}}), "wrong_type", "1900"),
    (make.encoded(EVENT | {"data": {"unit": "u", "occupation": "o"}}), "wrong_type", "effective"),
    (make.encoded(EVENT | {"time": "yesterday"}), "wrong_type", "$.time"),
    (make.encoded(without("data")), "not_json", ""),
    (make.encoded(without("subject")), "wrong_type", "subject"),
    (make.encoded(BACKWARDS), "wrong_type", "$.data.to"),
    (make.encoded(event(unit="u\0x")), "refused_by_database", "0x00"),
    (make.encoded(event(id="i\0d")), "refused_by_database", "0x00"),
    (make.encoded(make.employment_started("p\0", "2024-01-01")), "refused_by_database", "0x00"),
    (
        make.encoded(event(id=LONG, source=LONG[::-1]) | {"subject": f"person/{LONG[:400]}"}),
        "refused_by_database",
        "index row",
    ),
]


@pytest.mark.parametrize(("value", "reason", "said"), POISON, ids=lambda value: repr(value)[:30])
async def test_poison(stack: Stack, value: bytes | None, reason: str, said: str):
    """It goes to the dead letters with its bytes and the reason; what comes before and after it is folded."""
    service = metrics(stack)
    before, dead = (
        await net_facts(stack.database_url),
        await service.counted("stadga_metrics_events_total", outcome="dead"),
    )
    good = [event(), event()]
    await send(stack.kafka_bootstrap_servers, [message(good[0], PARTITION), raw(value), message(good[1], PARTITION)])
    await caught_up(stack)
    facts = await net_facts(stack.database_url)
    assert {place: delta - before.get(place, 0) for place, delta in facts.items() if delta != before.get(place)} == (
        clean_pass(good)[0]
    )
    newest = 'select * from metrics.dead_letters order by "offset" desc limit 1'
    letter = (await fetch(stack.database_url, newest))[0]
    assert (letter["topic"], letter["partition"], letter["value"]) == ("hr.events", PARTITION, value)
    assert (letter["reason"], said in letter["error"]) == (reason, True)
    assert await service.counted("stadga_metrics_events_total", outcome="dead") == dead + 1
    assert await service.ready()


async def test_message_without_headers_or_key(stack: Stack):
    """What a message says is all in its value."""
    good = event()
    await send(stack.kafka_bootstrap_servers, [Message(make.encoded(good), None, PARTITION)])
    await caught_up(stack)
    assert await folded(stack, good)


async def test_headers_do_not_matter(stack: Stack):
    """Foreign headers are passed over."""
    good = event()
    headers = [("ce_type", b"nonsense"), ("content-type", b"\xff")]
    await send(stack.kafka_bootstrap_servers, [Message(make.encoded(good), b"k", PARTITION, headers)])
    await caught_up(stack)
    assert await folded(stack, good)


async def test_events_of_the_plan_are_left_to_others(stack: Stack):
    """A measure's status is no concern of this service, and no dead letter."""
    before = len(await fetch(stack.database_url, "select 1 from metrics.dead_letters"))
    await send(
        stack.kafka_bootstrap_servers, [message(make.measure_updated("plan", "mentor", "2024-05-01"), PARTITION)]
    )
    await caught_up(stack)
    assert len(await fetch(stack.database_url, "select 1 from metrics.dead_letters")) == before


async def test_poison_among_a_subjects_own_events(stack: Stack):
    """One bad report of a person does not take the person's good ones along."""
    good = event()
    person = good["subject"].removeprefix("person/")
    bad = make.time_reported(person, "2024-03-02", "2024-03-01", 8, overtime_hours=1)
    absence = make.absence_started(person, "a", "2024-02-01", last_day="2024-02-10")
    await send(stack.kafka_bootstrap_servers, [message(e, PARTITION) for e in (good, bad, absence)])
    await caught_up(stack)
    assert await folded(stack, good, absence)


async def test_a_person_who_fills_a_record_up(stack: Stack):
    """What its record has no room for is put aside without end, its neighbours are folded, and health is alive."""
    service = metrics(stack)
    jobs = [
        make.employment_started("full", f"{1950 + n // 4}-01-{1 + n % 4:02}", employment=f"e{n}") for n in range(150)
    ]
    neighbours = [event() for _ in range(4)]
    arriving = [neighbours[0], *jobs, *neighbours[1:]]
    await send(stack.kafka_bootstrap_servers, [message(e, PARTITION) for e in arriving])
    await send(stack.kafka_bootstrap_servers, [message(event(), n) for n in range(PARTITION)])
    at_least, answers = asyncio.get_running_loop().time() + 2, list[bool]()
    while asyncio.get_running_loop().time() < at_least:
        answers.append(await service.alive())
    await caught_up(stack)
    assert all(answers)
    for neighbour in neighbours:
        assert await folded(stack, neighbour)
    query = "select error, count(*) as times from metrics.dead_letters where reason = 'record_full' group by 1"
    (letters,) = await fetch(stack.database_url, query)
    assert (letters["times"], "31 employments" in letters["error"]) == (len(jobs) - room.AT_ONCE, True)
    place = await fetch(stack.database_url, 'select max("offset") as last from metrics.dead_letters')
    _, printed = await command(stack, "retry", f"hr.events/{PARTITION}/{place[0]['last']}")
    assert "refused, record_full" in printed
    assert await service.ready()


async def test_what_cannot_be_written_waits(stack: Stack):
    """While PostgreSQL takes nothing in, lag says how much waits, also where nothing waited before."""
    service = metrics(stack)
    await caught_up(stack)

    async def waits() -> bool:
        return await service.counted("stadga_consumer_lag_messages", topic="hr.events", partition=str(PARTITION)) == 2

    async def nothing_waits() -> bool:
        return await service.counted("stadga_consumer_lag_messages") == 0

    await until(nothing_waits, "the lag to be 0")
    holder = await asyncpg.connect(stack.database_url)
    try:
        async with holder.transaction():
            await holder.execute("lock table metrics.parts in access exclusive mode")
            await send(stack.kafka_bootstrap_servers, [message(event(), PARTITION), message(event(), PARTITION)])
            await until(waits, "the lag to show the messages")
    finally:
        await holder.close()
    await until(nothing_waits, "the lag to be 0")


async def folded(stack: Stack, *events: make.Event) -> bool:
    """Whether the store holds the rows of these events."""
    subjects = {e["subject"] for e in events}
    rows = await fetch(stack.database_url, "select subject, key from metrics.parts")
    held = {(row["subject"], row["key"]) for row in rows}
    assert len(subjects) == 1
    return {(e["subject"], f"{len(e['source'])}:{e['source']}:{e['id']}") for e in events} <= held


async def command(stack: Stack, *arguments: str) -> tuple[int | None, str]:
    """The exit code of ``stadga dead-letters``, and what it printed."""
    process = await asyncio.create_subprocess_exec(
        *(
            STADGA,
            "dead-letters",
            *arguments,
            "--service",
            "metrics",
            "--url",
            stack.address("metrics"),
            "--lang",
            "en",
        ),
        stdout=asyncio.subprocess.PIPE,
    )
    printed, _ = await process.communicate()
    return process.returncode, printed.decode()


async def put_aside(stack: Stack, value: bytes) -> str:
    """Have a message put aside; its place."""
    await send(stack.kafka_bootstrap_servers, [raw(value)])
    await caught_up(stack)
    query = """select max("offset") as last from metrics.dead_letters"""
    return f"hr.events/{PARTITION}/{(await fetch(stack.database_url, query))[0]['last']}"


async def test_dead_letters_are_listed_without_what_they_say(stack: Stack):
    """Where, why, how large and since when; what it says is shown of one that is asked for."""
    place = await put_aside(stack, b"a secret that is no event")
    code, printed = await command(stack, "list", "--format", "json")
    (listed,) = [one for one in msgspec.json.decode(printed) if one["place"] == place]
    assert (code, listed["reason"], listed["bytes"]) == (0, "not_json", 25)
    assert "secret" not in printed
    _, shown = await command(stack, "show", place)
    assert msgspec.json.decode(shown)["value"] == "a secret that is no event"


async def test_a_retry_takes_in_what_can_be(stack: Stack):
    """What can be read by then is folded and no longer kept; the command tells of what is still refused."""
    bad, late = await put_aside(stack, b"junk"), await put_aside(stack, b"in time")
    good = event()
    update = f"update metrics.dead_letters set value = '\\x{make.encoded(good).hex()}' where value = 'in time'"  # noqa: S608  (the bytes are made here)
    await execute(stack.database_url, update)
    code, printed = await command(stack, "retry", bad, late)
    assert (code, printed) == (1, f"1 refused, 1 taken\nmetrics {bad}: refused, not_json\n")
    assert await folded(stack, good)
    assert (await command(stack, "retry", late))[0] == 2


async def test_a_message_is_named_to_be_put_aside(stack: Stack):
    """It is kept for when the service stops there; a place that is none is refused."""
    assert (await command(stack, "add", "hr.events/3/999999", "--reason", "ticket 7"))[0] == 0
    rows = await fetch(stack.database_url, "select * from metrics.set_aside")
    assert [(row["topic"], row["partition"], row["offset"], row["why"]) for row in rows] == [
        ("hr.events", 3, 999_999, "ticket 7")
    ]
    assert (await command(stack, "add", "hr.events/3/-1", "--reason", "no place"))[0] == 2


async def test_messages_under_a_wrong_key_are_counted_and_folded(stack: Stack):
    """Of three, under their subject's key, another and none: two are wrong, and all three are in the ledger."""
    before = await metrics(stack).counted("stadga_metrics_wrong_keys_total")
    good, other, none = event(), event(), event()
    await send(
        stack.kafka_bootstrap_servers,
        [message(good), Message(make.encoded(other), b"k"), Message(make.encoded(none))],
    )
    await caught_up(stack)
    await until(lambda: counted_wrong(stack, before + 2), "two messages under a wrong key")
    subjects = {row["subject"] for row in await fetch(stack.database_url, "select distinct subject from metrics.parts")}
    assert {one["subject"] for one in (good, other, none)} <= subjects


async def counted_wrong(stack: Stack, messages: float) -> bool:
    """Whether so many were."""
    return await metrics(stack).counted("stadga_metrics_wrong_keys_total") == messages
