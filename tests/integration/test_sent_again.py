"""Everything is sent again of somebody who is erased: nobody can read it, nothing changes, and a return counts."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, date, datetime
from unittest.mock import AsyncMock, patch
from zoneinfo import ZoneInfo

import httpx
import pytest

from cli.local.stack import Stack
from services.metrics.persons.saying import PART, Saying
from shared.contracts import envelope, sealed
from shared.contracts.envelope import STRUCTURED
from shared.contracts.erased import ERASED
from shared.contracts.event_types import RETRACTED
from shared.contracts.tenants import ALONE
from shared.contracts.topics import HR_EVENTS, HR_KEYS
from shared.kit import database
from shared.kit.clock import Clock
from shared.kit.health import Health
from shared.kit.sealing import cipher, destroying
from shared.kit.sealing.cipher import PersonKey, SpoiltError
from tests import builders as make
from tests.integration import ingesting
from tests.integration.ingesting import KEY, pseudonym
from tests.integration.loading import STREAM, WHOLE, taking
from tests.integration.loading import database as empty_database
from tests.integration.metering import TODAY, fetch, metrics, net_anomalies, net_facts, send, standing
from tests.integration.persons import differences, erased, of_person, settled, town, values
from tests.integration.sayer import decided
from tests.integration.sealing import Vault, keyring, master, put, write
from tests.integration.test_sealed import post
from tests.polling import until

OLD = master("2026")
LEFT, EARLIER, UNTOLD = "left", "left-earlier", "left-untold"
WHO, WHO_EARLIER, WHO_UNTOLD = (pseudonym(ref, 2026) for ref in (LEFT, EARLIER, UNTOLD))
COVERAGE = (
    "select source, type, unit, declared, min(first) from metrics.coverage group by 1, 2, 3, 4 order by 1, 2, 3, 4"
)
Ids = set[str]


@pytest.fixture(scope="module")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """Ingest that seals, and metrics, in a town that three have left; all of it came over HTTP."""
    folder = tmp_path_factory.mktemp("again")
    told = {"STADGA_MASTER_KEY_FILE": write(folder / "master.keys", OLD), "STADGA_HEALTH_SETTLE_SECONDS": "0"}
    told |= {"STADGA_PSEUDONYM_KEY": KEY, "STADGA_MUNICIPALITY": "teststad"}
    async with standing(folder / "stack", "ingest", "metrics", **told) as running:
        people = [event for ref in (LEFT, EARLIER, UNTOLD) for event in of_person(ref, 1980, "f")]
        await taken(running, [*town(), *people])
        await settled(running, running.database_url)
        yield running


def now() -> str:
    """The time at which something is recorded now."""
    return datetime.now(UTC).isoformat()


async def taken(stack: Stack, events: Iterable[make.Event]) -> None:
    """Events over HTTP, accepted by ingest."""
    answer = await post(stack.address("ingest"), list(events))
    assert answer.status_code == httpx.codes.ACCEPTED, answer.text
    assert answer.json()["rejected"] == []


async def readable(servers: str, person: str) -> Ids:
    """The ids of a person's events that can be read by any key on hr.keys, whatever the product makes of that key.

    That they are erased is no event of theirs, and can be read.
    """
    kept = {one.key: one.value for one in await ingesting.everything(servers, HR_KEYS)}
    names = [key.decode() for key, value in kept.items() if value and key.startswith(f"{person}|".encode())]
    wrapped = [(n, sealed.wrapped_key(kept[n.encode()] or b"")) for n in names if sealed.key_id(n) != sealed.ERASED]
    keys = [PersonKey(name, cipher.unwrap(name, one.wrapped, OLD)) for name, one in wrapped]
    found = Ids()
    for record in await ingesting.everything(servers, HR_EVENTS):
        if record.key != f"person/{person}".encode():
            continue
        if sealed.is_sealed(record.value or b""):
            message = sealed.decode(record.value or b"")
            found |= {message.id for key in keys if opens(message, key)}
        elif (event := envelope.decode(record.value or b"")).type != ERASED:
            found.add(event.id)
    return found


def opens(message: sealed.Sealed, key: PersonKey) -> bool:
    """Whether a key opens a message."""
    try:
        cipher.unseal(message, key)
    except SpoiltError:
        return False
    return True


async def emptied(stack: Stack) -> float:
    """How many events ingest says it has published with nothing in them."""
    return await ingesting.Ingest(stack.address("ingest"), "").counted("stadga_ingest_erased_total")


async def known_to_ingest(stack: Stack, ref: str) -> None:
    """Ingest has heard that somebody is erased."""
    late = make.time_reported(ref, "2023-05-01", "2023-05-31", 1, id=f"{ref}-probe")

    async def says_so() -> bool:
        before = await emptied(stack)
        await taken(stack, [late])
        return await emptied(stack) > before

    await until(says_so, "ingest to know who is erased")


async def whole(url: str) -> tuple[object, ...]:
    """What is counted, of everybody, and when sources began to tell."""
    return await net_facts(url), await net_anomalies(url), list(map(tuple, await fetch(url, COVERAGE)))


async def same_again(stack: Stack, how: dict[str, str]) -> None:
    """The log read by an empty database comes to the same."""
    await settled(stack, stack.database_url)
    found, url = await values(metrics(stack)), await empty_database(stack)
    own = {"STADGA_MASTER_KEY_FILE": str(stack.home.parent / "master.keys"), "STADGA_HEALTH_SETTLE_SECONDS": "0"}
    async with taking(stack, url, **own, **how) as process:
        await settled(stack, url)
        assert await whole(url) == await whole(stack.database_url)
        assert differences(await values(process.service), found) == []


async def test_sent_again(stack: Stack):
    """All of it, in a delivery that is whole nevertheless; a late report; a correction of something that is gone.

    It is accepted each time. Nobody can read any of it, and no value changes.
    """
    service, url, servers = metrics(stack), stack.database_url, stack.kafka_bootstrap_servers
    of = of_person(LEFT, 1980, "f")
    assert await readable(servers, WHO) == {event["id"] for event in of}
    await erased(service, WHO)
    await settled(stack, url)
    await known_to_ingest(stack, LEFT)
    kept, facts, before = await values(service), await net_facts(url), await emptied(stack)

    again = [event | {"delivery": "again", "deliverycount": len(of) + 2} for event in of]
    late = make.time_reported(LEFT, "2023-06-01", "2023-06-30", 9, time=now(), id="late", delivery="again")
    rest = [make.unit_defined("u3", parent="stad") | {"delivery": "again"}, late]
    await taken(stack, [*town(), *again, *rest])
    assert await emptied(stack) == before + len(of) + 1
    await ingesting.produce(servers, [(make.encoded(of[0]), [("content-type", STRUCTURED.encode())])])
    await until(lambda: counts(stack, before + len(of) + 2), "what came by hr.raw")
    await settled(stack, url)
    assert await readable(servers, WHO) == Ids()
    assert await net_facts(url) == facts
    assert differences(await values(service), kept) == []
    assert (await service.ask("/v1/deliveries")).json()["deliveries"] == []


async def counts(stack: Stack, events: float) -> bool:
    """Whether ingest says that it emptied so many."""
    return await emptied(stack) == events


async def test_a_return_counts(stack: Stack):
    """It is sealed by a key that stays, whatever is sent again of before; what corrects it tells nothing of before.

    The log read anew comes to the same.
    """
    url, servers = stack.database_url, stack.kafka_bootstrap_servers
    facts = await net_facts(url)
    back = make.employment_started(LEFT, "2024-06-01", "u1", time=now(), id="back", gender="f", born=1980)
    await taken(stack, [*of_person(LEFT, 1980, "f"), back])
    await settled(stack, url)
    returned = await net_facts(url)
    assert returned != facts
    assert await readable(servers, WHO) == {"back"}
    hours = make.time_reported(LEFT, "2024-06-03", "2024-06-09", 30, time=now(), id="hours")
    wrong = make.time_reported(LEFT, "2023-06-05", "2023-06-11", 8, time=now(), id="wrong", corrects="hours")
    await taken(stack, [*of_person(LEFT, 1980, "f"), hours, wrong])
    await settled(stack, url)
    assert await net_facts(url) == returned
    assert await readable(servers, WHO) == {"back", "hours", "wrong"}
    assert await said_of(servers, "wrong") == (RETRACTED, b"")
    await same_again(stack, WHOLE)


async def said_of(servers: str, id_: str) -> tuple[str, bytes]:
    """The type and the data of a sealed event."""
    keys = keyring(servers, OLD)
    await keys.log.to_end()
    await keys.close()
    values = [record.value or b"" for record in await ingesting.everything(servers, HR_EVENTS)]
    every = [sealed.decode(value) for value in values if sealed.is_sealed(value)]
    [event] = [keys.unseal(one) for one in every if one.id == id_]
    assert event is not None
    return event.type, bytes(event.data)


async def test_by_an_ingest_that_does_not_know_yet(stack: Stack):
    """It makes a key, and is killed: whoever follows hr.keys destroys that key, and what it sealed is gone."""
    service, url, servers = metrics(stack), stack.database_url, stack.kafka_bootstrap_servers
    await erased(service, WHO_UNTOLD)
    await settled(stack, url)
    facts, vault = await net_facts(url), Vault(OLD)
    late = [vault.sealed(event | {"subject": f"person/{WHO_UNTOLD}"}) for event in of_person(UNTOLD)]
    await put(servers, vault.wrapped())
    await send(servers, late)
    await until(lambda: nothing(servers, WHO_UNTOLD), "the key to be destroyed")
    await settled(stack, url)
    assert await net_facts(url) == facts


async def nothing(servers: str, person: str) -> bool:
    """Whether nothing of a person can be read."""
    return await readable(servers, person) == Ids()


async def test_erased_by_an_earlier_release(stack: Stack):
    """It noted nothing on hr.keys, and somebody sent everything again: both are made good when metrics begins."""
    url, servers = stack.database_url, stack.kafka_bootstrap_servers
    stack.kill("metrics")
    await decided(url, WHO_EARLIER)
    with patch.object(destroying, "note", AsyncMock(return_value=0)):
        await said_without(url, servers)
    await until(lambda: sent_again(stack, EARLIER, WHO_EARLIER), "ingest to have heard that the key is gone")
    await stack.restart("metrics")
    await until(lambda: nothing(servers, WHO_EARLIER), "what was sent again to be gone")
    await known_to_ingest(stack, EARLIER)
    await settled(stack, url)
    await same_again(stack, STREAM)


async def sent_again(stack: Stack, ref: str, person: str) -> bool:
    """Send all of a person again: whether it can be read, by a key made since the one before was destroyed."""
    events = of_person(ref, 1980, "f")
    await taken(stack, events)
    return await readable(stack.kafka_bootstrap_servers, person) == {event["id"] for event in events}


async def said_without(url: str, servers: str) -> None:
    """Say what there is to say of erasings."""
    clock = Clock(ZoneInfo("Europe/Stockholm"), date.fromisoformat(TODAY))
    async with database.pool(url, "metrics") as pool:
        saying = Saying(pool, servers, ALONE, clock, Health(clock, PART))
        working = asyncio.ensure_future(saying.task.work())
        await until(lambda: is_said(url), "the erasing to be said")
        working.cancel()
        await asyncio.wait([working])


async def is_said(url: str) -> bool:
    """Whether every erasing is done."""
    return await fetch(url, "select 1 from metrics.erasings where done is null") == []
