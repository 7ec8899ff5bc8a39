"""Three hostile logs through Kafka and PostgreSQL against a count of every person on every day, beside the project."""

from collections.abc import AsyncIterator

import pytest

from cli.local.stack import Stack
from services.metrics.domain.facts.cell import Cell
from tests import builders as make
from tests.integration.metering import caught_up, message, net_facts, send, standing
from tests.integration.mixed_logs import shuffled
from tests.unit.metrics.folding import Folded, fold
from tests.unit.metrics.references import module
from tests.unit.metrics.test_oracle import DAYS, PEOPLE, computed, counted

SEEDS = (4, 5, 6)


@pytest.fixture(scope="module")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """A metrics service on real Kafka and PostgreSQL."""
    async with standing(tmp_path_factory.mktemp("oracle"), "metrics") as running:
        yield running


@pytest.fixture(scope="module")
def log() -> list[make.Event]:
    """The logs of three seeds, of people of their own in the same units."""
    generate = module("oracle_v2", "genlog.py").generate
    return [event for seed in SEEDS for event in generate(seed, PEOPLE)]


@pytest.fixture(scope="module")
async def kept(stack: Stack, log: list[make.Event]) -> Folded:
    """What PostgreSQL holds once all of it was sent, in any order and in part twice."""
    await send(stack.kafka_bootstrap_servers, map(message, shuffled(log)))
    await caught_up(stack)
    facts = {
        (Cell(*cell), measure, day): n for (*cell, measure, day), n in (await net_facts(stack.database_url)).items()
    }
    return Folded(facts, {}, fold(*log).memory)


@pytest.mark.parametrize(("as_of", "window"), DAYS)
async def test_every_measure_is_what_a_daily_count_gives(kept: Folded, log: list[make.Event], as_of: str, window: int):
    """Of every unit's subtree, on four days: no amount differs."""
    want, got = counted(log, as_of, window), computed(kept, as_of, window)
    differing = {
        place: (want.get(place, 0), got.get(place, 0))
        for place in want.keys() | got.keys()
        if "open_day" not in place[1] and got.get(place, 0) != pytest.approx(want.get(place, 0), rel=1e-5, abs=1e-5)
    }
    assert not differing
    assert len(want) > 500
