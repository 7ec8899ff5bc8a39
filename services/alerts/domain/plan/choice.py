"""The plan files against the plans that run: what to change, what is refused, what is missing. Pure."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from services.alerts.domain.plan.plan import Plan, Version, digest
from services.alerts.domain.plan.reading import PlanRefused, read
from shared.language.said import Said
from shared.written.faults import Fault


class PlanFile(NamedTuple):
    """A file's name within the folder, its text or why there is none, and when it was last changed."""

    name: str
    text: str
    changed: datetime
    problem: Said | None = None


class PlanChange(NamedTuple):
    """A text to run from now on, or (``text`` None) a plan to run no more.

    ``changed`` is when the text was last changed. It is done only while version ``replaces`` runs (None: none does).
    """

    plan: str
    text: str | None
    source: str
    changed: datetime
    replaces: int | None


History = Mapping[str, Mapping[str, int]]
"""By plan: the digest of every text that ever ran, and its latest version."""


class FileRefusal(NamedTuple):
    """A file that can't run as it is."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        """As editors write it."""
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class Comparison(NamedTuple):
    """What to run, what was refused, and the running plans that no file holds."""

    changes: list[PlanChange]
    refusals: list[FileRefusal]
    missing: list[str]


class PlanReader:
    """Reads each text once, and again only where other units of those it names are unknown."""

    def __init__(self) -> None:
        """Nothing is read yet."""
        self._read: dict[str, Plan | tuple[Fault, ...]] = {}
        self._unknown: dict[tuple[str, frozenset[str]], tuple[Fault, ...]] = {}

    def read(self, file: PlanFile, units: Collection[str]) -> Plan | tuple[Fault, ...]:
        """The plan, or what is wrong with it; units are checked once any are known."""
        if file.problem:
            return (Fault(1, 1, file.problem),)
        name = digest(file.text)
        if name not in self._read:
            self._read[name] = _read(file.text, ())
        found = self._read[name]
        unknown = frozenset(found.named.difference(units)) if isinstance(found, Plan) and units else frozenset()
        if not unknown:
            return found
        if (name, unknown) not in self._unknown:
            said = _read(file.text, units)
            self._unknown[name, unknown] = said if isinstance(said, tuple) else ()
        return self._unknown[name, unknown] or found

    def keep(self, files: Collection[PlanFile]) -> None:
        """Forget the texts that are in no file any more."""
        names = {digest(file.text) for file in files}
        self._read = {name: found for name, found in self._read.items() if name in names}
        self._unknown = {key: found for key, found in self._unknown.items() if key[0] in names}


def _read(text: str, units: Collection[str]) -> Plan | tuple[Fault, ...]:
    try:
        return read(text, units)
    except PlanRefused as refused:
        return refused.faults
    except Exception as error:  # noqa: BLE001  (a fault of ours that one text brings out holds up no other)
        name = type(error).__name__
        return (Fault(1, 1, Said(f"går inte att läsa: {name}", f"cannot be read: {name}")),)


def compare(
    found: Sequence[PlanFile],
    running: Mapping[str, Version],
    history: History,
    reading: PlanReader,
    units: Collection[str],
) -> Comparison:
    """A plan whose file is broken goes on as it was; an older text does not replace a newer one."""
    sound: dict[str, PlanFile] = {}
    refusals: list[FileRefusal] = []
    for file in found:
        plan = _running(file, running) or reading.read(file, units)
        if not isinstance(plan, Plan):
            refusals += [FileRefusal(file.name, fault.line, fault.column, fault.message) for fault in plan]
        elif plan.id in sound:
            refusals.append(FileRefusal(file.name, 1, 1, f'plan "{plan.id}" is already in {sound[plan.id].name}'))
        else:
            sound[plan.id] = file
    changes: list[PlanChange] = []
    for name, file in sound.items():
        version, hashed = running.get(name), digest(file.text)
        if version and version.hash == hashed:
            continue
        if version and (why := _older(file, hashed, version, history.get(name, {}))):
            refusals.append(FileRefusal(file.name, 1, 1, why))
        else:
            changes.append(PlanChange(name, file.text, file.name, file.changed, version.version if version else None))
    return Comparison(changes, refusals, [name for name in running if name not in sound])


def _running(file: PlanFile, running: Mapping[str, Version]) -> Plan | None:
    hashed = digest(file.text)
    return next((one.plan for one in running.values() if not file.problem and one.hash == hashed), None)


def _older(file: PlanFile, hashed: str, runs: Version, earlier: Mapping[str, int]) -> str | None:
    """Why a text does not replace the version that runs, if it does not."""
    way = f'"stadga plan adopt {file.name}" lets it run'
    if hashed in earlier:
        return f"this is version {earlier[hashed]} of the plan, and version {runs.version} has replaced it; {way}"
    if file.changed < runs.changed:
        ages = f"{_shown(file.changed)}, before version {runs.version}, which runs ({_shown(runs.changed)})"
        return f"last changed {ages}; {way}"
    return None


def _shown(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
