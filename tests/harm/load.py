"""``python -m tests.harm.load [--minutes N]``: ten days of a country in an hour, over HTTP; see ``make load``.

The pace: Swedish municipalities have about 1.2 million employees, and a simulated one hands over 0.114 events a day and
employee (208,222 events of 5,000 people in a year): 137,000 a day, ten times which is 380 a second for an hour. As many
events are those of 34,500 people in a year, so a year of theirs passes in the hour: in 145 units, each of which changes
between any two looks.
"""

import argparse
import asyncio
import contextlib
import sys
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from shutil import copy
from typing import NamedTuple

from benchmarks.rig import committed, put, rig
from cli.local.stack import Stack
from cli.local.stack.stack import PLANS
from cli.simulation.log import simulate
from shared.contracts.topics import HR_EVENTS
from tests.harm import accounts, doors
from tests.harm.asking import Asking
from tests.harm.handing_over import handed_over
from tests.harm.measured import Measured, Outage
from tests.harm.poison import doses, half_open
from tests.harm.probes import PLAN, Probes
from tests.harm.report import found, told, write
from tests.harm.sender import Sender
from tests.harm.town import Kept, Sample, Town
from tests.integration.metering import fetch
from tests.polling import until

RATE = 380.0
FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)
KNOWN = 2
"""Events of each person that are known before: those who are employed and where, and some days more."""
SEED = 3
AWAY = 15.0
"""Seconds that a part is away."""
CALM = 0.88
"""The share of the run in which parts are taken away: its last tenth is compared with what was before."""
LOOK = 10.0
PROBED = 10.0
"""Seconds between two probes."""
SETTLED = 1_200.0
"""Seconds within which the values of all units are out before anything is measured, and all is over afterwards."""
REPORT = Path(".stadga/load")
IN_UNITS = "select count(*) from alerts.units"
A_UNIT = """
select unit from alerts.units where unit not like 'probe-%' order by cardinality(path) desc, unit limit 1
"""


class Load(NamedTuple):
    """How much, for how long, and what goes wrong meanwhile.

    One message in ``poisoned`` is poison; ``back`` are seconds within which all is taken in after an outage.
    """

    minutes: float = 60
    people: int = 34_500
    units: int = 145
    outages: Sequence[str] = ("postgres", "kafka", "mailbox") * 3
    poisoned: int = 1_000
    back: float = 180.0
    kept: type[Kept] = Kept

    @property
    def seconds(self) -> float:
        """How long."""
        return self.minutes * 60


