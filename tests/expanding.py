"""What a migration may do beside a release that knows nothing of it: add."""

import re
from collections.abc import Iterable, Iterator, Set
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType, SimpleNamespace

from tests.deployment import ROOT

VERSIONS = ROOT / "deploy" / "migrations" / "versions"
CREATES = re.compile(r"^create (?:unlogged )?table (?:if not exists )?([\w.]+)")
INDEX = re.compile(r"^create index ")
CHANGES = re.compile(r"^(?:alter table|insert into|update|delete from|drop table) ([\w.]+)")
ADDS = re.compile(r"^add (?:column )?(?:if not exists )?(?!constraint|primary|unique|check|foreign)\w+ ")
HARMLESS = re.compile(r"^alter (?:column )?\w+ set (?:storage|statistics|compression) ")


class Recorder:
    """In the place of Alembic's ``op``."""

    def __init__(self) -> None:
        """Nothing was done yet."""
        self.statements: list[str] = []

    def execute(self, statement: object) -> None:
        """Remember a statement, on one line and in small letters."""
        self.statements.append(" ".join(str(statement).split()).lower())


def load(file: Path) -> ModuleType:
    """A migration."""
    spec = spec_from_file_location(file.stem, file)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def statements(module: ModuleType) -> list[str]:
    """What a migration does, in order."""
    recorder = Recorder()
    vars(module)["op"] = recorder
    vars(module)["context"] = SimpleNamespace(config=SimpleNamespace(attributes={"tenant": ""}))
    module.upgrade()
    return recorder.statements


def not_added(done: Iterable[str], new: Set[str] = frozenset()) -> Iterator[str]:
    """The statements that do more than add; ``new`` are tables that the release before does not know."""
    known = set(new)
    for statement in done:
        if created := CREATES.match(statement):
            known.add(created[1])
        elif not (INDEX.match(statement) or _of_new(statement, known) or _adds(statement)):
            yield statement


def _of_new(statement: str, new: Set[str]) -> bool:
    found = CHANGES.match(statement)
    return bool(found and found[1] in new)


def _adds(statement: str) -> bool:
    """Columns that may be left out, and how values are stored."""
    found = re.match(r"^alter table [\w.]+ (.*)$", statement)
    return bool(found) and all(_adds_one(action) for action in _actions(found[1]))  # type: ignore[index]


def _adds_one(action: str) -> bool:
    required = " not null" in action and not re.search(r" default | generated ", action)
    return bool(HARMLESS.match(action) or (ADDS.match(action) and not required))


def _actions(text: str) -> list[str]:
    """What an ``alter table`` does: its parts between commas, but those in brackets or quotes."""
    plain = re.sub(r"\([^()]*\)|'[^']*'", "", text)
    return [action.strip() for action in plain.split(",")]
