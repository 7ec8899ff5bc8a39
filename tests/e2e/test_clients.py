"""A client that a generator makes of the three documents alone: it posts hires, reads values, and reads the alert.

The generator lives in an environment of its own, since it cannot share one with the command line.
"""

import asyncio
import sys
from pathlib import Path

import pytest

from cli.local.stack import Stack
from tests.integration.metering import TODAY, standing
from tests.polling import until

ROOT = Path(__file__).parents[2]
DOCUMENTS = ROOT / "docs" / "openapi"
SERVICES = ("ingest", "metrics", "alerts")
GENERATOR = "openapi-python-client==0.29.1"
CLIENT = Path(__file__).parent / "generated_client.py"
UV = str(Path(sys.executable).parent / "uv")
PLAN = """\
plan: small
settle: 0s
recipients: {hr: {email: hr@kommun.example, language: en}}
targets:
  - {id: leavers, metric: leaver_rate, breach: {above: 0.2}, notify: [hr]}
"""


async def run(*command: str) -> str:
    """What a command prints; fails with all of it if the command does."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=asyncio.subprocess.STDOUT)
    printed, _ = await process.communicate()
    assert process.returncode == 0, printed.decode()
    return printed.decode()


@pytest.fixture(scope="module")
async def clients(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a package for each service; a document of which anything is passed over fails."""
    folder = tmp_path_factory.mktemp("clients")
    generate = (UV, "tool", "run", "--from", GENERATOR, "openapi-python-client", "generate", "--meta", "none")
    for service in SERVICES:
        document = str(DOCUMENTS / f"{service}.json")
        await run(*generate, "--fail-on-warning", "--path", document, "--output-path", str(folder / service))
    return folder


async def test_a_generated_client_posts_hires_and_reads_the_alert(clients: Path, tmp_path: Path):
    """And is told, in structs of its own, what is refused, sent before or misspelt, and of a unit that nobody knows."""
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "plan.yaml").write_text(PLAN)
    async with standing(tmp_path / "stack", STADGA_PLANS=str(tmp_path / "plans")) as stack:
        await stack.start(["mailbox", "ingest", "metrics", "alerts"])
        assert await said(clients, stack, "post") == "20 accepted, 1 refused, 1 sent before, 1 warned of"

        async def alarmed() -> bool:
            return await said(clients, stack, "alert") == "leavers of north: firing"

        await until(alarmed, "the alert of the hires and leavers that were posted")
        assert await said(clients, stack, "unknown") == "404 not_found query.unit north"


async def said(clients: Path, stack: Stack, what: str) -> str:
    """What the client prints, run where it finds nothing of ours."""
    addresses = [stack.address(service) for service in SERVICES]
    needed = [word for name in ("attrs", "httpx", "python-dateutil") for word in ("--with", name)]
    python = (UV, "run", "--quiet", "--no-project", "--python", sys.executable, *needed, "python")
    return (await run(*python, str(CLIENT), str(clients), what, TODAY, *addresses)).strip()
