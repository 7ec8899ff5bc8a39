"""``pytest tests/harm/twenty_files.py``: twenty small files under load, replicas killed and started meanwhile.

Each file is of a unit and a source of its own: sixty people in any order, a quarter of whom left. It is sent a line,
a hundred lines or all of it at once, to replicas that take 1, 100 or 10,000 messages together. For each there is one
alert, one mail about it, and every number in it is that of the whole file.
"""

import asyncio
import os
import random
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from itertools import cycle
from pathlib import Path

import httpx
import msgspec

from cli.local.stack import Stack
from services.alerts.domain.alert.occasion import Occasion
from tests import builders as make
from tests.e2e.test_small_file import GONE, PLAN, halves
from tests.integration.computing import computed, every_row_of
from tests.integration.metering import TODAY, Killable, fetch, killable, standing
from tests.polling import until

FILES = 20
SIZES = (1, 100, 10_000)
BATCH = "application/cloudevents-batch+json"


def a_file(seed: int) -> list[make.Event]:
    """The events of one unit, in any order."""
    found = [
        event | {"source": f"file-{seed}", "subject": f"{event['subject']}-{seed}"}
        for event in (event for half in halves(seed) for event in half)
    ]
    for event in found:
        if "unit" in event["data"]:
            event["data"] = event["data"] | {"unit": f"unit-{seed}"}
    random.Random(seed).shuffle(found)  # noqa: S311  (a seed makes the same order each time)
    return found


@contextmanager
def all_cores_busy(nice: int = 0) -> Iterator[None]:
    """A process for each core that does nothing else, at the priority of everybody else if ``nice`` is not given."""
    work = f"import os; os.setpriority(os.PRIO_PROCESS, 0, {nice} or os.getpriority(os.PRIO_PROCESS, 0))\nwhile 1: pass"
    busy = [subprocess.Popen([sys.executable, "-c", work]) for _ in range(os.cpu_count() or 1)]
    try:
        yield
    finally:
        for one in busy:
            one.kill()
            one.wait()


@asynccontextmanager
async def replicas(stack: Stack) -> AsyncIterator[list[Killable]]:
    """Three metrics processes, which take 1, 100 and 10,000 messages at once."""
    async with AsyncExitStack() as open_now:
        yield [await open_now.enter_async_context(killable(stack, "metrics", STADGA_BATCH=str(n))) for n in SIZES]


async def post(url: str, events: list[make.Event], size: int) -> None:
    """A request for so many events."""
    headers = {"authorization": "Bearer local", "content-type": BATCH}
    async with httpx.AsyncClient(trust_env=False, timeout=60) as http:
        for n in range(0, len(events), size):
            answer = await http.post(f"{url}/v1/events", content=make.batch(events[n : n + size]), headers=headers)
            assert answer.status_code == 202, answer.text


async def mails(stack: Stack) -> list[tuple[str, str, str, float | None, float | None, float | None]]:
    """What was mailed so far, in order."""
    rows = await fetch(stack.database_url, "select occasion::text as said from alerts.outbox order by created")
    said = [msgspec.json.decode(row["said"], type=Occasion) for row in rows]
    return [
        (one.reason, one.target, one.unit, one.measured.value, one.measured.numerator, one.measured.denominator)
        for one in said
    ]


async def waits(stack: Stack) -> int:
    """How many mails nobody has got yet."""
    [row] = await fetch(stack.database_url, "select count(*) as n from alerts.outbox where state <> 'sent'")
    return int(row["n"])


async def test_twenty_files(tmp_path: Path):
    """Whatever happens to the replicas: twenty alerts, twenty mails, the right numbers."""
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "plan.yaml").write_text(PLAN.format(settle="20s"))
    sizes, expected = cycle(SIZES), []
    async with standing(tmp_path / "stack", STADGA_PLANS=str(tmp_path / "plans")) as stack:
        await stack.start(["mailbox", "ingest", "alerts"])
        with all_cores_busy():
            async with replicas(stack) as running:
                for seed in range(1, FILES + 1):
                    events, killed = a_file(seed), running[seed % len(running)]
                    sending = asyncio.ensure_future(post(stack.address("ingest"), events, next(sizes)))
                    killed.kill()
                    await killed.ended()
                    await sending
                    await killed.start()
                    log = tmp_path / f"{seed}.jsonl"
                    log.write_bytes(make.lines(events))
                    rate = every_row_of(computed([log]), TODAY)[f"unit-{seed}", "*"]["leaver_rate"]
                    assert rate["numerator"] == GONE
                    figures = rate["value"], rate["numerator"], rate["denominator"]
                    expected.append(("hold_met", "leavers", f"unit-{seed}", *figures))

                    async def is_told(due: int = seed) -> bool:
                        return len(await mails(stack)) >= due and not await waits(stack)

                    await until(is_told, f"the mail of file {seed}")
                    assert await mails(stack) == expected
        assert len(list(stack.mail_folder.glob("*.eml"))) == FILES
