"""An Alertmanager of a test's own, run by the configuration that ships."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
import yaml

from cli.local.stack import ports
from tests.polling import PATIENCE, until

SHIPPED = Path(__file__).parents[1] / "deploy" / "alertmanager"
CONFIG = SHIPPED / "alertmanager.yml"


class Alertmanager(NamedTuple):
    """Where it answers."""

    address: str
    client: httpx.AsyncClient

    async def ready(self) -> bool:
        """Whether it answers yet."""
        try:
            return (await self.client.get(f"http://{self.address}/-/ready")).is_success
        except httpx.TransportError:
            return False

    async def told(self, *labels: dict[str, str]) -> None:
        """Critical alerts with these labels begin, whose names are all they say."""
        since = datetime.now(UTC).isoformat()
        alerts = [
            {"labels": {"severity": "critical"} | own, "startsAt": since, "annotations": {"summary": own["alertname"]}}
            for own in labels
        ]
        (await self.client.post(f"http://{self.address}/api/v2/alerts", json=alerts)).raise_for_status()

    async def held_back(self) -> dict[str, bool]:
        """Each alert by name, and whether another keeps it from being told."""
        found: list[dict[str, Any]] = (await self.client.get(f"http://{self.address}/api/v2/alerts")).json()
        return {one["labels"]["alertname"]: bool(one["status"]["inhibitedBy"]) for one in found}


def program(*names: str) -> str:
    """The path of the first of these that is there; fails with what to install."""
    for name in names:
        if found := shutil.which(name):
            return found
    pytest.fail(f"{names[0]} was not found: install it (Debian and Ubuntu: apt-get install prometheus-alertmanager)")


@asynccontextmanager
async def mailing(folder: Path, smtp: str) -> AsyncIterator[Alertmanager]:
    """One that runs by what ships, but mails through the server at this ``host:port``, and at once."""
    address = f"127.0.0.1:{ports.choose({'port': 0}, {})['port']}"
    config: dict[str, Any] = yaml.safe_load(CONFIG.read_text())
    config["global"]["smtp_smarthost"] = smtp
    config["route"]["group_wait"] = "0s"
    config["templates"] = [str(SHIPPED / name) for name in config["templates"]]
    (folder / "alertmanager.yml").write_text(yaml.safe_dump(config))
    given = {
        "config.file": folder / "alertmanager.yml",
        "storage.path": folder / "alertmanager",
        "web.listen-address": address,
        "cluster.listen-address": "",
    }
    arguments = [f"--{name}={value}" for name, value in given.items()]
    with (folder / "alertmanager.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            program("alertmanager", "prometheus-alertmanager"), *arguments, stdout=log, stderr=log
        )
    try:
        async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
            server = Alertmanager(address, client)
            await until(server.ready, "Alertmanager is ready")
            yield server
    finally:
        process.terminate()
        await process.wait()
