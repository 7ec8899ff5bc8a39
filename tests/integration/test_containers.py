"""What the containers of docker-compose.yml run, run here: from a copy of what the image holds, on real neighbours."""

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest
from aiokafka.admin import AIOKafkaAdminClient

from cli.local.stack import Stack
from cli.local.stack.ports import choose
from shared.contracts import topics
from tests.conftest import Mail, beside, execute
from tests.deployment import PARTS, ROOT, copied
from tests.polling import PATIENCE, until
from tests.services import SERVICES

BIN = Path(sys.executable).parent
"""Where the image has /opt/venv/bin."""


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the image has in /app, and nothing else."""
    folder = tmp_path_factory.mktemp("app")
    for source in copied():
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, folder / source, ignore=shutil.ignore_patterns("__pycache__"))
        elif not source.startswith("requirements/"):
            (folder / source).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / source, folder / source)
    return folder


@pytest.fixture
async def kafka(stack: Stack) -> str:
    """A broker of the test's own, without topics."""
    await stack.start(["kafka"])
    return stack.kafka_bootstrap_servers


@pytest.fixture
async def empty(server: str) -> AsyncIterator[str]:
    """URL of a database that was never migrated."""
    await execute(server, "create database never_migrated")
    yield beside(server, "never_migrated")
    await execute(server, "drop database never_migrated with (force)")


def _environment(part: str, image: Path, local: Mapping[str, str]) -> dict[str, str]:
    """The container's variables as Compose fills them in, those of the neighbours replaced by local ones.

    The files of secrets are those to try it out.
    """
    given = {name: str(value) for name, value in PARTS[part]["environment"].items() if value is not None}
    filled = {name: re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value) for name, value in given.items()}
    secrets = str(ROOT / "deploy" / "local-only-secrets")
    replaced = {name: local.get(name, value.replace("/run/secrets", secrets)) for name, value in filled.items()}
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(image), "PYTHONDONTWRITEBYTECODE": "1", **replaced}


def _command(words: list[str]) -> list[str]:
    return [str(BIN / words[0]), *words[1:]]


async def _run(part: str, image: Path, local: Mapping[str, str]) -> None:
    """Run a job to its end, which must be good."""
    environment = _environment(part, image, local)
    done = await asyncio.create_subprocess_exec(*_command(PARTS[part]["command"]), cwd=image, env=environment)
    assert await asyncio.wait_for(done.wait(), PATIENCE) == 0


async def test_job_topics_creates_the_topics_and_may_run_again(image: Path, kafka: str) -> None:
    """After the job every topic of the contract exists; a second run changes nothing and ends well."""
    await _run("topics", image, {"KAFKA_BOOTSTRAP_SERVERS": kafka})
    await _run("topics", image, {"KAFKA_BOOTSTRAP_SERVERS": kafka})
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        assert {topic.name for topic in topics.ALL} <= set(await admin.list_topics())
    finally:
        await admin.close()


async def test_job_migrations_brings_an_empty_database_up_to_date(image: Path, empty: str) -> None:
    """After the job the services' schemas exist; a second run changes nothing and ends well."""
    await _run("migrations", image, {"DATABASE_URL": empty})
    await _run("migrations", image, {"DATABASE_URL": empty})
    connection = await asyncpg.connect(empty)
    try:
        schemas = {row["nspname"] for row in await connection.fetch("select nspname from pg_namespace")}
    finally:
        await connection.close()
    assert {"metrics", "alerts"} <= schemas


@pytest.mark.parametrize("service", SERVICES)
async def test_service_becomes_healthy_writes_nothing_and_stops_when_told(
    service: str, image: Path, kafka_with_topics: str, postgres: str, smtp: Mail, tmp_path: Path
) -> None:
    """A service started as its container is passes its health check, leaves its folder alone, and ends in time."""
    port = str(choose({service: 0}, {})[service])
    local = {
        "KAFKA_BOOTSTRAP_SERVERS": kafka_with_topics,
        "DATABASE_URL": postgres,
        "SMTP_URL": smtp.url,
        "STADGA_HOST": "127.0.0.1",
        "STADGA_TOKENS_FILE": "",
        f"STADGA_{service.upper()}_PORT": port,
    }
    held = _files(image)
    published = str(PARTS[service]["environment"][f"STADGA_{service.upper()}_PORT"])
    check = [word.replace(published, port) for word in PARTS[service]["healthcheck"]["test"][1:]]
    log = tmp_path / "log"
    async with _running(service, image, local, log) as process:
        await until(lambda: process.returncode is not None or _healthy(_command(check)), f"{service} is healthy: {log}")
        assert process.returncode is None, log.read_text()
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), PATIENCE) in {0, -signal.SIGTERM}
    assert _files(image) == held


@asynccontextmanager
async def _running(service: str, image: Path, local: Mapping[str, str], log: Path) -> AsyncIterator[Process]:
    """The service's process, gone for certain afterwards."""
    command, environment = _command(PARTS[service]["command"]), _environment(service, image, local)
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(*command, cwd=image, env=environment, stderr=output)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def _files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*"))


async def _healthy(check: list[str]) -> bool:
    process = await asyncio.create_subprocess_exec(*check, stderr=subprocess.DEVNULL)
    return await process.wait() == 0
