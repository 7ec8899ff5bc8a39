"""A service as a process: whatever ends one of its tasks ends it, with a reason that whoever runs it can read."""

import asyncio
import sys

import pytest

from cli.local.stack import ports
from tests.conftest import here
from tests.polling import PATIENCE


async def ended(module: str, **settings: str) -> tuple[int | None, list[str]]:
    """Exit code and lines of standard error of a process that ends by itself."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, env=here(**settings), stderr=asyncio.subprocess.PIPE
    )
    try:
        _, err = await asyncio.wait_for(process.communicate(), PATIENCE)
    finally:
        if process.returncode is None:
            process.kill()
    return process.returncode, err.decode().splitlines()


@pytest.mark.parametrize(
    ("fault", "line"),
    [
        ("error", "faulty: the task reader has ended: KeyError: 'unit'"),
        ("return", "faulty: the task reader has ended: EndedError: it returned"),
    ],
)
async def test_task_that_ends_ends_the_process(fault: str, line: str) -> None:
    """After an unexpected error, or when it just returns: exit code 1, and the last line says which task and why."""
    port = ports.choose({"faulty": 0}, {})["faulty"]
    code, lines = await ended("tests.fakes.faulty", FAULT=fault, PORT=str(port))
    assert (code, lines[-1]) == (1, line)
    assert any("a task has ended" in one for one in lines)


@pytest.mark.parametrize("service", ["metrics", "alerts"])
async def test_setting_that_no_waiting_mends(service: str) -> None:
    """An address that is none is not waited for: the service ends, and says so."""
    port = ports.choose({"service": 0}, {})["service"]
    settings = {
        "DATABASE_URL": "postgresql://stadga@127.0.0.1:none/stadga",
        f"STADGA_{service.upper()}_PORT": str(port),
    }
    code, lines = await ended(f"services.{service}", **settings)
    assert code == 1
    assert lines[-1].startswith(f"{service}: the task database has ended: ")