class Run:
    """One run."""

    def __init__(self, load: Load, stack: Stack, town: Town, sender: Sender, probes: Probes, asking: Asking) -> None:
        """Nothing is sent yet."""
        self._load, self._stack, self._town, self._sender = load, stack, town, sender
        self._probes, self._asking = probes, asking
        self.samples: list[Sample] = []
        self.outages: list[Outage] = []
        self.faults: list[str] = []
        self._seconds = 0.0

    async def run(self, send: Callable[[], Awaitable[None]]) -> None:
        """Send all of it while parts are taken away; then wait until all is taken in."""
        work = (self._town.keep(), self._watch(), self._asking.ask(), self._probes.send(PROBED), self._harm())
        beside = [asyncio.create_task(one) for one in work]
        try:
            await send()
            self._seconds = self._town.now
            await self._in_time(beside[-1], "all outages to be over")
            await self._quiet("the end")
        finally:
            for one in beside:
                one.cancel()
            ended = await asyncio.gather(*beside, return_exceptions=True)
        self.faults += [f"the driver: {one!r}" for one in ended if isinstance(one, Exception)]

    async def _in_time(self, work: Awaitable[object], what: str) -> None:
        """What does not come in time is a fault, and what was measured is told all the same."""
        try:
            await asyncio.wait_for(work, SETTLED)
        except TimeoutError:
            self.faults.append(f"not within {SETTLED:.0f} s: {what}")

    async def _watch(self) -> None:
        while True:
            self.samples.append(sample := await self._town.look(len(self._sender.sent)))
            if len(self.samples) % 6 == 1:
                print(told(sample), flush=True)
            await asyncio.sleep(LOOK)

    async def _harm(self) -> None:
        outages = self._load.outages
        for number, part in enumerate(outages, 1):
            at = number * CALM * self._load.seconds / (len(outages) + 1)
            await asyncio.sleep(max(0.0, at - self._town.now))
            connections = asyncio.create_task(half_open([s.service.url for s in self._town.services.values()], AWAY))
            began = self._town.now
            self._stack.kill(part)
            await asyncio.sleep(AWAY)
            await self._stack.relaunch(part)
            back = self._town.now
            await asyncio.gather(connections, return_exceptions=True)
            await self._quiet(f"{part} taken away at {began:.0f} s")
            self.outages.append(Outage(part, began, back, self._town.now))

    async def _quiet(self, after: str) -> None:
        """Every service is ready and all that waited is taken in; a little is always under way."""

        async def taken_in() -> bool:
            await asyncio.sleep(1)  # asking without pause would be a load of its own
            ready, waiting = await self._town.asked()
            return all(ready.values()) and all(0 <= count < 10 * RATE for count in waiting.values())

        try:
            await until(taken_in, f"everything taken in after {after}", self._load.back)
        except AssertionError as error:
            self.faults.append(str(error))
            print(f"  {error}", flush=True)

    async def measured(self) -> Measured:
        """Wait until nothing is under way; then everything accounted for. The services have stopped afterwards."""
        wanted = await doors.size(self._stack.kafka_bootstrap_servers, HR_EVENTS)
        await self._in_time(committed(self._stack, wanted), "everything to be folded")

        async def all_told() -> bool:
            _, waiting = await self._town.asked()
            mailed = await self._probes.mailed(self._stack)
            return mailed and waiting["alerts"] == 0 and not (await accounts.mails(self._stack))[0].get("pending")

        with contextlib.suppress(AssertionError):
            await until(all_told, "every value to be taken in and every mail to be sent", self._load.back)
        mails, wrong = await accounts.mails(self._stack)
        await self._town.stop()
        return Measured(
            seconds=self._seconds,
            began=self._town.began,
            sender=self._sender,
            samples=self.samples,
            outages=self.outages,
            questions=self._asking.answers,
            otherwise=self._asking.otherwise,
            probes=await self._probes.seen(self._stack),
            mails=mails,
            faults=[*self.faults, *self._sender.faults, *self._town.ends, *wrong],
            lost=await accounts.unaccounted(self._stack, self._sender),
            sizes=await accounts.sizes(self._stack),
            differ=await accounts.facts_differ(self._stack),
        )


async def under(load: Load) -> Measured:
    """Run on a stack of its own."""
    log = simulate(SEED, load.people, load.units, first=FIRST, last=LAST, hostility=0.3, troubled="auto")
    with tempfile.TemporaryDirectory(prefix="stadga-load-") as plans:
        copy(PLANS, plans)
        (Path(plans) / "probes.yaml").write_text(PLAN, "utf-8")
        async with rig() as stack:
            settings = {"STADGA_TODAY": LAST.isoformat(), "STADGA_PLANS": plans, "STADGA_MAILS_PER_HOUR": "10000"}
            town = Town(stack, load.kept, **settings)
            probes = Probes(ingest := town.services["ingest"].service.url, int(load.seconds / PROBED), LAST)
            await put(stack, [*islice(log, KNOWN * load.people), *probes.staff()])
            await town.start()
            try:
                await until(lambda: _settled(town, load.units), "the values of all units", SETTLED)
                sender = Sender(ingest, stack.kafka_bootstrap_servers, doses(SEED), load.poisoned)
                urls = {name: kept.service.url for name, kept in town.services.items()}
                asking = Asking(urls, await _a_unit(stack), LAST.isoformat())
                run = Run(load, stack, town, sender, probes, asking)
                town.begin()
                requests = handed_over(log, int(RATE * load.seconds), load.seconds, SEED)
                await run.run(lambda: sender.send(requests))
                return await run.measured()
            finally:
                await town.stop()


async def _a_unit(stack: Stack) -> str:
    """One that questions can be asked about, with nothing below it."""
    return str((await fetch(stack.database_url, A_UNIT))[0]["unit"])


async def _settled(town: Town, units: int) -> bool:
    ready, waiting = await town.asked()
    if not all(ready.values()) or any(waiting.values()):
        return False
    return int((await fetch(town.stack.database_url, IN_UNITS))[0]["count"]) >= units


def main() -> None:
    """Run, print and keep the report and its picture; exits with 1 if anything was wrong."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--minutes", type=float, default=Load().minutes)
    asked.add_argument("--units", type=int, default=Load().units)
    given = asked.parse_args()
    load = Load(minutes=given.minutes, units=given.units)
    measured = asyncio.run(under(load))
    report = found(measured, load.people, load.units)
    print(write(report, measured, REPORT))
    sys.exit(not report["holds"])


if __name__ == "__main__":
    main()
