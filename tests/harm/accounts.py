"""What became of every message: accepted, refused with a reason, or put aside with a reason. Nothing else."""

import asyncio
import re
from array import array

import msgspec
import numpy as np
from aiokafka import ConsumerRecord

from benchmarks import bulk
from benchmarks.growth import tables_of, topics_of
from cli.local.stack import Stack
from shared.contracts import envelope
from shared.contracts.rejections import Rejection
from shared.contracts.topics import ALL, HR_EVENTS, HR_ORIGINALS, HR_REJECTED, WORKFORCE_METRICS
from tests.harm.doors import size
from tests.harm.sender import Sender
from tests.integration.ingesting import each_record
from tests.integration.metering import fetch

ID = re.compile(rb'"id"\s*:\s*"([^"]+)"')
TOKEN = re.compile(r"poison-\d+-\d+-")
LOADED = 1_800.0
"""Seconds within which the log is loaded whole."""
FACTS = """
select unit, md5(string_agg(fact::text, '' order by fact::text)) as facts from (
    select unit, occupation, gender, age, measure, day, sum(delta)
    from metrics.facts join metrics.cells on id = cell
    group by 1, 2, 3, 4, 5, 6 having sum(delta) <> 0) fact
group by 1
"""


async def unaccounted(stack: Stack, sender: Sender) -> list[str]:
    """Messages that were sent and of which nothing is known."""
    servers = stack.kafka_bootstrap_servers
    accepted = array("q", [hash(_id(record)) async for record in each_record(servers, HR_EVENTS)])
    empty, refused = await _refused(servers)
    known = np.concatenate([accepted, refused])
    lost = [f"an event whose id has the hash {missing}" for missing in np.setdiff1d(sender.sent, known)]
    aside = await _aside(stack)
    for dose, at in sender.poison:
        if dose.place == "http" and sender.answered[dose.token] not in {202, 400, 403, 408, 413, 415, 422}:
            lost.append(f"{dose.kind}: answered {sender.answered[dose.token]}")
        elif dose.place == "hr.raw" and dose.value is not None and hash(dose.token) not in known:
            lost.append(f"{dose.kind} on hr.raw: {dose.token}")
        elif dose.place in {HR_EVENTS.name, WORKFORCE_METRICS.name} and (dose.place, *(at or ())) not in aside:
            lost.append(f"{dose.kind} on {dose.place}: {at}")
    wanted = sum(dose.place == "hr.raw" and dose.value is None for dose, _ in sender.poison)
    return [*lost, *(f"{wanted} tombstones, {empty} refused" for _ in range(empty < wanted))]


async def _refused(servers: str) -> tuple[int, "array[int]"]:
    """How many messages were refused for being empty; the hashes of the ids and tokens of all others."""
    empty, hashes = 0, array("q")
    async for record in each_record(servers, HR_REJECTED):
        empty += record.key == b"empty_message"
    async for record in each_record(servers, HR_ORIGINALS):
        one = msgspec.json.decode(record.value, type=Rejection)
        ids = [found[1].decode("utf-8", "replace")] if (found := ID.search(one.original)) else []
        hashes.extend(map(hash, ids + TOKEN.findall(one.original[:4_096].decode("utf-8", "replace"))))
    return empty, hashes


def _id(record: ConsumerRecord) -> str:
    try:
        return envelope.decode(record.value).id
    except (msgspec.MsgspecError, TypeError):
        return ""


async def _aside(stack: Stack) -> set[tuple[str, int, int]]:
    queries = (
        'select topic, partition as part, "offset" as at from metrics.dead_letters',
        'select topic, partition as part, "offset" as at from alerts.dead_letters',
    )
    found = [row for query in queries for row in await fetch(stack.database_url, query)]
    return {(row["topic"], row["part"], row["at"]) for row in found}


async def facts_differ(stack: Stack) -> list[str]:
    """Units of whose facts the ledger holds others than the same log loaded whole into a database of its own.

    The services should have stopped: what is loaded is published too.
    """
    await asyncio.wait_for(bulk.run(stack, "whole", await size(stack.kafka_bootstrap_servers, HR_EVENTS)), LOADED)
    kept, clean = [
        {row["unit"]: row["facts"] for row in await fetch(url, FACTS)}
        for url in (stack.database_url, bulk.database(stack, "whole"))
    ]
    return [f"facts of {unit} differ" for unit in kept.keys() | clean.keys() if kept.get(unit) != clean.get(unit)]


async def mails(stack: Stack) -> tuple[dict[str, int], list[str]]:
    """The outbox by state, and what is wrong with the mails that arrived."""
    rows = await fetch(stack.database_url, "select state, count(*) as n from alerts.outbox group by 1")
    states = {row["state"]: row["n"] for row in rows}
    sent = await fetch(stack.database_url, "select message_id from alerts.outbox where state = 'sent'")
    texts = [path.read_bytes() for path in sorted(stack.mail_folder.glob("*.eml"))]
    arrived = {m[1].strip().decode() for t in texts if (m := re.search(rb"(?im)^message-id:\s*(<[^>]+>)", t))}
    missing = {row["message_id"] for row in sent} - arrived
    return states | {"arrived": len(texts)}, [f"{len(missing)} mails sent and not arrived"] if missing else []


async def sizes(stack: Stack) -> dict[str, float]:
    """MiB of each topic, and of each table of more than one."""
    counted = await topics_of(stack) | await tables_of(stack)
    topics = {topic.name for topic in ALL}
    return {name: round(mib, 1) for name, one in counted.items() if (mib := one.size / (1 << 20)) > 1 or name in topics}
