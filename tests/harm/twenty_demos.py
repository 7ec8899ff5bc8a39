"""``pytest tests/harm/twenty_demos.py``: the demo twenty times, never on a quiet machine.

Beside its own metrics replica another takes 1, 100 or 10,000 messages together, and is killed and started again while
the log is read. The machine is short of cores, of
priority, or of half its time. Each time every alarm that was mailed is of an alert that fires in the end, told once to
each recipient, every number in every mail is that of ``stadga compute`` on the whole log, and the alerts are the same.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path

import httpx
import msgspec
import pytest
from rich.console import Console

from cli.local.demonstration import story
from cli.local.demonstration.replay import FIRST, HOSTILITY, LAST, PEOPLE, SEED, UNITS
from cli.local.stack import Stack
from cli.offline.computing import rows
from cli.offline.computing.log import Computed
from cli.simulation.log import simulate
from services.alerts.domain.alert.occasion import Occasion
from shared.contracts.catalogue import BY_NAME
from shared.contracts.envelope import encode
from tests.conftest import here
from tests.harm.twenty_files import SIZES, all_cores_busy
from tests.integration.computing import computed
from tests.integration.metering import Service, fetch, killable
from tests.polling import until

DEMOS = 20
KILLS = 4
PATIENCE = 600
"""Seconds for a replica to begin."""
QUOTA = Path("/sys/fs/cgroup/cpu/stadga-demos")
"""A group of processes of which the kernel's scheduler takes the time (control groups, version 1)."""
ALARM = "hold_met"


@contextmanager
def last_in_line() -> Iterator[None]:
    """Everything that is started has the lowest priority, and others want all cores."""
    before = os.getpriority(os.PRIO_PROCESS, 0)
    os.setpriority(os.PRIO_PROCESS, 0, 19)
    try:
        with all_cores_busy(nice=5):
            yield
    finally:
        os.setpriority(os.PRIO_PROCESS, 0, before)


@contextmanager
def half_the_time() -> Iterator[None]:
    """Everything that is started has half of the cores' time; where that cannot be had, the cores are busy."""
    try:
        QUOTA.mkdir(exist_ok=True)
        period = int((QUOTA / "cpu.cfs_period_us").read_text())
        (QUOTA / "cpu.cfs_quota_us").write_text(str(period * (os.cpu_count() or 1) // 2))
        (QUOTA / "cgroup.procs").write_text(str(os.getpid()))
    except OSError:
        with all_cores_busy():
            yield
        return
    try:
        yield
    finally:
        (QUOTA.parent / "cgroup.procs").write_text(str(os.getpid()))


LOADS: tuple[Callable[[], AbstractContextManager[None]], ...] = (all_cores_busy, last_in_line, half_the_time)


@asynccontextmanager
async def replicas_come_and_go(stack: Stack, size: int) -> AsyncIterator[None]:
    """Another metrics replica is started beside the first, killed, and started again, until nobody looks any more."""

    async def go_on() -> None:
        await until(partial(answers, Service(stack.address("metrics"))), "the first replica", PATIENCE)
        async with killable(stack, "metrics", STADGA_BATCH=str(size), **story.SETTINGS) as replica:
            for _ in range(KILLS):
                await until(partial(answers, replica.service), "another replica", PATIENCE)
                replica.kill()
                await replica.ended()
                await replica.start()
            await asyncio.Event().wait()

    coming = asyncio.create_task(go_on())
    try:
        yield
    finally:
        coming.cancel()
        await asyncio.wait([coming])


async def answers(service: Service) -> bool:
    """Whether it takes part."""
    return (await service.ask("/readyz")).status_code == httpx.codes.OK


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Computed:
    """The demo's log as ``stadga compute`` reads it."""
    log = tmp_path_factory.mktemp("demo") / "log.jsonl"
    events = simulate(SEED, PEOPLE, UNITS, first=FIRST, last=LAST, hostility=HOSTILITY, troubled="auto")
    log.write_bytes(b"".join(encode(event) + b"\n" for event in events))
    return computed([log])


async def told(stack: Stack) -> list[tuple[str, Occasion]]:
    """What was mailed, and to whom."""
    rows = await fetch(
        stack.database_url, "select recipient, occasion::text as said from alerts.outbox where occasion ? 'measured'"
    )
    return [(row["recipient"], msgspec.json.decode(row["said"], type=Occasion)) for row in rows]


async def firing(stack: Stack) -> set[tuple[str, str]]:
    """The alerts that fire, by target and unit."""
    found = await fetch(stack.database_url, "select target, unit from alerts.standings where state = 'firing'")
    return {(row["target"], row["unit"]) for row in found}


def check(one: Occasion, of: Computed) -> None:
    """What a mail says of its metric is what the whole log comes to."""
    asked = rows.Question(one.on, 365, [BY_NAME[one.metric]], 10, by=("occupation",), with_measures=False)
    [row] = [row for row in rows.report(of, asked).rows if (row.unit, row.occupation) == (one.unit, one.occupation)]
    expected, said = row.metrics[one.metric], one.measured
    assert (said.status, said.value, said.numerator, said.denominator, said.low, said.high) == (
        expected.status,
        expected.value,
        expected.numerator,
        expected.denominator,
        expected.low,
        expected.high,
    ), f"{one.target} of {one.unit} on {one.on}"


@pytest.fixture(scope="module")
def found() -> list[set[tuple[str, str]]]:
    """The alerts of the demos so far."""
    return []


@pytest.mark.parametrize("turn", range(DEMOS))
async def test_a_demo_under_load(
    turn: int,
    whole: Computed,
    found: list[set[tuple[str, str]]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    """Each alert once, each number that of the whole log."""
    monkeypatch.chdir(tmp_path)
    for name, value in here().items():
        monkeypatch.setenv(name, value)
    with LOADS[turn % len(LOADS)](), story.fresh() as stack:
        try:
            async with replicas_come_and_go(stack, SIZES[turn // len(LOADS) % len(SIZES)]):
                await story.tell(stack, Console(quiet=True), "sv")
            said, fires = await told(stack), await firing(stack)
        finally:
            await stack.stop()
    alarms = [(recipient, one.target, one.unit) for recipient, one in said if one.reason == ALARM]
    assert len(set(alarms)) == len(alarms)
    assert {alarm[1:] for alarm in alarms} == fires
    for _, one in said:
        check(one, whole)
    found.append(fires)
    assert found[0] == fires
