"""What must hold whatever was taken away: nothing accepted is lost, facts are those of a clean pass, mails arrived."""

import re
import time
from collections import Counter
from typing import NamedTuple

import asyncpg
import msgspec

from cli.local.stack import Stack
from shared.contracts.topics import HR_EVENTS
from tests.e2e.test_harm import RECIPIENTS
from tests.harm import accounts, doors
from tests.harm.estate.estate import SERVICES, Estate
from tests.harm.estate.load import Load
from tests.harm.town import looked
from tests.integration.ingesting import everything
from tests.integration.metering import Service, caught_up, clean_pass, fetch, net_facts
from tests.polling import until

QUIET = 600.0
"""Seconds within which all is taken in and told, once nothing new comes."""
MESSAGE_ID = re.compile(rb"(?im)^message-id:\s*(<[^>]+>)")
MAILS = "select state, message_id, recipient, occasion ->> 'unit' as unit from alerts.outbox order by id"
UNFINISHED = "select 1 from alerts.outbox where state in ('settling', 'pending') limit 1"


class Verdict(NamedTuple):
    """A comparison: how much there was, and what was wrong with it."""

    events: int
    facts: int
    mails: int
    arrived: int
    repeated: int
    lost: int
    faults: tuple[str, ...]


async def quiet(estate: Estate, load: Load) -> None:
    """Wait until all that was handed over is taken in, judged and told of; fails naming what is not."""
    ingest, alerts = Service(estate.address("ingest")), Service(estate.address("alerts"))

    async def taken() -> bool:
        ready, waiting = await looked(ingest.url)
        return ready and waiting == 0

    async def fired() -> bool:
        answer = await alerts.ask("/v1/alerts", state="firing")
        return answer.is_success and {alert["unit"] for alert in answer.json()["alerts"]} >= set(load.units)

    async def told() -> bool:
        return not await fetch(estate.stack.database_url, UNFINISHED)

    async def well() -> bool:
        return not await problems(estate)

    await until(taken, "everything on hr.raw to be taken in", QUIET)
    await caught_up(estate.stack)
    await until(fired, "the alerts to fire", QUIET)
    await until(told, "the outbox to be empty", QUIET)
    await until(well, "no service to have a problem", QUIET)


async def problems(estate: Estate) -> dict[str, str]:
    """What the parts of the services say that do not work, by service and part."""
    found = {name: await Service(estate.address(name)).problems() for name in SERVICES}
    return {f"{name}: {part}": problem for name, parts in found.items() for part, problem in parts.items()}


async def facts_differ(stack: Stack) -> list[str]:
    """Facts of the ledger that a clean pass over ``hr.events`` does not give, and the other way round."""
    records = await everything(stack.kafka_bootstrap_servers, HR_EVENTS)
    kept, clean = await net_facts(stack.database_url), clean_pass(msgspec.json.decode(one.value) for one in records)[0]
    return [
        f"{place}: {kept.get(place)} kept, {clean.get(place)} clean"
        for place in kept.keys() | clean.keys()
        if kept.get(place) != clean.get(place)
    ]


async def judge(estate: Estate, load: Load) -> Verdict:
    """Compare with a clean pass, when all is quiet; again as long as a mail was on its way meanwhile.

    Units of the log itself are told of, too, and nobody knows when the last of them has been judged.
    """
    deadline = time.monotonic() + QUIET
    while True:
        rows = await fetch(estate.stack.database_url, MAILS)
        verdict = await _compared(estate, load, rows)
        if await _at_rest(estate, rows) or time.monotonic() > deadline:
            return verdict


async def _at_rest(estate: Estate, rows: list[asyncpg.Record]) -> bool:
    on_its_way = await fetch(estate.stack.database_url, UNFINISHED)
    return not on_its_way and await fetch(estate.stack.database_url, MAILS) == rows


async def _compared(estate: Estate, load: Load, rows: list[asyncpg.Record]) -> Verdict:
    stack = estate.stack
    lost, differ = await accounts.unaccounted(stack, load.sender), await facts_differ(stack)
    arrived = Counter(
        found[1].decode()
        for path in (estate.home / "mail").glob("*.eml")
        if (found := MESSAGE_ID.search(path.read_bytes()))
    )
    known = {row["message_id"] for row in rows}
    told = {(row["unit"], row["recipient"]) for row in rows if row["message_id"] in arrived}
    untold = {(unit, to) for unit in load.units for to in RECIPIENTS} - told
    missing = {row["message_id"] for row in rows if row["state"] == "sent"} - arrived.keys()
    failed = [row for row in rows if row["state"] not in {"sent", "summarised"}]
    faults = [
        *lost[:20],
        *differ[:20],
        *(f"{to} was not told of {unit}" for unit, to in sorted(untold)[:20]),
        *(f"the mail {one} is sent and did not arrive" for one in sorted(missing)[:20]),
        *(f"a mail is {row['state']}" for row in failed[:20]),
        *(f"the mail {one} arrived and is of no record" for one in sorted(arrived.keys() - known)[:20]),
        *load.sender.faults,
    ]
    return Verdict(
        await doors.size(stack.kafka_bootstrap_servers, HR_EVENTS),
        len(await net_facts(stack.database_url)),
        len(arrived),
        sum(arrived.values()),
        sum(arrived.values()) - len(arrived),
        len(lost) + len(untold) + len(missing),
        tuple(faults),
    )
