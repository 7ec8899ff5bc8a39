"""A person is erased: gone from every table, the same values, and the same again when the log is read anew."""

import json
import re
import signal
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from cli.connect.persons import Services
from cli.local.stack import Stack, migrations
from cli.main import app
from services.metrics.intake.repository import Cells
from services.metrics.persons.sealing import sealing
from services.metrics.persons.trimming import TrimOrder, trim
from shared.contracts.erased import TRIMMED
from shared.contracts.tenants import ALONE
from shared.kit import database
from shared.kit.sealing.masters import read
from tests import builders as make
from tests.conftest import execute
from tests.integration.ingesting import KEY, pseudonym
from tests.integration.loading import STREAM, WHOLE, taking
from tests.integration.loading import database as empty_database
from tests.integration.metering import (
    Message,
    fetch,
    message,
    metrics,
    net_anomalies,
    net_facts,
    send,
    standing,
)
from tests.integration.persons import (
    LEFT,
    ask,
    by_unit,
    differences,
    erased,
    messages,
    of_person,
    places,
    said,
    settled,
    town,
    values,
)
from tests.integration.sayer import COMMIT, DESTROY, ERASE, NOTE, decided, dies, held_back, times_said
from tests.integration.sealing import Vault, everybody, keyring, master, put, write
from tests.polling import until

PLAIN, TWIN, LAST = "left-unsealed", "left-twin", "left-at-last"
REF, MUNICIPALITY = "A-1234", "teststad"
PSEUDONYM = pseudonym(REF, 2026)
COLLEAGUES = [f"c{n}" for n in range(28)]
RUN = CliRunner()
ANEW = Path(__file__).parents[2] / "deploy" / "anew"
MASTERS = "masters.yaml"
SOON = {"STADGA_HEALTH_SETTLE_SECONDS": "0"}


@pytest.fixture(scope="module")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """Kafka, PostgreSQL, ingest and metrics, and a town that some have left; the events of all but one are sealed."""
    folder, key = tmp_path_factory.mktemp("persons"), master("2026")
    told = {"STADGA_MASTER_KEY_FILE": write(folder / MASTERS, key)}
    told |= {"STADGA_PSEUDONYM_KEY": KEY, "STADGA_MUNICIPALITY": MUNICIPALITY}
    async with standing(folder, "ingest", "metrics", **SOON, **told) as running:
        vault = Vault(key)
        log = [vault.sealed(event) for event in (*town(), *of_person(), *of_person(TWIN, 1980, "f"))]
        log += [vault.sealed(event) for name in (PSEUDONYM, LAST) for event in of_person(name, 1980, "f")]
        log += map(message, of_person(PLAIN, 1980, "f"))
        log.append(Message(f"no event, but about {LEFT}".encode(), f"person/{LEFT}".encode()))
        await put(running.kafka_bootstrap_servers, vault.wrapped())
        await send(running.kafka_bootstrap_servers, log)
        await settled(running, running.database_url)
        yield running


def own(stack: Stack) -> dict[str, str]:
    """What a service of the tests' own is told besides: the master keys."""
    return SOON | {"STADGA_MASTER_KEY_FILE": str(stack.home / MASTERS)}


async def remade(stack: Stack, **how: str) -> tuple[str, list[object]]:
    """The log taken in by an empty database: its URL, and what is published of it."""
    url = await empty_database(stack)
    async with taking(stack, url, **own(stack), **how) as process:
        await settled(stack, url)
        return url, await values(process.service)


async def found_in(url: str, name: str) -> list[str]:
    """Where a person stands in the database, beside that they are erased."""
    return [place for place in await places(url, name) if "'erased'" not in place]


async def with_keys(servers: str) -> set[str]:
    """The pseudonyms of all whose events can be unsealed."""
    return {held.name.partition("|")[0] for held in await everybody(servers)}


async def test_a_family_of_those_who_stay(stack: Stack):
    """Absences of long ago go and their sums stay; nobody's key goes, nor does hr.events tell who had any."""
    service, url, servers = metrics(stack), stack.database_url, stack.kafka_bootstrap_servers
    before, facts = await values(service), await by_unit(url)
    masters, everyone = read(str(stack.home / MASTERS)), await with_keys(servers)
    assert masters
    keys = keyring(servers, *masters.keys)
    order = TrimOrder(COLLEAGUES, "absence", date(2023, 4, 30), "a test", "a test", datetime.now(UTC))
    async with database.pool(url, "metrics") as pool:
        done = await trim(pool, Cells(pool), order, ALONE, await sealing(keys, lambda: masters))
    await keys.close()
    assert done
    assert (done.persons, done.events, done.family) == (13, 13, "absence")
    await said(service)
    await settled(stack, url)
    assert await by_unit(url) == facts
    assert differences(await values(service), before) == []
    assert await places(url, "hr-system:ca0") == await places(url, '"ca0"') == []
    assert await places(url, "hr-system:ca4")
    assert await with_keys(servers) == everyone
    assert not any(TRIMMED.encode() in value for _, value in await messages(servers) if value)


