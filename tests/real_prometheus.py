"""A Prometheus of a test's own, run by the configuration and the rules that ship."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
import yaml

from cli.local.stack import ports
from tests.polling import PATIENCE, until

SHIPPED = Path(__file__).parents[1] / "deploy" / "prometheus"
RULES = SHIPPED / "rules" / "stadga.yml"
OFTEN = "1s"
"""How often it scrapes and judges."""

Found = list[dict[str, Any]]


class Prometheus(NamedTuple):
    """Where it answers. Each question raises AssertionError, with what it says, when it is no expression."""

    url: str
    client: httpx.AsyncClient

    async def now(self, expression: str) -> Found:
        """The series of an instant query."""
        return await self.at(time.time(), expression)

    async def at(self, moment: float, expression: str) -> Found:
        """The same of a moment, in seconds since 1970: several questions about it are about the same samples."""
        found: Found = (await self._ask("/api/v1/query", query=expression, time=str(moment)))["result"]
        return found

    async def over(self, expression: str, first: float, last: float) -> Found:
        """The series of a query over a time, in seconds since 1970, as a panel asks."""
        asked = {"query": expression, "start": str(first), "end": str(last), "step": OFTEN}
        found: Found = (await self._ask("/api/v1/query_range", **asked))["result"]
        return found

    async def values_of(self, label: str, selector: str) -> set[str]:
        """The values of a label, as a variable of a dashboard lists them."""
        return set(await self._ask(f"/api/v1/label/{label}/values", **{"match[]": selector}))

    async def rules(self) -> list[dict[str, Any]]:
        """Every rule with its health and its last error."""
        return [rule for group in (await self._ask("/api/v1/rules"))["groups"] for rule in group["rules"]]

    async def targets(self) -> list[tuple[str, str]]:
        """Job and health of each process it scrapes."""
        active = (await self._ask("/api/v1/targets"))["activeTargets"]
        return sorted((target["labels"]["job"], target["health"]) for target in active)

    async def ready(self) -> bool:
        """Whether it answers yet."""
        try:
            return (await self.client.get(f"{self.url}/-/ready")).is_success
        except httpx.TransportError:
            return False

    async def _ask(self, path: str, **question: str) -> Any:  # noqa: ANN401 -- JSON
        answer = (await self.client.get(self.url + path, params=question)).json()
        assert answer["status"] == "success", answer
        return answer["data"]


def program(name: str) -> str:
    """The path of ``prometheus`` or ``promtool``; fails with what to install."""
    found = shutil.which(name)
    if found is None:
        pytest.fail(f"{name} was not found: install Prometheus (Debian and Ubuntu: apt-get install prometheus)")
    return found


@asynccontextmanager
async def scraping(
    folder: Path, targets: Mapping[str, Sequence[str]], alertmanager: str = ""
) -> AsyncIterator[Prometheus]:
    """A Prometheus that runs by what ships, but looks every second, at these addresses of each job.

    What fires it tells the Alertmanager at this ``host:port``, or nobody.
    """
    port = ports.choose({"port": 0}, {})["port"]
    config = folder / "prometheus.yml"
    config.write_text(yaml.safe_dump(_config(targets, alertmanager)))
    given = {"config.file": config, "storage.tsdb.path": folder / "data", "web.listen-address": f"127.0.0.1:{port}"}
    arguments = [f"--{name}={value}" for name, value in given.items()]
    with (folder / "prometheus.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(program("prometheus"), *arguments, stdout=log, stderr=log)
    try:
        async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
            server = Prometheus(f"http://127.0.0.1:{port}", client)
            await until(server.ready, "Prometheus is ready")
            yield server
    finally:
        process.terminate()
        await process.wait()


def _config(targets: Mapping[str, Sequence[str]], alertmanager: str) -> dict[str, Any]:
    config: dict[str, Any] = yaml.safe_load((SHIPPED / "prometheus.yml").read_text())
    config["global"] = {"scrape_interval": OFTEN, "evaluation_interval": OFTEN}
    config["rule_files"] = [str(SHIPPED / file) for file in config["rule_files"]]
    config["scrape_configs"] = [job for job in config["scrape_configs"] if job["job_name"] in targets]
    [told] = config["alerting"]["alertmanagers"]
    told["static_configs"] = [{"targets": [alertmanager] if alertmanager else []}]
    for job in config["scrape_configs"]:
        job.get("authorization", {}).update(credentials_file=str(SHIPPED / "token"))
        job["static_configs"] = [{"targets": list(targets[job["job_name"]])}]
    return config
