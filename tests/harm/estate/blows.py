"""What is killed, how, and how long it takes until it is back."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from cli.local.stack import StackError
from tests.harm.estate.estate import SERVICES, Estate
from tests.harm.estate.judge import problems
from tests.polling import until

BROKER, BROKERS = "a broker", "a broker, while another catches up"
SILENT = "a broker, which falls silent until the others do without it"
FIRST, SECOND, PROMOTED = "the first database", "the second database", "the first database, for good"
OTHERS = ("mailbox", *SERVICES)
WEIGHTS = {BROKER: 4, BROKERS: 2, SILENT: 2, FIRST: 2, SECOND: 2, PROMOTED: 1, **dict.fromkeys(OTHERS, 2)}
"""How often each is chosen."""
BACK = 300.0
"""Seconds within which everything must be well again."""
KIN = ({FIRST, SECOND, PROMOTED}, {BROKER, BROKERS, SILENT})
"""Of these one at a time, or nobody would be left."""
AT_ONCE = (1, 2, 3, 5, 7)
"""How many are struck at the same time, each equally often: what brings one down seldom comes alone. Seven are all."""
MOMENT = 2.0
"""Seconds before a blow, at most: it may find anything under way."""


class Back(NamedTuple):
    """A kill: of what, seconds until it answered, and until every service said that it was ready."""

    what: str
    answered: float
    well: float


class Blows:
    """Chosen by chance, of which the seed is given; ``told`` counts what health said meanwhile, by what was killed."""

    def __init__(self, estate: Estate, seed: int) -> None:
        """Nothing is killed yet."""
        self._estate, self._chance = estate, random.Random(seed)  # noqa: S311  (the same blows each time)
        self.backs: list[Back] = []
        self.told: dict[str, Counter[str]] = {}
        self.faults: list[str] = []

    async def strike(self, what: str = "") -> None:
        """One blow, of chance's choosing if none is named, mostly to several at the same time. Until all is well."""
        chosen = [what] if what else self._choose()
        await asyncio.sleep(self._chance.uniform(0, MOMENT))
        began = time.monotonic()
        async with self._listening(chosen[0]):
            answered = await asyncio.gather(*(self._struck(one) for one in chosen))
            await self._well(chosen)
        well = time.monotonic() - began
        self.backs += [Back(kind, seconds, well) for blow in answered for kind, seconds in blow]

    def _choose(self) -> list[str]:
        chosen: list[str] = []
        left, wanted = set(WEIGHTS), self._chance.choice(AT_ONCE)
        while left and len(chosen) < wanted:
            names = sorted(left)
            one = self._chance.choices(names, [WEIGHTS[name] for name in names])[0]
            chosen.append(one)
            left -= {one}.union(*(kin for kin in KIN if one in kin))
        return chosen

    async def _struck(self, what: str) -> list[tuple[str, float]]:
        estate = self._estate
        if what == PROMOTED:
            return [(what, await self._promoted())]
        if what == SILENT:
            return [(what, await self._silenced(self._chance.choice(self._estate.brokers).name))]
        if what in {BROKER, BROKERS}:
            names = self._chance.sample([node.name for node in estate.brokers], 1 + (what == BROKERS))
        else:
            names = [{FIRST: estate.first, SECOND: estate.second}.get(what, what)]
        return [(what, await self._killed(name)) for name in names]

    async def _killed(self, part: str) -> float:
        began = time.monotonic()
        self._estate.kill(part)
        await self._estate.relaunch(part)
        await self._answers(part)
        return time.monotonic() - began

    async def _promoted(self) -> float:
        """The copy takes over, and what was the first comes back as its copy."""
        await self._estate.in_step()
        began = time.monotonic()
        self._estate.kill(self._estate.first)
        await self._estate.fail_over()
        await self._estate.copy_anew()
        await self._answers(self._estate.second)
        return time.monotonic() - began

    async def _silenced(self, broker: str) -> float:
        began = time.monotonic()
        self._estate.freeze(broker)
        try:
            await self._estate.does_without(broker)
        finally:
            self._estate.thaw(broker)
        await self._answers(broker)
        return time.monotonic() - began

    async def _answers(self, part: str) -> None:
        try:
            await self._estate.answers(part)
        except StackError as error:
            self.faults.append(str(error))
            await self._estate.relaunch(part)

    async def _well(self, after: list[str]) -> None:
        """Whoever runs the services starts again what ends; that it ended is a fault."""

        async def all_well() -> bool:
            for name in SERVICES:
                if not self._estate.parts[name].alive:
                    self.faults.append(f"{name} ended by itself after {after}: {self._estate.last_words(name)}")
                    await self._estate.relaunch(name)
            return not await problems(self._estate)

        try:
            await until(all_well, f"all to be well after {after}", BACK)
        except AssertionError as error:
            self.faults.append(f"{error}: {await problems(self._estate)}")

    @asynccontextmanager
    async def _listening(self, what: str) -> AsyncIterator[None]:
        """Note what the services say is wrong."""
        told = self.told.setdefault(what, Counter())

        async def listen() -> None:
            heard = set[str]()
            while True:
                for where in (await problems(self._estate)).keys() - heard:
                    heard.add(where)
                    told[where] += 1
                await asyncio.sleep(0.3)

        listening = asyncio.create_task(listen())
        try:
            yield
        finally:
            listening.cancel()
            await asyncio.wait([listening])