async def test_from_the_ledger_to_a_replay(stack: Stack):
    """What is erased is in no table and unsealed by nobody; units' values stay, and a replay comes to the same."""
    service, url, servers = metrics(stack), stack.database_url, stack.kafka_bootstrap_servers
    before, facts = await values(service, occupation="*"), await by_unit(url)
    assert await found_in(url, LEFT)
    done = [await erased(service, LEFT), await erased(service, PLAIN, TWIN)]
    assert [one["persons"] for one in done] == [1, 2]
    assert [one["events"] for one in done] == [len(of_person()), 2 * len(of_person())]
    assert [one["coarsened"] for one in done] == [2, 0]
    assert [one["put_aside"] for one in done] == [1, 0]
    await settled(stack, url)
    for person in (LEFT, PLAIN, TWIN):
        assert await found_in(url, person) == []
    assert not await with_keys(servers) & {LEFT, TWIN}
    assert await by_unit(url) == facts
    after = await values(service)
    assert await values(service, occupation="*") == before
    assert any(before)
    for how in (STREAM, WHOLE):
        again, found = await remade(stack, **how)
        assert await net_facts(again) == await net_facts(url)
        assert await net_anomalies(again) == await net_anomalies(url)
        assert differences(found, after) == []
        for person in (LEFT, PLAIN, TWIN):
            assert await found_in(again, person) == []
        assert await places(again, "hr-system:ca0") == []


async def test_sums_name_nobody(stack: Stack):
    """No message but that somebody is erased has both a person and a sum, and the decision names nobody."""
    kept = [(key, value) for key, value in await messages(stack.kafka_bootstrap_servers) if b"stadga.sums" in value]
    assert kept
    assert all(person.encode() not in key + value for key, value in kept for person in (LEFT, PLAIN, TWIN))
    answer = await metrics(stack).ask("/v1/persons/erasings")
    assert not any(person in answer.text for person in (LEFT, PLAIN, TWIN))


async def test_erased_again(stack: Stack):
    """Who is erased already may be erased again: nothing is there to go, and nothing else changes."""
    service, url = metrics(stack), stack.database_url
    facts = await net_facts(url)
    again = await erased(service, TWIN)
    assert (again["persons"], again["events"], again["sums"]) == (1, 0, 0)
    await settled(stack, url)
    assert await net_facts(url) == facts
    assert await found_in(url, TWIN) == []


async def test_late_events_are_counted_and_no_more(stack: Stack):
    """One that was recorded before, or is about days before, changes nothing; a return counts."""
    service, url, servers = metrics(stack), stack.database_url, stack.kafka_bootstrap_servers
    facts, ignored = await net_facts(url), await service.counted("stadga_metrics_events_total", outcome="erased")
    late = [of_person()[0], make.time_reported(LEFT, "2023-06-01", "2023-06-30", 9, time="2100-01-01T00:00:00Z")]
    await send(servers, map(message, late))
    await settled(stack, url)
    assert await net_facts(url) == facts
    assert await service.counted("stadga_metrics_events_total", outcome="erased") == ignored + 2
    assert await found_in(url, LEFT) == []
    await send(servers, [message(make.employment_started(LEFT, "2100-02-01", time="2100-01-01T00:00:00Z"))])
    await settled(stack, url)
    assert await net_facts(url) != facts


async def test_who_is_employed_is_not_erased(stack: Stack):
    """What they add would be counted for ever."""
    answer = await ask(metrics(stack), "/v1/persons/erasings", {"persons": ["c1"], "why": "a test"})
    assert answer.status_code == httpx.codes.CONFLICT
    assert await found_in(stack.database_url, "person/c1")


@pytest.mark.parametrize(("language", "said"), [("sv", "personen är anställd"), ("en", "the person is employed")])
def test_who_is_employed_is_told_before_a_word_is_asked_for(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, language: str, said: str
):
    """In the language that was asked for."""
    monkeypatch.delenv("STADGA_TOKEN", raising=False)
    monkeypatch.setattr(Services, "pseudonym", lambda _, ref: ref)
    told = RUN.invoke(app, ["person", "erase", "c1", "--lang", language, "--url", stack.address("metrics")])
    assert told.exit_code == 2
    assert said in " ".join(told.output.split())


async def test_nobody_knows_them(stack: Stack):
    """There is nothing to erase, and no decision."""
    before = await fetch(stack.database_url, "select count(*) from metrics.erasings")
    answer = await ask(metrics(stack), "/v1/persons/erasings", {"persons": ["nobody"], "why": "a test"})
    assert answer.status_code == httpx.codes.NOT_FOUND
    assert await fetch(stack.database_url, "select count(*) from metrics.erasings") == before


