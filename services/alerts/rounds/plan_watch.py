"""Watches the plan files: what is new and sound runs from now on, what is broken is told of and changes nothing.

One process at a time does, the one that holds the plans: two that see different files would take turns.
"""

import asyncio
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import structlog

from services.alerts.domain.plan.choice import FileRefusal, PlanChange, PlanFile, PlanReader, compare
from services.alerts.domain.plan.plan import Plan, Version, digest
from services.alerts.domain.plan.reading import PlanRefused
from services.alerts.repository.plan_files import printable
from services.alerts.rounds.adoption import change
from services.alerts.rounds.plan_shelf import PlanShelf
from services.alerts.rounds.rounds import Rounds
from services.alerts.telemetry import Telemetry
from shared.kit.blame import of_a_message
from shared.kit.clock import Clock
from shared.kit.health import Health

log = structlog.get_logger()

PART = "plan"
LOOKS = 6
"""A plan ends once as many looks in a row found no file of it: editors and rsync take a file away for a moment."""


class PlanWatch:
    """Looks at the files every so often. ``refusals`` are those of the last look."""

    def __init__(
        self, path: Path, poll: float, rounds: Rounds, clock: Clock, telemetry: Telemetry, health: Health
    ) -> None:
        """``poll`` is seconds between looks."""
        self._path = printable(path)
        self._shelf = PlanShelf(path)
        self._poll = poll
        self._rounds = rounds
        self._clock = clock
        self._telemetry = telemetry
        self._health = health
        self._reading = PlanReader()
        self._missed: Counter[str] = Counter()
        self.refusals: list[FileRefusal] = []

    async def run(self) -> None:
        """Look until something fails; a folder that is away is waited for."""
        while True:
            await self.look()
            await asyncio.sleep(self._poll)

    def stand_by(self) -> None:
        """Another process holds the plans."""
        self._missed.clear()
        self.refusals = []
        self._health.ok(PART)

    async def look(self) -> None:
        """Adopt what changed; raises what the database says. Without a folder, what runs goes on."""
        try:
            found = await self._shelf.files()
        except OSError as error:
            self._health.bad(PART, f"{self._path}: {error.strerror}")
            return
        running, history = await self._rounds.running(), await self._rounds.history()
        units = await self._units(found, running)
        verdict = await asyncio.to_thread(compare, found, running, history, self._reading, units)
        self._reading.keep(found)
        refusals = verdict.refusals + await self._change(verdict.changes)
        refusals += await self._change(self._gone(verdict.missing if found and not refusals else (), running))
        now = await self._rounds.running()
        if _versions(now) != _versions(running):
            log.info("plans changed", running=_versions(now))
        self._tell(refusals, now)

    async def adopt(self, plan: str, hashed: str) -> int | None:
        """Let the text of this digest run, however old; its version, or None when neither a file nor history has it.

        Raises PlanRefused when it has a fault by the rules of today.
        """
        text = await self._text(plan, hashed)
        running = await self._rounds.running()
        if text is None:
            return None
        runs = running.get(plan)
        if runs is None or runs.hash != hashed:
            await change(
                self._rounds, self._clock, PlanChange(plan, *text, self._clock.now(), runs.version if runs else None)
            )
        runs = (await self._rounds.running()).get(plan)
        return runs.version if runs and runs.hash == hashed else None

    async def _text(self, plan: str, hashed: str) -> tuple[str, str] | None:
        found = await self._shelf.files()
        file = next((one for one in found if not one.problem and digest(one.text) == hashed), None)
        if file is None and (earlier := await self._rounds.text(plan, hashed)):
            file = PlanFile(earlier[1], earlier[0], self._clock.now())
        if file is None:
            return None
        parsed = await asyncio.to_thread(self._reading.read, file, ())
        if not isinstance(parsed, Plan):
            raise PlanRefused(parsed)
        return (file.text, file.name) if parsed.id == plan else None

    async def _units(self, found: Sequence[PlanFile], running: Mapping[str, Version]) -> Collection[str]:
        """The units, where a text that does not run yet may name one."""
        hashes = {one.hash for one in running.values()}
        return await self._rounds.units() if any(digest(file.text) not in hashes for file in found) else ()

    def _gone(self, missing: Collection[str], running: Mapping[str, Version]) -> list[PlanChange]:
        """The plans that have been without a file for long enough."""
        self._missed = Counter({name: self._missed[name] + 1 for name in missing})
        return [
            PlanChange(name, None, running[name].source, self._clock.now(), running[name].version)
            for name in missing
            if self._missed[name] >= LOOKS
        ]

    async def _change(self, changes: Sequence[PlanChange]) -> list[FileRefusal]:
        """Do each; a fault that is of one plan holds up no other."""
        refusals = []
        for one in changes:
            try:
                await change(self._rounds, self._clock, one)
            except Exception as error:
                if not of_a_message(error):
                    raise
                refusals.append(FileRefusal(one.source, 1, 1, f'plan "{one.plan}" cannot run: {type(error).__name__}'))
        return refusals

    def _tell(self, refusals: list[FileRefusal], running: Mapping[str, Version]) -> None:
        for refusal in refusals:
            if refusal not in self.refusals:
                log.error("plan refused; what ran before goes on", fault=str(refusal))
        self.refusals = refusals
        self._telemetry.show(self._telemetry.refused, len({refusal.file for refusal in refusals}))
        self._telemetry.plans.clear()
        for name, one in running.items():
            self._telemetry.plans.labels(name).set(one.version)
        if refusals:
            self._health.bad(PART, str(refusals[0]))
        elif not running:
            self._health.bad(PART, f"no plan in {self._path}")
        else:
            self._health.ok(PART)


def _versions(running: Mapping[str, Version]) -> dict[str, int]:
    return {name: one.version for name, one in running.items()}
