"""A person is erased: gone from every table, the same values, and the same again when the log is read anew."""

import json
from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest
from typer.testing import CliRunner

from cli.local.stack import Stack
from cli.main import app
from services.metrics.intake.repository import Cells
from services.metrics.persons import erasing, saying
from services.metrics.persons.erasing import Order
from services.metrics.persons.saying import Saying
from shared.contracts.tenants import ALONE
from shared.contracts.topics import HR_EVENTS
from shared.kit import database
from shared.kit.clock import Clock
from tests import builders as make
from tests.integration.folding import ZONE
from tests.integration.loading import STREAM, WHOLE, taking
from tests.integration.loading import database as empty_database
from tests.integration.metering import (
    TODAY,
    Service,
    caught_up,
    fetch,
    message,
    metrics,
    net_anomalies,
    net_facts,
    send,
    standing,
)
from tests.integration.persons import LEFT, ask, by_unit, differences, erased, messages, of_person, places, said, settled, town, values

AGAIN = "left-too"
SOON = {"STADGA_HEALTH_SETTLE_SECONDS": "0"}


@pytest.fixture
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """Kafka, PostgreSQL, ingest and metrics, and a town of which two have left."""
    async with standing(tmp_path_factory.mktemp("persons"), "ingest", "metrics", **SOON) as running:
        log = [*town(), *of_person(), *of_person(AGAIN, 1980, "f")]
        await send(running.kafka_bootstrap_servers, map(message, log))
        await settled(running, running.database_url)
        yield running


async def remade(stack: Stack, **settings: str) -> tuple[str, list[object]]:
    """The log taken in by an empty database: its URL, and what is published of it."""
    url = await empty_database(stack)
    async with taking(stack, url, **SOON, **settings) as process:
        await settled(stack, url)
        return url, await values(process.service)


async def test_from_the_ledger_to_a_replay(stack: Stack):
    """What is erased is in no table, the units' values stay, and a replay, streamed or loaded whole, comes to the same."""
    service, url = metrics(stack), stack.database_url
    before, facts = await values(service, occupation="*"), await by_unit(url)
    assert await places(url, LEFT)
    done = await erased(service, LEFT)
    assert (done["persons"], done["events"]) == (1, len(of_person()))
    assert done["coarsened"] == 2
    await settled(stack, url)
    assert [place for place in await places(url, LEFT) if "'erased'" not in place] == []
    assert await by_unit(url) == facts
    after = await values(service)
    assert await values(service, occupation="*") == before
    assert any(before)
    for how in (STREAM, WHOLE):
        again, found = await remade(stack, **how)
        assert await net_facts(again) == await net_facts(url)
        assert await net_anomalies(again) == await net_anomalies(url)
        assert differences(found, after) == []
        assert [place for place in await places(again, LEFT) if "'erased'" not in place] == []