def test_by_command(stack: Stack, monkeypatch: pytest.MonkeyPatch):
    """Exported, not erased without the word, erased, and then nothing is known; run again, it says so."""
    monkeypatch.delenv("STADGA_TOKEN", raising=False)
    at = ["--url", stack.address("metrics"), "--ingest-url", stack.address("ingest")]
    found = json.loads(RUN.invoke(app, ["person", "export", REF, "--format", "json", *at]).output)
    assert {event["id"] for event in found["events"]} == {event["id"] for event in of_person(PSEUDONYM)}
    assert RUN.invoke(app, ["person", "export", REF, *at]).output.count("frånvaro") == 2
    refused = RUN.invoke(app, ["person", "erase", REF, *at], input="nej\n")
    assert refused.exit_code == 1
    done = RUN.invoke(app, ["person", "erase", REF, "--lang", "en", *at], input="ERASE\n")
    assert done.exit_code == 0, done.output
    assert "done: 9 events" in done.output
    known = json.loads(RUN.invoke(app, ["person", "export", REF, "--format", "json", *at]).output)
    assert (known["events"], known["counted"], bool(known["erased"])) == ([], [], True)
    again = ["person", "erase", "--lang", "en", "--yes", *at]
    assert "nothing to erase; what was erased is done" in RUN.invoke(app, [*again, REF]).output
    assert "is the reference right?" in RUN.invoke(app, [*again, "B-1234"]).output


async def test_who_asked_is_known(stack: Stack):
    """Every question and every erasing is in the access log, which names nobody that was asked about; no log does."""

    async def noted() -> bool:
        rows = await fetch(stack.database_url, "select route from metrics.access_log")
        return {row["route"] for row in rows} >= {"/v1/persons/known", "/v1/persons/erasings"}

    await until(noted, "questions to be noted")
    assert await places(stack.database_url, REF) == []
    written = "".join(stack.log(name).read_text() for name in ("ingest", "metrics"))
    assert not any(name in written for name in (REF, PSEUDONYM, LEFT, PLAIN))


async def test_killed_anywhere_it_goes_on(stack: Stack):
    """Killed in the transaction of Kafka, after it, and after the keys; then the service goes on, and a replay agrees.

    The transaction that was left open holds readers back until the next one ends it: nobody waits for its time to pass.
    """
    service, url, servers = metrics(stack), stack.database_url, stack.kafka_bootstrap_servers
    facts = await by_unit(url)
    stack.kill("metrics")
    await decided(url, LAST)
    kept = await net_facts(url)
    for step, said_by_then, has_key in ((COMMIT, 0, True), (ERASE, 1, True), (DESTROY, 2, False), (NOTE, 3, False)):
        assert await dies(stack, step) == -signal.SIGKILL
        if step == COMMIT:
            assert await held_back(servers)
        else:
            await until(lambda: _is_free(servers), "readers to go on")
        assert await times_said(servers, LAST) == said_by_then
        assert (LAST in {held.name.partition("|")[0] for held in await everybody(servers)}) == has_key
        assert len(await fetch(url, "select id from metrics.erasings where done is null")) == 1
    await stack.restart("metrics")
    await said(service)
    await settled(stack, url)
    assert await times_said(servers, LAST) == 4
    assert await fetch(url, "select n from metrics.erasing_messages") == []
    assert (await by_unit(url), await net_facts(url)) == (facts, kept)
    again, found = await remade(stack, **STREAM)
    assert await net_facts(again) == kept
    assert differences(found, await values(service)) == []
    assert await found_in(url, LAST) == await found_in(again, LAST) == []


async def _is_free(servers: str) -> bool:
    return not await held_back(servers)


async def test_made_anew_as_the_page_says(stack: Stack):
    """The steps of docs/operations.md, in its order: units come to the same, and decisions and questions are kept.

    What is put back in its place goes on where it was.
    """
    service, url = metrics(stack), stack.database_url
    found, erasings = await values(service), (await service.ask("/v1/persons/erasings")).text
    asked = await fetch(url, "select count(*) from metrics.access_log")
    [numbered] = await fetch(url, "select max(id) from metrics.batches")
    stack.kill("metrics")
    aside, taken_over, compared = ((ANEW / name).read_text() for name in steps())
    await execute(url, aside)
    await migrations.migrate(url)
    await execute(url, taken_over)
    await stack.restart("metrics")
    await settled(stack, url)
    assert await fetch(url, compared) == []
    assert differences(await values(service), found) == []
    assert (await service.ask("/v1/persons/erasings")).text == erasings
    assert (await fetch(url, "select count(*) from metrics.access_log"))[0]["count"] >= asked[0]["count"] > 0
    [now] = await fetch(url, "select min(id) from metrics.batches")
    assert now["min"] > numbered["max"]
    await execute(url, "update metrics.facts set delta = delta + 1 where ctid = (select min(ctid) from metrics.facts)")
    assert len(await fetch(url, compared)) == 1
    stack.kill("metrics")
    await execute(url, "drop schema metrics cascade; alter schema metrics_before rename to metrics")
    await stack.restart("metrics")
    await settled(stack, url)
    assert differences(await values(service), found) == []


def steps() -> list[str]:
    """The scripts that the page runs with Docker, in its order."""
    page = (ANEW.parents[1] / "docs" / "operations.md").read_text()
    return re.findall(r"stadga < deploy/anew/(\w+\.sql)", page)
