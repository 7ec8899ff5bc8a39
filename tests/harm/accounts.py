"""What became of every message: accepted, refused with a reason, or put aside with a reason. Nothing else."""

import re
from collections.abc import Iterable

import msgspec
from aiokafka import ConsumerRecord

from cli.local.stack import Stack
from services.metrics.domain.facts.entry import entry_of
from services.metrics.domain.facts.tally import Tally
from services.metrics.domain.record.memory import Memory, by_subject
from shared.contracts import envelope
from shared.contracts.rejections import Rejection
from shared.contracts.topics import HR_EVENTS, HR_REJECTED, WORKFORCE_METRICS
from tests.harm.sender import Sender
from tests.integration.ingesting import everything
from tests.integration.metering import Facts, fetch, net_facts

ID = re.compile(rb'"id"\s*:\s*"([^"]+)"')
TOKEN = re.compile(r"poison-\d+-\d+-")


async def unaccounted(stack: Stack, sender: Sender) -> list[str]:
    """Messages that were sent and of which nothing is known."""
    servers = stack.kafka_bootstrap_servers
    accepted = {_id(record) for record in await everything(servers, HR_EVENTS)}
    refused = [msgspec.json.decode(r.value, type=Rejection) for r in await everything(servers, HR_REJECTED)]
    refused_ids = {found[1].decode("utf-8", "replace") for one in refused if (found := ID.search(one.original))}
    tokens = {token for one in refused for token in TOKEN.findall(one.original[:4_096].decode("utf-8", "replace"))}
    lost = [f"event {id_}" for id_ in sender.ids if id_ not in accepted and id_ not in refused_ids]
    aside = await _aside(stack)
    empty = sum(one.reason == "empty_message" for one in refused)
    for dose, at in sender.poison:
        if dose.place == "http" and sender.answered[dose.token] not in {202, 400, 403, 408, 413, 415, 422}:
            lost.append(f"{dose.kind}: answered {sender.answered[dose.token]}")
        elif dose.place == "hr.raw" and dose.value is not None and not {dose.token} & (tokens | accepted | refused_ids):
            lost.append(f"{dose.kind} on hr.raw: {dose.token}")
        elif dose.place in {HR_EVENTS.name, WORKFORCE_METRICS.name} and (dose.place, *(at or ())) not in aside:
            lost.append(f"{dose.kind} on {dose.place}: {at}")
    wanted = sum(dose.place == "hr.raw" and dose.value is None for dose, _ in sender.poison)
    return [*lost, *(f"{wanted} tombstones, {empty} refused" for _ in range(empty < wanted))]


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
    """Facts of the ledger that a clean pass over ``hr.events`` does not give, and the other way round."""
    aside = {(part, at) for topic, part, at in await _aside(stack) if topic == HR_EVENTS.name}
    records = await everything(stack.kafka_bootstrap_servers, HR_EVENTS)
    clean = _clean(r for r in records if (r.partition, r.offset) not in aside)
    kept = await net_facts(stack.database_url)
    return [
        f"{place}: {kept.get(place)} kept, {clean.get(place)} clean"
        for place in kept.keys() | clean.keys()
        if kept.get(place) != clean.get(place)
    ]


def _clean(records: Iterable[ConsumerRecord]) -> Facts:
    events = (envelope.decode(record.value) for record in records)
    memory, tally = Memory(), Tally()
    memory.fold(by_subject((event.subject, entry_of(event)) for event in events), tally)
    return {(*cell, measure, day): delta for (cell, measure, day), delta in tally.deltas.items() if delta}


async def mails(stack: Stack) -> tuple[dict[str, int], list[str]]:
    """The outbox by state, and what is wrong with the mails that arrived."""
    rows = await fetch(stack.database_url, "select state, count(*) as n from alerts.outbox group by 1")
    states = {row["state"]: row["n"] for row in rows}
    sent = await fetch(stack.database_url, "select message_id from alerts.outbox where state = 'sent'")
    texts = [path.read_bytes() for path in sorted(stack.mail_folder.glob("*.eml"))]
    arrived = {m[1].strip().decode() for t in texts if (m := re.search(rb"(?im)^message-id:\s*(<[^>]+>)", t))}
    missing = {row["message_id"] for row in sent} - arrived
    return states | {"arrived": len(texts)}, [f"{len(missing)} mails sent and not arrived"] if missing else []
