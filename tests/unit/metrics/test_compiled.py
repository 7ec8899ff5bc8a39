"""Compiled and pure, the domain comes to the same; and nothing is taken that was compiled of other sources."""

import ast
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import msgspec
import pytest

from cli.simulation.log import simulate
from services import compiled
from services.compiled import building
from shared.contracts import envelope
from tests.unit.metrics.told import Told

ROOT = compiled.ROOT
A_MODULE = "services/metrics/domain/facts/tally.py"
RELIED_ON = "shared/contracts/event_types.py"
WHERE = "import services.metrics.domain.facts.tally as module; print(module.__file__)"


def run(*arguments: str, root: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run Python on the sources below ``root``, compiled where there is a build, unless told otherwise."""
    given = {name: value for name, value in os.environ.items() if name != compiled.PURE}
    given |= {"PYTHONPATH": str(root), **environment}
    return subprocess.run([sys.executable, *arguments], cwd=root, env=given, capture_output=True, check=False)


def printed(*arguments: str, root: Path = ROOT, **environment: str) -> bytes:
    """What it prints, once it has ended well."""
    done = run(*arguments, root=root, **environment)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@pytest.fixture(scope="module")
def build() -> Path:
    """The build of the sources as they are, made if it is not there."""
    if why := building.hindrance():
        pytest.skip(f"nothing can be compiled here: {why}")
    said = run("-m", "services.compiled").stderr.decode()
    assert compiled.folder().is_dir(), said
    return compiled.folder()


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a small municipality tells whose systems are as hostile as they get."""
    file = tmp_path_factory.mktemp("log") / "log.jsonl"
    told = simulate(5, 60, 5, first=date(2022, 10, 1), last=date(2024, 4, 30), hostility=1, troubled="auto")
    file.write_bytes(b"\n".join(map(envelope.encode, told)))
    return file


@pytest.fixture
def copy(build: Path, tmp_path: Path) -> Path:
    """The sources with their build, to be changed."""
    unwanted = shutil.ignore_patterns("__pycache__", "making-*")
    for name in ("services", "shared", str(build.relative_to(ROOT))):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=unwanted)
    return tmp_path


@pytest.mark.usefixtures("build")
def test_a_log_comes_to_the_same(log: Path):
    """Every fact, anomaly, row of a record and contradiction, in batches in any order, in hand and counted anew."""
    arguments = "-P", str(ROOT / "tests" / "unit" / "metrics" / "told.py"), str(log)
    pure, quick = (msgspec.json.decode(printed(*arguments, **given), type=Told) for given in ({compiled.PURE: "1"}, {}))
    assert (pure.compiled, quick.compiled) == (False, True)
    assert quick._replace(compiled=False) == pure
    assert all(pure[1:])


@pytest.mark.usefixtures("build")
@pytest.mark.parametrize("as_of", ["2023-06-30", "2024-05-01"])
def test_a_command_prints_the_same(log: Path, as_of: str):
    """Every metric and measure of every unit and occupation, to the letter."""
    asked = "-m", "cli", "compute", str(log), "--as-of", as_of, "--format", "json", "--measures", "--by", "occupation"
    pure, quick = printed(*asked, **{compiled.PURE: "1"}), printed(*asked)
    assert pure == quick
    assert len(msgspec.json.decode(pure)["rows"]) > 5


def test_only_what_was_made_of_the_sources_as_they_are(copy: Path):
    """A word more in a module, or in one that it relies on, and all is Python; as it was, and all is compiled."""
    assert printed("-c", WHERE, root=copy).endswith(b".so\n")
    assert printed("-c", WHERE, root=copy, **{compiled.PURE: "1"}).endswith(b".py\n")
    for name in (A_MODULE, RELIED_ON):
        before = (copy / name).read_bytes()
        (copy / name).write_bytes(before + b"\n# a word more\n")
        assert printed("-c", WHERE, root=copy).endswith(b".py\n")
        (copy / name).write_bytes(before)
    assert printed("-c", WHERE, root=copy).endswith(b".so\n")


def test_a_new_module_is_no_part_of_an_old_build(copy: Path):
    """Nor is one that was taken away."""
    (copy / A_MODULE).with_name("more.py").write_text('"""More."""\n')
    assert printed("-c", WHERE, root=copy).endswith(b".py\n")


def test_without_a_compiler(copy: Path):
    """It is said in a line, the services run as Python, and that is no failure."""
    shutil.rmtree(copy / compiled.BUILDS.relative_to(ROOT))
    done = run("-m", "services.compiled", root=copy, CC="no-such-compiler")
    said = b"the services run as pure Python: there is no C compiler (no-such-compiler)\n"
    assert (done.returncode, done.stderr) == (0, said)
    assert printed("-c", WHERE, root=copy).endswith(b".py\n")


def test_what_a_build_relies_on_is_part_of_its_name():
    """Whatever of the product a compiled module imports is either compiled or looked at for changes."""
    looked_at = tuple(name.replace("/", ".") for name in compiled.COMPILED + compiled.BESIDE)
    for path in compiled.modules():
        nodes = ast.walk(ast.parse((ROOT / path).read_text("utf-8")))
        names = [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
        ours = [f"{name}." for name in names if name.startswith(("services", "shared", "cli"))]
        assert [name for name in ours if not name.startswith(tuple(f"{one}." for one in looked_at))] == [], path


def test_each_module_that_stays_python_is_there():
    """No name is left of one that is gone."""
    names = {path.name for folder in compiled.COMPILED for path in (ROOT / folder).rglob("*.py")}
    assert names >= compiled.INTERPRETED
