"""What tells of persons is sealed on hr.events, by keys that can be destroyed and wrapped anew; facts are the same."""

from collections.abc import Sequence
from pathlib import Path

import httpx
import msgspec

from shared.contracts import envelope, sealed
from shared.contracts.envelope import BATCH, CloudEvent
from shared.contracts.topics import HR_EVENTS, HR_KEYS
from shared.kit.sealing.destroying import destroy
from tests import builders as make
from tests.integration import ingesting
from tests.integration.loading import WHOLE, taking
from tests.integration.loading import database as empty_database
from tests.integration.metering import (
    Killable,
    caught_up,
    clean_pass,
    fetch,
    net_anomalies,
    net_facts,
    standing,
)
from tests.integration.sealing import keyring, master, people, write
from tests.polling import PATIENCE, until

OLD = master("2026")


async def post(url: str, events: Sequence[make.Event]) -> httpx.Response:
    """A batch to ingest."""
    async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
        headers = {"authorization": "Bearer local", "content-type": BATCH}
        return await client.post(f"{url}/v1/events", content=make.batch(list(events)), headers=headers)


async def opened(servers: str) -> list[CloudEvent]:
    """Every event on hr.events as it was before it was sealed, by the old master key."""
    keys = keyring(servers, OLD)
    await keys.log.to_end()
    found = []
    for record in await ingesting.everything(servers, HR_EVENTS):
        assert record.value is not None
        if sealed.is_sealed(record.value):
            event = keys.unseal(sealed.decode(record.value))
            assert event is not None
            found.append(event)
        else:
            found.append(envelope.decode(record.value))
    await keys.close()
    return found


async def test_from_ingest_to_the_ledger(tmp_path: Path):
    """Nothing about a person is in the clear; the facts are those of the same events; a destroyed key erases them."""
    file = write(tmp_path / "master.keys", OLD)
    events = [*people(40), make.unit_defined("u1", "2024-01-01"), make.incident_reported("u1", "2024-02-02")]
    async with standing(tmp_path / "stack", "ingest", "metrics", STADGA_MASTER_KEY_FILE=file) as stack:
        answer = await post(stack.address("ingest"), events)
        assert answer.status_code == httpx.codes.ACCEPTED, answer.text
        servers = stack.kafka_bootstrap_servers
        raw = [record.value for record in await ingesting.everything(servers, HR_EVENTS)]
        of_people = [value for value in raw if b'"subject":"person/' in value]
        assert len(of_people) == 80
        assert all(sealed.is_sealed(value) for value in of_people)
        assert not any(word in value for value in of_people for word in (b"sick", b"absence", b"2024", b"socialsek"))
        assert len([one for one in await ingesting.everything(servers, HR_KEYS) if one.value]) == 40
        await caught_up(stack)
        found = await opened(servers)
        assert {event.id for event in found} == {event["id"] for event in events}
        facts, anomalies = clean_pass(as_made(found))
        assert await net_facts(stack.database_url) == facts
        assert await net_anomalies(stack.database_url) == anomalies

        erased = min(event.subject for event in found if event.subject.startswith("person/"))
        assert await destroy(servers, [erased.removeprefix("person/")]) == 1
        left = clean_pass(as_made([event for event in found if event.subject != erased]))
        url = await empty_database(stack)
        async with taking(stack, url, STADGA_MASTER_KEY_FILE=file, **WHOLE) as service:
            await caught_up(stack, url)
            assert (await net_facts(url), await net_anomalies(url)) == left
            assert await fetch(url, "select 1 from metrics.dead_letters") == []
            await until(lambda: counted(service, "erased", 2), "the erased events to be counted")


def as_made(events: Sequence[CloudEvent]) -> list[make.Event]:
    """Events as tests write them."""
    return [msgspec.json.decode(envelope.encode(event)) for event in events]


async def counted(service: Killable, outcome: str, events: int) -> bool:
    """Whether so many events were taken so."""
    return await service.service.counted("stadga_metrics_events_total", outcome=outcome) == events
