"""``stadga up`` as a person runs it."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.connect.running import RunningFile
from cli.local.stack.child import Child
from tests.conftest import here
from tests.polling import PATIENCE, until

STADGA = Path(sys.executable).with_name("stadga")


@pytest.fixture
def running(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """``stadga up --infrastructure`` in an empty folder."""
    command = [STADGA, "up", "--infrastructure"]
    with subprocess.Popen(command, cwd=tmp_path, env=dict(here()), stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def alive(home: Path) -> list[str]:
    """The recorded parts whose process lives."""
    known = RunningFile(home / "stack.json").read()
    return [part for part in known if Child(home / "run" / f"{part}.lock", home / "log").alive]


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
async def test_stops_what_it_started(running: "subprocess.Popen[str]", tmp_path: Path, ending: signal.Signals):
    """A signal to end, also one that comes while parts are starting, stops all of them; that is no failure."""
    home = tmp_path / ".stadga"
    await until(lambda: "postgres" in alive(home), "PostgreSQL has been started")
    running.send_signal(ending)
    assert running.wait(PATIENCE) == 0
    assert alive(home) == []


async def test_brings_back_what_ends(running: "subprocess.Popen[str]", tmp_path: Path):
    """A part that is killed while the stack is up is started again."""
    home = tmp_path / ".stadga"
    await until(lambda: len(alive(home)) == 3, "all parts have been started")
    mailbox = RunningFile(home / "stack.json").read()["mailbox"]
    killed = Child(home / "run" / "mailbox.lock", home / "log")
    killed.pid = mailbox.pid
    killed.send(signal.SIGKILL)
    await until(lambda: RunningFile(home / "stack.json").read()["mailbox"].pid != mailbox.pid, "a new mailbox")
    running.send_signal(signal.SIGINT)
    assert running.wait(PATIENCE) == 0
