"""Watches the plan files: what is new and sound runs from now on, what is broken is told of and changes nothing."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import structlog

from services.alerts.domain.plan import Plan
from services.alerts.domain.plan_faults import Fault
from services.alerts.domain.plan_reading import Refused, read
from services.alerts.evaluator.rounds import Change, Rounds
from services.alerts.repository.plan_files import PlanFile, files
from services.alerts.repository.plans import Version, digest
from services.alerts.telemetry import Telemetry
from shared.kit.health import Health
from shared.kit.supervisor import Task

log = structlog.get_logger()

PART = "plan"


class Refusal(NamedTuple):
    """A file that can't run as it is."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        """As editors write it."""
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class Verdict(NamedTuple):
    """What to change, and what was refused."""

    changes: list[Change]
    refusals: list[Refusal]


def compare(found: Sequence[PlanFile], running: Mapping[str, Version], units: Collection[str]) -> Verdict:
    """The files against what runs. Pure.

    A plan whose file is gone runs no more; one whose file is broken goes on as it was.
    """
    sound: dict[str, PlanFile] = {}
    refusals: list[Refusal] = []
    for file in found:
        same = next((one for one in running.values() if one.hash == digest(file.text)), None)
        read_plan = same.plan if same else _read(file, units)
        if not isinstance(read_plan, Plan):
            refusals += [Refusal(file.name, fault.line, fault.column, fault.message) for fault in read_plan]
        elif read_plan.id in sound:
            message = f'plan "{read_plan.id}" is already in {sound[read_plan.id].name}'
            refusals.append(Refusal(file.name, 1, 1, message))
        else:
            sound[read_plan.id] = file
    broken = {refusal.file for refusal in refusals}
    new = [
        Change(name, file.text, file.name)
        for name, file in sound.items()
        if name not in running or running[name].hash != digest(file.text)
    ]
    gone = [
        Change(name, None, one.source)
        for name, one in running.items()
        if name not in sound and one.source not in broken
    ]
    return Verdict([*gone, *new], refusals)


def _read(file: PlanFile, units: Collection[str]) -> Plan | tuple[Fault, ...]:
    if file.problem:
        return (Fault(1, 1, file.problem),)
    try:
        return read(file.text, units)
    except Refused as refused:
        return refused.faults


class PlanWatch:
    """Looks at the files every so often. ``refusals`` are those of the last look."""

    def __init__(self, path: Path, poll: float, rounds: Rounds, telemetry: Telemetry, health: Health) -> None:
        """``poll`` is seconds between looks."""
        self._path = path
        self._poll = poll
        self._rounds = rounds
        self._telemetry = telemetry
        self._health = health
        self.refusals: list[Refusal] = []

    @property
    def task(self) -> Task:
        """Looks until cancelled."""
        return Task(PART, self._session, PART)

    async def _session(self) -> None:
        """Look until something fails; a folder that is away is waited for."""
        while True:
            await self.look()
            await asyncio.sleep(self._poll)

    async def look(self) -> None:
        """Adopt what changed; raises what the database says. Without a folder, what runs goes on."""
        try:
            found = await asyncio.to_thread(files, self._path)
        except OSError as error:
            self._health.bad(PART, f"{self._path}: {error.strerror}")
            return
        running, units = await self._rounds.running()
        verdict = compare(found, running, units)
        if verdict.changes:
            await self._rounds.change(verdict.changes)
            running, _ = await self._rounds.running()
            log.info("plans changed", running={name: one.version for name, one in running.items()})
        self._tell(verdict.refusals, running)

    def _tell(self, refusals: list[Refusal], running: Mapping[str, Version]) -> None:
        for refusal in refusals:
            if refusal not in self.refusals:
                log.error("plan refused; what ran before goes on", fault=str(refusal))
        self.refusals = refusals
        self._telemetry.refused.set(len({refusal.file for refusal in refusals}))
        self._telemetry.plans.clear()
        for name, one in running.items():
            self._telemetry.plans.labels(name).set(one.version)
        if refusals:
            self._health.bad(PART, str(refusals[0]))
        elif not running:
            self._health.bad(PART, f"no plan in {self._path}")
        else:
            self._health.ok(PART)
