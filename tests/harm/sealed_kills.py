"""``pytest tests/harm/sealed_kills.py``: ingest killed while it makes keys, two replicas at once; see ``make harm``."""

import asyncio
from pathlib import Path

import httpx

from shared.contracts import sealed
from shared.contracts.envelope import BATCH
from shared.contracts.topics import HR_EVENTS
from tests import builders as make
from tests.integration import ingesting
from tests.integration.metering import Killable, killable, standing
from tests.integration.sealing import everybody, keyring, master, people, write
from tests.polling import PATIENCE, until

KILLS, PEOPLE = 10, 300
MASTER = master("2026")


async def taken(url: str, events: list[make.Event]) -> bool:
    """Whether ingest has answered that Kafka has a batch."""
    async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
        headers = {"authorization": "Bearer local", "content-type": BATCH}
        try:
            answer = await client.post(f"{url}/v1/events", content=make.batch(events), headers=headers)
        except httpx.TransportError:
            return False
    return answer.status_code == httpx.codes.ACCEPTED


async def killed(process: Killable, events: list[make.Event], after: float) -> None:
    """Send a batch, and kill ingest with −9 a moment later; then start it again."""
    sending = asyncio.create_task(taken(process.service.url, events))
    await asyncio.sleep(after)
    process.kill()
    await process.ended()
    await sending
    await process.start()
    await until(process.service.ready, "ingest to be ready")


async def readable(servers: str) -> set[str]:
    """The ids of all events on hr.events; each one about a person can be unsealed."""
    keys = keyring(servers, MASTER)
    await keys.log.to_end()
    found = set()
    for record in await ingesting.everything(servers, HR_EVENTS):
        assert record.value is not None
        event = keys.unseal(sealed.decode(record.value))
        assert event is not None, "an event is there before its key"
        found.add(event.id)
    await keys.close()
    return found


async def test_killed_between_key_and_event(tmp_path: Path):
    """No event is there without its key, whenever ingest is killed; what was sent again is there."""
    file = write(tmp_path / "master.keys", MASTER)
    events = people(PEOPLE)
    async with standing(tmp_path / "stack") as stack:
        servers = stack.kafka_bootstrap_servers
        async with killable(stack, "ingest", STADGA_MASTER_KEY_FILE=file) as process:
            await until(process.service.ready, "ingest to be ready")
            for n in range(KILLS):
                await killed(process, events[n * 20 : (n + 1) * 20], 0.01 * n)
                await readable(servers)
            assert await taken(process.service.url, events)
        assert await readable(servers) == {event["id"] for event in events}
        assert len({held.name.partition("|")[0] for held in await everybody(servers)}) == PEOPLE


async def test_two_replicas_that_meet_persons_at_once(tmp_path: Path):
    """Some persons get two keys, and every event is readable."""
    file = write(tmp_path / "master.keys", MASTER)
    staff, absences = people(PEOPLE)[:PEOPLE], people(PEOPLE)[PEOPLE:]
    async with standing(tmp_path / "stack") as stack:
        servers, told = stack.kafka_bootstrap_servers, {"STADGA_MASTER_KEY_FILE": file}
        async with killable(stack, "ingest", **told) as one, killable(stack, "ingest", **told) as other:
            for process in (one, other):
                await until(process.service.ready, "ingest to be ready")
            sent = await asyncio.gather(taken(one.service.url, staff), taken(other.service.url, absences))
            assert all(sent)
        assert await readable(servers) == {event["id"] for event in (*staff, *absences)}
        keys = await everybody(servers)
        assert len({held.name.partition("|")[0] for held in keys}) == PEOPLE
        print(f"{len(keys)} keys of {PEOPLE} persons")
