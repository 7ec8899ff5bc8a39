"""Ingest through failures: what was confirmed is there, what was not is told, nothing of hr.raw is lost."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from cli.connect.running import RunningFile
from cli.local.stack import Stack, ports, topics
from shared.contracts import envelope
from shared.contracts.topics import HR_EVENTS
from tests import builders as make
from tests.conftest import here
from tests.integration.ingesting import TOKEN, Ingest, everything, produce, settings, stadga
from tests.polling import PATIENCE, until

STREAM = 12_000


@pytest.fixture(scope="module")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """A broker and an ingest to kill, that gives Kafka three seconds to answer; each test leaves them running."""
    folder = tmp_path_factory.mktemp("failing")
    stack = Stack(folder, here(**settings(folder), STADGA_ACKNOWLEDGE_SECONDS="3"), leashed=True)
    await stack.start(["kafka"])
    await topics.create(stack.kafka_bootstrap_servers)
    await stack.start(["ingest"])
    yield stack
    await stack.stop()


def of(stack: Stack) -> Ingest:
    """The ingest of a stack."""
    return Ingest(stack.address("ingest"), stack.kafka_bootstrap_servers)


def people(count: int, name: str = "person") -> list[make.Event]:
    """Events of as many people."""
    return [make.employment_started(f"{name}-{i}", "2024-01-01", id=f"{name}-{i}") for i in range(count)]


async def stream(stack: Stack, events: list[make.Event]) -> None:
    """The events to hr.raw, over all its partitions."""
    for partition in range(12):
        await produce(stack.kafka_bootstrap_servers, [(make.encoded(e), ()) for e in events[partition::12]], partition)


async def published_ids(stack: Stack) -> set[str]:
    """The ids of all events on hr.events."""
    return {envelope.decode(r.value).id for r in await everything(stack.kafka_bootstrap_servers, HR_EVENTS)}


async def test_killed_in_the_middle_of_a_stream(stack: Stack):
    """SIGKILL as soon as it has taken some of hr.raw, twice: every event is published in the end."""
    ingest, events = of(stack), people(STREAM)
    producing = asyncio.create_task(stream(stack, events))
    for _ in range(2):
        await until(lambda: taken(ingest), "some of hr.raw is taken")
        stack.kill("ingest")
        await stack.restart("ingest")
    await producing
    await ingest.published(event["id"] for event in events)


async def taken(ingest: Ingest) -> bool:
    """Whether this process has published anything of hr.raw."""
    return await ingest.counted("stadga_ingest_events_total", channel="kafka") > 0


async def test_kafka_restarted_in_the_middle_of_a_stream(stack: Stack):
    """The broker goes away while hr.raw is taken and comes back: every event is published in the end."""
    events, more = people(STREAM, "before"), people(100, "after")
    await stream(stack, events)
    stack.kill("kafka")
    await stack.restart("kafka")
    await stream(stack, more)
    await of(stack).published(event["id"] for event in events + more)
    await until(of(stack).ready, "ingest is ready again")


async def test_what_was_answered_202_is_there(stack: Stack):
    """While Kafka is restarted some requests get 503 and none is answered 202 in vain."""
    ingest = of(stack)
    confirmed: set[str] = set()
    refused = 0
    restarting: asyncio.Task[None] | None = None
    for i in range(400):
        event = make.unit_defined(f"u{i}", id=f"unit-{i}")
        answer = await ingest.post(make.encoded(event))
        assert answer.status_code in {202, 503}, answer.text
        if answer.status_code == httpx.codes.ACCEPTED:
            confirmed.add(event["id"])
        else:
            refused += 1
            assert answer.headers["retry-after"]
        if i == 50:
            stack.kill("kafka")
            restarting = asyncio.create_task(stack.restart("kafka"))
        if refused and restarting and restarting.done() and answer.status_code == httpx.codes.ACCEPTED:
            break
    assert refused
    assert max(int(id_.removeprefix("unit-")) for id_ in confirmed) > 51
    assert confirmed <= await published_ids(stack)


async def test_a_broker_that_hangs(stack: Stack):
    """No acknowledgement, no 202: the answer is 503 within the deadline, and 202 once the broker goes on."""
    ingest = of(stack)
    broker = RunningFile(stack.home / "stack.json").read()["kafka"].pid
    before = await ingest.counted("stadga_ingest_unconfirmed_total", channel="http")
    os.kill(broker, signal.SIGSTOP)
    try:
        answer = await ingest.post(make.encoded(make.unit_defined("u1")))
    finally:
        os.kill(broker, signal.SIGCONT)
    assert (answer.status_code, answer.json()["reason"]) == (503, "unavailable")
    assert await ingest.counted("stadga_ingest_unconfirmed_total", channel="http") == before + 1
    event = make.unit_defined("u2")

    async def accepted() -> bool:
        return (await ingest.post(make.encoded(event))).status_code == httpx.codes.ACCEPTED

    await until(accepted, "the broker takes events again")
    assert event["id"] in await published_ids(stack)


async def test_publishing_a_file_goes_on_after_an_outage(stack: Stack, tmp_path: Path):
    """`stadga publish` waits while Kafka is away, and in the end everything is there."""
    events, file = people(20_000, "filed"), tmp_path / "log.jsonl"
    file.write_bytes(make.lines(events))
    stack.kill("kafka")
    how = ("--url", stack.address("ingest"), "--token", TOKEN, "--language", "en")
    publishing = asyncio.create_task(stadga("publish", str(file), *how))
    await stack.restart("kafka")
    code, out, err = await publishing
    assert (code, out) == (0, "accepted 20000, rejected 0\n"), err
    assert {event["id"] for event in events} <= await published_ids(stack)


async def test_health_tells_when_kafka_is_away(stack: Stack):
    """Ready, not ready, ready again."""
    ingest = of(stack)
    await until(ingest.ready, "ingest is ready")
    stack.kill("kafka")

    async def not_ready() -> bool:
        return not await ingest.ready()

    await until(not_ready, "ingest says that Kafka is away")
    await stack.restart("kafka")
    await until(ingest.ready, "ingest is ready again")


async def test_started_before_kafka(tmp_path: Path):
    """HTTP answers 503 and health says why; when Kafka comes, and later the topics, events are taken."""
    stack = Stack(tmp_path / "stadga", here(), leashed=True)
    await stack.start(["kafka"])
    stack.kill("kafka")
    port = ports.choose({"port": 0}, {})["port"]
    ingest = Ingest(f"http://127.0.0.1:{port}", stack.kafka_bootstrap_servers)
    environment = here(
        **settings(tmp_path),
        KAFKA_BOOTSTRAP_SERVERS=stack.kafka_bootstrap_servers,
        STADGA_INGEST_PORT=str(port),
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "services.ingest", env=environment)
    try:
        event = make.unit_defined("u1")
        await until(lambda: answers(ingest, event, 503), "503 while there is no broker")
        assert not await ingest.ready()
        await stack.restart("kafka")
        await topics.create(stack.kafka_bootstrap_servers)
        await until(ingest.ready, "ready once broker and topics are there")
        assert await answers(ingest, event, 202)
    finally:
        process.terminate()
        assert await asyncio.wait_for(process.wait(), PATIENCE) == 0
        await stack.stop()


async def answers(ingest: Ingest, event: make.Event, status: int) -> bool:
    """Whether posting the event is answered so."""
    try:
        return (await ingest.post(make.encoded(event))).status_code == status
    except httpx.TransportError:
        return False


@pytest.mark.parametrize(
    ("name", "value"),
    [("STADGA_PSEUDONYM_KEY", "short"), ("STADGA_TOKENS_FILE", "nowhere.yaml"), ("STADGA_INGEST_PORT", "http")],
)
def test_a_wrong_setting_keeps_it_from_starting(name: str, value: str):
    """One line that names the setting, and exit code 1."""
    done = subprocess.run(
        [sys.executable, "-m", "services.ingest"],
        env=here(**{name: value}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(f"ingest: {name}")
