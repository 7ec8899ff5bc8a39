"""What holds persons is for the eyes of its owner."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import private
from cli.connect.running import Running, RunningFile
from cli.local.stack.child import Child, Hold
from cli.main import app
from tests.polling import until

OTHERS = 0o066
"""The rights of others to read or write; root's folders may be passed through."""
EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "anstallningar.csv"


@pytest.fixture
def open_to_all(tmp_path: Path) -> Iterator[Path]:
    """A folder that others may read, and a process that leaves files open to all."""
    before = os.umask(0)
    folder = tmp_path / "there"
    folder.mkdir(0o777)
    yield folder
    os.umask(before)


def exposed(folder: Path) -> list[Path]:
    """The files and folders from ``folder`` on that others may read or write."""
    return [path for path in (folder, *folder.rglob("*")) if path.stat().st_mode & OTHERS]


def test_a_folder_and_its_parents(open_to_all: Path):
    """A folder that is made is closed with every parent made for it; one that is there is closed too."""
    private.folder(open_to_all / "a" / "b")
    private.folder(open_to_all)
    assert exposed(open_to_all) == []
    assert open_to_all.stat().st_mode & 0o700 == 0o700


async def test_what_a_stack_writes(open_to_all: Path):
    """The record of what runs, locks, logs, and whatever a process of the stack writes."""
    home = open_to_all / "home"
    child = Child(home / "run" / "x.lock", home / "logs" / "x.log")
    program = f"import pathlib; pathlib.Path({str(home / 'mail')!r}).write_text('x'); print('said')"
    child.launch([sys.executable, "-c", program], {})
    await until(lambda: not child.alive, "the process has ended")
    RunningFile(home / "stack.json").write("x", Running(1, {}, "", ""))
    Hold(home / "y.lock").take()
    assert {path.name for path in home.rglob("*")} == {"run", "logs", "mail", "x.lock", "x.log", "stack.json", "y.lock"}
    assert exposed(home) == []


def test_what_an_import_writes(open_to_all: Path):
    """Its events and its report name persons."""
    events, report = open_to_all / "events.jsonl", open_to_all / "report.json"
    asked = ["--as-of", "2026-04-01", "--output", str(events), "--report", str(report)]
    CliRunner().invoke(app, ["import", "employments", str(EXAMPLE), *asked], catch_exceptions=False)
    assert [path.stat().st_mode & 0o777 for path in (events, report)] == [0o600, 0o600]


def test_rights_that_were_given_stay(open_to_all: Path):
    """A file that is written anew keeps the rights its owner gave it."""
    file = open_to_all / "events.jsonl"
    file.touch(0o640)
    private.write(file, b"x")
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"x", 0o640)
